// Holds a bag against the rules of BagIt (RFC 8493 and version 0.97 before it): complete, unchanged, and no path that leads outside.

export interface BagFinding {
  /** A `note` leaves the bag valid. */
  readonly severity: "fault" | "note";
  readonly code:
    | "NO_DECLARATION"
    | "BAD_DECLARATION"
    | "NO_MANIFEST"
    | "UNKNOWN_ALGORITHM"
    | "BAD_MANIFEST_LINE"
    | "UNSAFE_PATH"
    | "LISTED_TWICE"
    | "NOT_LISTED"
    | "MISSING"
    | "CHANGED"
    | "WRONG_SUM"
    | "NO_PAYLOAD"
    | "OTHER_SPELLING";
  readonly where: string;
  readonly what: string;
}

/** A file as it is: its size and its digests by algorithm (`sha256` → lower-case hexadecimal). */
export interface SeenFile {
  readonly bytes: number;
  readonly digests: { readonly [algorithm: string]: string };
}

export interface SeenBag {
  readonly files: ReadonlyMap<string, SeenFile>;
  /** The text of `bagit.txt`, `bag-info.txt`, `fetch.txt` and the manifests, decoded as `bagit.txt` says, with its byte order mark kept. */
  readonly tags: ReadonlyMap<string, string>;
}

export interface BagDeclaration {
  readonly version: "0.93" | "0.94" | "0.95" | "0.96" | "0.97" | "1.0";
  readonly encoding: string;
}

const versions = ["0.93", "0.94", "0.95", "0.96", "0.97", "1.0"] as const;

/** What `bagit.txt` says, or none when it does not say it in the prescribed form. */
export function readBagDeclaration(text: string): BagDeclaration | undefined {
  const [, stated, encoding] = /^BagIt-Version: (\d+\.\d+)\r?\n?Tag-File-Character-Encoding: ([A-Za-z0-9._-]+)\s*$/.exec(text) ?? [];
  const version = versions.find((known) => known === stated);
  return version === undefined || encoding === undefined ? undefined : { version, encoding };
}

/** The encoding of a tag file's bytes: what `bagit.txt` states, and for UTF-16 the order its first two bytes show. */
export function tagEncoding(stated: string, bytes: Uint8Array): string {
  return /^utf-?16$/i.test(stated) && bytes[0] === 0xfe && bytes[1] === 0xff ? "utf-16be" : stated;
}

/** The algorithm of a manifest's name (`manifest-sha256.txt` → `sha256`); none for any other file. */
export function manifestAlgorithm(path: string): string | undefined {
  return /^(?:tag)?manifest-([a-z0-9]+)\.txt$/.exec(path)?.[1];
}

/** Every finding; the bag is valid when none is a fault. Only algorithms for which the files carry digests can be checked. */
export function checkBag(bag: SeenBag): BagFinding[] {
  const text = bag.tags.get("bagit.txt");
  if (text === undefined) return [fault("NO_DECLARATION", "bagit.txt", "The file that makes a folder a bag is missing.")];
  const declaration = readBagDeclaration(text);
  if (declaration === undefined) return [fault("BAD_DECLARATION", "bagit.txt", "The declaration is not in the form BagIt prescribes.")];
  const payloadLists = manifests(bag, "manifest-", declaration);
  const tagLists = manifests(bag, "tagmanifest-", declaration);
  return [
    ...payloadFolder(bag),
    ...(payloadLists.length === 0 ? [fault("NO_MANIFEST", "manifest-sha256.txt", "No manifest lists the payload.")] : []),
    ...[...payloadLists, ...tagLists].flatMap((list) => [...list.findings, ...compare(list, bag)]),
    ...unlisted(bag, payloadLists, declaration),
    ...fetchPaths(bag),
    ...payloadSum(bag),
  ];
}

interface Manifest {
  readonly path: string;
  readonly algorithm: string;
  readonly entries: ReadonlyMap<string, string>;
  readonly findings: readonly BagFinding[];
}

function manifests(bag: SeenBag, prefix: string, declaration: BagDeclaration): Manifest[] {
  return [...bag.tags]
    .filter(([path]) => path.startsWith(prefix) && manifestAlgorithm(path) !== undefined)
    .map(([path, text]) => readManifest(path, text, declaration));
}

function readManifest(path: string, text: string, declaration: BagDeclaration): Manifest {
  const entries = new Map<string, string>();
  const findings: BagFinding[] = [];
  for (const [index, line] of text
    .replace(/^\uFEFF/, "")
    .split(/\r\n|\n|\r/)
    .entries()) {
    if (line.trim() === "") continue;
    const [, digest, star, listed] = /^([0-9A-Fa-f]+)[ \t]+(\*?)(.+)$/.exec(line) ?? [];
    if (digest === undefined || listed === undefined) {
      findings.push(fault("BAD_MANIFEST_LINE", `${path}:${index + 1}`, "The line is not a digest and a path."));
      continue;
    }
    const file = decodePath(listed.replace(/^(?:\.\/)+/, ""));
    if (star === "*" || listed.startsWith("./"))
      findings.push(note("OTHER_SPELLING", `${path}:${index + 1}`, "The path is written as checksum tools write it, not as BagIt does."));
    const before = entries.get(file);
    if (isUnsafe(file)) findings.push(fault("UNSAFE_PATH", `${path}:${index + 1}`, "The path leads outside the bag."));
    else if (before !== undefined) findings.push(twice(before === digest.toLowerCase() && declaration.version !== "1.0", `${path}:${index + 1}`));
    if (!isUnsafe(file)) entries.set(file, digest.toLowerCase());
  }
  return { path, algorithm: manifestAlgorithm(path) ?? "", entries, findings };
}

function twice(harmless: boolean, where: string): BagFinding {
  const what = "The manifest lists this file twice.";
  return harmless ? note("LISTED_TWICE", where, what) : fault("LISTED_TWICE", where, what);
}

function decodePath(path: string): string {
  return path.replace(/%(25|0D|0A)/gi, (_, code: string) => (code === "25" ? "%" : code.toUpperCase() === "0D" ? "\r" : "\n"));
}

/** Absolute, home, drive, share and parent paths: on any system. */
function isUnsafe(path: string): boolean {
  return (
    /^(?:[/\\~%]|[A-Za-z]:)/.test(path) ||
    path.includes("\\") ||
    path.includes("\u0000") ||
    path.split("/").some((part) => part === ".." || part === "." || part === "")
  );
}

function compare(list: Manifest, bag: SeenBag): BagFinding[] {
  return [...list.entries].flatMap(([path, digest]) => {
    const file = bag.files.get(path);
    if (file === undefined) return [absent(path, bag)];
    const seen = file.digests[list.algorithm];
    if (seen === undefined) return [fault("UNKNOWN_ALGORITHM", list.path, `\`${list.algorithm}\` was not computed, so the list proves nothing.`)];
    return seen === digest ? [] : [fault("CHANGED", path, `The file is not the one ${list.path} lists.`)];
  });
}

function absent(path: string, bag: SeenBag): BagFinding {
  const folded = fold(path);
  const other = [...bag.files.keys()].some((candidate) => fold(candidate) === folded);
  return other
    ? note("OTHER_SPELLING", path, "The file is there under a name that differs in case or accents only.")
    : fault("MISSING", path, "The file is listed and missing.");
}

function fold(path: string): string {
  return path.normalize("NFC").toLowerCase();
}

/** BagIt 1.0 wants every payload file in every manifest; before, in one. */
function unlisted(bag: SeenBag, lists: readonly Manifest[], declaration: BagDeclaration): BagFinding[] {
  const names = lists.map((list) => new Set([...list.entries.keys()].map(fold)));
  if (names.length === 0) return [];
  const listed = (path: string) => (declaration.version === "1.0" ? names.every((set) => set.has(fold(path))) : names.some((set) => set.has(fold(path))));
  return [...bag.files.keys()]
    .filter((path) => path.startsWith("data/") && !listed(path))
    .map((path) => fault("NOT_LISTED", path, "The file is in the payload and not in every manifest."));
}

function payloadFolder(bag: SeenBag): BagFinding[] {
  return [...bag.files.keys()].some((path) => path.startsWith("data/")) ? [] : [fault("NO_PAYLOAD", "data/", "The bag holds no payload.")];
}

function fetchPaths(bag: SeenBag): BagFinding[] {
  const lines = (bag.tags.get("fetch.txt") ?? "").split(/\r\n|\n|\r/).filter((line) => line.trim() !== "");
  return lines.flatMap((line, index) => {
    const path = /^\S+[ \t]+\S+[ \t]+(.+)$/.exec(line)?.[1];
    if (path === undefined) return [fault("BAD_MANIFEST_LINE", `fetch.txt:${index + 1}`, "The line is not an address, a length and a path.")];
    return isUnsafe(path.replace(/^(?:\.\/)+/, "")) ? [fault("UNSAFE_PATH", `fetch.txt:${index + 1}`, "The path leads outside the bag.")] : [];
  });
}

function payloadSum(bag: SeenBag): BagFinding[] {
  const stated = /^Payload-Oxum\s*:\s*(\d+)\.(\d+)\s*$/im.exec(bag.tags.get("bag-info.txt") ?? "");
  if (stated === null) return [];
  const payload = [...bag.files].filter(([path]) => path.startsWith("data/")).map(([, file]) => file.bytes);
  const bytes = payload.reduce((sum, size) => sum + size, 0);
  if (Number(stated[1]) === bytes && Number(stated[2]) === payload.length) return [];
  return [fault("WRONG_SUM", "bag-info.txt", `Payload-Oxum says ${stated[1]}.${stated[2]}; the payload is ${bytes}.${payload.length}.`)];
}

function fault(code: BagFinding["code"], where: string, what: string): BagFinding {
  return { severity: "fault", code, where, what };
}

function note(code: BagFinding["code"], where: string, what: string): BagFinding {
  return { severity: "note", code, where, what };
}
