// The chain of custody in the words that forensic tools share (CASE and UCO, as JSON-LD): who took what from where, by which paper, and what came of it.
import type { BagFile, BagFiles } from "./bag.ts";
import type { Declared } from "./papers.ts";

export interface Custody extends Pick<Declared, "custodian" | "organisation" | "declaredAt" | "scope" | "plan"> {
  readonly packagedAt: string;
  /** The payload as far as it was written before this paper. */
  readonly payload: BagFiles;
  /** A UUID that is always the same for the same words. */
  readonly uuidOf: (words: string) => string;
}

type Node = { readonly "@id": string; readonly "@type": string; readonly [member: string]: unknown };

const context = {
  "@vocab": "https://portcullis.invalid/local#",
  kb: "https://portcullis.invalid/package/",
  "case-investigation": "https://ontology.caseontology.org/case/investigation/",
  "uco-action": "https://ontology.unifiedcyberontology.org/uco/action/",
  "uco-core": "https://ontology.unifiedcyberontology.org/uco/core/",
  "uco-identity": "https://ontology.unifiedcyberontology.org/uco/identity/",
  "uco-observable": "https://ontology.unifiedcyberontology.org/uco/observable/",
  "uco-tool": "https://ontology.unifiedcyberontology.org/uco/tool/",
  "uco-types": "https://ontology.unifiedcyberontology.org/uco/types/",
  xsd: "http://www.w3.org/2001/XMLSchema#",
} as const;

/** More files than this are named by the manifest alone: the papers and records come first. */
const mostFiles = 2000;

/** `data/chain-of-custody.jsonld`. It names the custodian and the organisation and no other person. */
export function custodyText(custody: Custody): string {
  return `${JSON.stringify({ "@context": context, "@graph": graphOf(custody) }, null, 1)}\n`;
}

function graphOf(custody: Custody): Node[] {
  const id = (kind: string, words = "") => ({ "@id": `kb:${kind}-${custody.uuidOf(`${custody.scope.caseId}\n${kind}\n${words}`)}` });
  const ids = {
    investigation: id("investigation"),
    paper: id("authorization"),
    custodian: id("person"),
    organisation: id("organization"),
    tool: id("tool"),
    collected: id("investigative-action", "collect"),
    packed: id("investigative-action", "package"),
    held: id("provenance-record", "held"),
    produced: id("provenance-record", "produced"),
  };
  const files = namedFiles(custody.payload).map((file) => fileNode(file, id, custody.packagedAt));
  const sources = [...new Set(custody.plan.reads.map((read) => read.source))].map((source): Node => ({
    ...id("source", source),
    "@type": "uco-core:UcoObject",
    "uco-core:name": source,
    "uco-core:description": "A system of the organisation that holds records, read through the planned reads and never written.",
  }));
  return [
    {
      ...ids.investigation,
      "@type": "case-investigation:Investigation",
      "uco-core:name": custody.scope.caseId,
      "case-investigation:relevantAuthorization": ids.paper,
      "uco-core:object": [ids.held, ids.produced],
    },
    {
      ...ids.paper,
      "@type": "case-investigation:Authorization",
      "case-investigation:authorizationType": custody.scope.instrument,
      "case-investigation:authorizationIdentifier": custody.scope.caseId,
    },
    { ...ids.organisation, "@type": "uco-identity:Organization", "uco-core:name": custody.organisation },
    { ...ids.custodian, "@type": "uco-identity:Person", "uco-core:name": custody.custodian, "uco-core:description": "Custodian of records" },
    { ...ids.tool, "@type": "uco-tool:Tool", "uco-core:name": "Portcullis", "uco-tool:toolType": "Production of records" },
    ...sources,
    action(ids.collected, {
      name: "collected",
      performer: ids.custodian,
      tool: ids.tool,
      at: custody.declaredAt,
      object: sources.map(idOf),
      result: [ids.held],
    }),
    action(ids.packed, {
      name: "checked and packaged",
      performer: ids.custodian,
      tool: ids.tool,
      at: custody.packagedAt,
      object: [ids.held],
      result: [ids.produced, ...files.map(idOf)],
    }),
    {
      ...ids.held,
      "@type": "case-investigation:ProvenanceRecord",
      "uco-core:description": "Records as the sources gave them, within the plan",
      "uco-core:object": sources.map(idOf),
    },
    {
      ...ids.produced,
      "@type": "case-investigation:ProvenanceRecord",
      "case-investigation:exhibitNumber": custody.scope.caseId,
      "uco-core:description": producedWords(custody.payload),
      "uco-core:object": files.map(idOf),
    },
    ...files,
  ];
}

function producedWords({ count }: BagFiles): string {
  const more = count - mostFiles;
  return more <= 0 ? "Files of the package" : `Files of the package; ${more} further original files stand in manifest-sha256.txt with their digests`;
}

function namedFiles(payload: BagFiles): readonly BagFile[] {
  if (payload.count <= mostFiles) return [...payload];
  const [papers, originals]: [BagFile[], BagFile[]] = [[], []];
  for (const file of payload) {
    const list = file.path.startsWith("data/files/") ? originals : papers;
    if (list.length < mostFiles) list.push(file);
  }
  return [...papers, ...originals].slice(0, mostFiles);
}

function idOf(node: Node): { readonly "@id": string } {
  return { "@id": node["@id"] };
}

interface Done {
  readonly name: string;
  readonly performer: object;
  readonly tool: object;
  readonly at: string;
  readonly object: readonly object[];
  readonly result: readonly object[];
}

function action(id: { readonly "@id": string }, { name, performer, tool, at, object, result }: Done): Node {
  return {
    ...id,
    "@type": "case-investigation:InvestigativeAction",
    "uco-core:name": name,
    "uco-action:endTime": { "@type": "xsd:dateTime", "@value": at },
    "uco-action:performer": performer,
    "uco-action:instrument": [tool],
    "uco-action:object": object,
    "uco-action:result": result,
  };
}

function fileNode(file: BagFile, id: (kind: string, words?: string) => { readonly "@id": string }, at: string): Node {
  return {
    ...id("file", file.path),
    "@type": "uco-observable:File",
    "uco-core:hasFacet": [
      {
        ...id("file-facet", file.path),
        "@type": "uco-observable:FileFacet",
        "uco-observable:fileName": file.path.slice(file.path.lastIndexOf("/") + 1),
        "uco-observable:filePath": file.path,
        "uco-observable:isDirectory": false,
        "uco-observable:sizeInBytes": file.bytes,
        "uco-observable:observableCreatedTime": { "@type": "xsd:dateTime", "@value": at },
      },
      {
        ...id("content-data-facet", file.path),
        "@type": "uco-observable:ContentDataFacet",
        "uco-observable:sizeInBytes": file.bytes,
        "uco-observable:hash": [
          {
            ...id("hash", file.path),
            "@type": "uco-types:Hash",
            "uco-types:hashMethod": "SHA256",
            "uco-types:hashValue": { "@type": "xsd:hexBinary", "@value": file.sha256 },
          },
        ],
      },
    ],
  };
}
