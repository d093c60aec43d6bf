// One way to write a value as text (RFC 8785), so that the same fact always has the same hash.

export type Json = null | boolean | number | string | readonly Json[] | { readonly [name: string]: Json | undefined };

/** RFC 8785 text: members sorted by UTF-16 code units, no white space, undefined members left out. Throws on NaN, infinities and lone surrogates. */
export function canonicalJson(value: Json): string {
  if (value === null || typeof value === "boolean") return String(value);
  if (typeof value === "number") return canonicalNumber(value);
  if (typeof value === "string") return canonicalString(value);
  if (Array.isArray(value)) return `[${value.map((item) => canonicalJson(item as Json)).join(",")}]`;
  return canonicalObject(value as { readonly [name: string]: Json | undefined });
}

// A plain loop, because every fact that is recorded or checked passes through here.
function canonicalObject(value: { readonly [name: string]: Json | undefined }): string {
  let members = "";
  for (const name of Object.keys(value).sort()) {
    const member = value[name];
    if (member === undefined) continue;
    members += `${members === "" ? "" : ","}${canonicalString(name)}:${canonicalJson(member)}`;
  }
  return `{${members}}`;
}

function canonicalNumber(value: number): string {
  if (!Number.isFinite(value)) throw new RangeError("a number in the ledger must be finite");
  return JSON.stringify(value);
}

function canonicalString(value: string): string {
  if (!value.isWellFormed()) throw new RangeError("text in the ledger must be well-formed Unicode");
  return JSON.stringify(value);
}
