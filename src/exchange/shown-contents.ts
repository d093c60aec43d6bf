// Which of the contents that an order must show were found in its XML; what was not found is unknown, never missing.
import type { CasePart } from "./case-part.ts";

/**
 * Ids of the European pack's `contents`. Only what a field of the form says by itself: signature, reasons and offence are
 * words that a person weighs, and an element the desk did not find may stand under a name it does not know.
 */
export function shownContents(
  { paper, authority, subjects, lines }: CasePart,
  { namesEnforcingAuthority }: { readonly namesEnforcingAuthority: boolean },
): string[] {
  const isReachable = authority.name !== undefined && (authority.email !== undefined || authority.phone !== undefined);
  const found: readonly (readonly [id: string, isShown: boolean])[] = [
    ["issued-on", paper.issuedOn !== undefined],
    ["issuing-authority", isReachable],
    ["validating-authority", paper.validatedBy !== undefined],
    ["enforcing-authority", namesEnforcingAuthority],
    ["account", subjects.length > 0 && subjects.every(({ identifiers }) => identifiers.some(({ kind }) => kind !== "other"))],
    ["data-category", lines.length > 0 && subjects.every(({ id }) => lines.some(({ subject }) => subject === id))],
    ["time-range", lines.length > 0 && lines.every(({ from, to }) => from !== undefined && to !== undefined)],
  ];
  return found.filter(([, isShown]) => isShown).map(([id]) => id);
}
