// Writes the check of a package as one HTML file that works anywhere, for people who may install nothing.
import { hash } from "node:crypto";
import { readFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";

const here = (name: string) => new URL(`./page/${name}`, import.meta.url);

/** Everything is inside, and the page's own policy lets it fetch nothing. */
export async function verifyPageHtml(): Promise<string> {
  const [html, style, script] = await Promise.all([readFile(here("page.html"), "utf8"), readFile(here("page.css"), "utf8"), bundledScript()]);
  const policy = `default-src 'none'; script-src ${sourceOf(script)}; style-src ${sourceOf(style)}; base-uri 'none'; form-action 'none'`;
  const parts: { readonly [name: string]: string } = { policy, style, script };
  if (!Object.keys(parts).every((name) => html.includes(`{${name}}`))) throw new Error("the page's frame has lost a place for what belongs in it");
  return html.replace(/\{(policy|style|script)\}/g, (_, name: string) => parts[name] ?? "");
}

async function bundledScript(): Promise<string> {
  const built = await build({
    entryPoints: [fileURLToPath(here("form.js"))],
    bundle: true,
    minify: true,
    write: false,
    format: "iife",
    platform: "browser",
    target: "es2024",
    legalComments: "none",
    logLevel: "silent",
  });
  const text = built.outputFiles[0]?.text;
  if (text === undefined) throw new Error("the page's script could not be made");
  // The only two texts that would end or disturb a script inside a page.
  return text.replaceAll("</script", "<\\/script").replaceAll("<!--", "<\\!--");
}

function sourceOf(text: string): string {
  return `'sha256-${hash("sha256", text, "base64")}'`;
}
