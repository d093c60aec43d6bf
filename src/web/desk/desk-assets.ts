// Lists every file the desk's own pages may load beside the shared look: this list is all that is ever handed out.
import { fileURLToPath } from "node:url";
import { build } from "esbuild";

export interface DeskAsset {
  readonly file: string;
  /** Written as one script with everything it imports. */
  readonly bundled?: true;
  readonly type: "text/css; charset=utf-8" | "text/javascript; charset=utf-8";
}

const own = (name: string) => fileURLToPath(new URL(`./assets/${name}`, import.meta.url));

/** The browser's half of the passkey library, file by file as its modules import each other. */
const webauthn = [
  "methods/startAuthentication.js",
  "methods/startRegistration.js",
  "helpers/base64URLStringToBuffer.js",
  "helpers/browserSupportsWebAuthn.js",
  "helpers/browserSupportsWebAuthnAutofill.js",
  "helpers/bufferToBase64URLString.js",
  "helpers/getBrowserCapabilities.js",
  "helpers/identifyAuthenticationError.js",
  "helpers/identifyRegistrationError.js",
  "helpers/isValidDomain.js",
  "helpers/toAuthenticatorAttachment.js",
  "helpers/toPublicKeyCredentialDescriptor.js",
  "helpers/webAuthnAbortService.js",
  "helpers/webAuthnError.js",
] as const;

const library = (name: string) => fileURLToPath(new URL(`./${name}`, import.meta.resolve("@simplewebauthn/browser")));

/** Path below `/desk/assets/` → file. */
export const deskAssets: ReadonlyMap<string, DeskAsset> = new Map<string, DeskAsset>([
  ["desk.css", { file: own("desk.css"), type: "text/css; charset=utf-8" }],
  ["approval.js", { file: own("approval.js"), type: "text/javascript; charset=utf-8", bundled: true }],
  ["draw-region.js", { file: own("draw-region.js"), type: "text/javascript; charset=utf-8" }],
  ["passkey.js", { file: own("passkey.js"), type: "text/javascript; charset=utf-8" }],
  ...webauthn.map((name) => [`webauthn/${name}`, { file: library(name), type: "text/javascript; charset=utf-8" }] as const),
]);

const bundles = new Map<string, Promise<string>>();

/** Made when it is first asked for: the script runs the same module in the browser that the desk runs here. */
export function bundleOf(file: string): Promise<string> {
  const made = bundles.get(file) ?? bundle(file);
  bundles.set(file, made);
  return made;
}

async function bundle(file: string): Promise<string> {
  const { outputFiles } = await build({
    entryPoints: [file],
    bundle: true,
    write: false,
    format: "esm",
    platform: "browser",
    target: "es2024",
    minify: true,
    legalComments: "none",
    logLevel: "silent",
  });
  return outputFiles[0]?.text ?? "";
}
