// A snapshot has a key of its own, so that destroying it forgets the snapshot and leaves its case readable.
import type { CaseId } from "../kernel/ids.ts";

/** The name under which a snapshot's object and key are held, in the place of a case id. Whoever forgets a case forgets its snapshots' names too. */
export function snapshotKey(caseId: CaseId, preservation: string): string {
  return `snapshot:${caseId}:${preservation}`;
}
