// Loads project files as modules that can be loaded again with one of them changed; packages are loaded once.
import { stripTypeScriptTypes } from "node:module";
import { join } from "node:path/posix";
import { pathToFileURL } from "node:url";
import vm from "node:vm";
import { testsModule } from "./collected-tests.ts";
import type { Graph } from "./import-graph.ts";

export interface Library {
  readonly root: string;
  readonly graph: Pick<Graph, "sources" | "imports">;
  readonly stripped: Map<string, string>;
  readonly packages: ReadonlyMap<string, vm.Module>;
}

export interface Shelf {
  readonly library: Library;
  readonly modules: Map<string, vm.Module>;
  /** Above the shelf of unchanged modules: what is loaded anew, since it is the changed file or needs it. */
  readonly anew?: { readonly files: ReadonlySet<string>; readonly file: string; readonly source: string; readonly below: Shelf };
}

export async function openLibrary(root: string, graph: Pick<Graph, "sources" | "imports">): Promise<Library> {
  const wanted = new Set([...graph.imports.values()].flatMap((targets) => [...targets.values()]).filter((target) => !graph.sources.has(target)));
  const packages = new Map<string, vm.Module>();
  for (const target of wanted) {
    const found = await packageModule(target.replace(/^package:/, ""), root).catch(() => undefined);
    if (found !== undefined) packages.set(target, found);
  }
  return { root, graph, stripped: new Map(), packages };
}

export function fileUrl(root: string, file: string): string {
  return pathToFileURL(join(root, file)).href;
}

/** Throws what the modules throw while they load, and a SyntaxError when the changed file is no program. */
export async function load(file: string, shelf: Shelf): Promise<void> {
  const top = moduleOf(file, shelf);
  if (top.status === "unlinked" || top.status === "linked") top.instantiate();
  await top.evaluate();
}

function moduleOf(file: string, shelf: Shelf): vm.SourceTextModule {
  if (shelf.anew !== undefined && !shelf.anew.files.has(file)) return moduleOf(file, shelf.anew.below);
  const known = shelf.modules.get(file);
  if (known !== undefined) return known as vm.SourceTextModule;
  const made = new vm.SourceTextModule(codeOf(file, shelf), moduleOptions(file, shelf));
  shelf.modules.set(file, made);
  made.linkRequests(made.moduleRequests.map(({ specifier }) => neededModule(specifier, file, shelf)));
  return made;
}

function moduleOptions(file: string, { library }: Shelf): vm.SourceTextModuleOptions {
  const path = join(library.root, file);
  const url = fileUrl(library.root, file);
  return { identifier: url, initializeImportMeta: (meta) => Object.assign(meta, { url, filename: path, dirname: join(path, "..") }) };
}

function neededModule(specifier: string, importer: string, shelf: Shelf): vm.Module {
  const { graph, packages } = shelf.library;
  const target = graph.imports.get(importer)?.get(specifier) ?? specifier;
  if (graph.sources.has(target)) return moduleOf(target, shelf);
  const found = packages.get(target);
  if (found === undefined) throw new Error(`${importer} needs ${specifier}, which is not there`);
  return found;
}

function codeOf(file: string, { library, anew }: Shelf): string {
  if (anew?.file === file) return stripTypeScriptTypes(anew.source);
  const known = library.stripped.get(file);
  if (known !== undefined) return known;
  const code = stripTypeScriptTypes(library.graph.sources.get(file) ?? "");
  library.stripped.set(file, code);
  return code;
}

async function packageModule(specifier: string, root: string): Promise<vm.Module> {
  const namespace = specifier === "node:test" ? testsModule : await importFrom(root, specifier);
  const names = Object.keys(namespace);
  const made = new vm.SyntheticModule(names, function fill(this: vm.SyntheticModule) {
    for (const name of names) this.setExport(name, namespace[name]);
  });
  await made.link(() => made);
  await made.evaluate();
  return made;
}

async function importFrom(root: string, specifier: string): Promise<Readonly<Record<string, unknown>>> {
  const url = specifier.startsWith("node:") ? specifier : import.meta.resolve(specifier, pathToFileURL(join(root, "package.json")).href);
  return (await import(url)) as Readonly<Record<string, unknown>>;
}
