// Says which of the contents that the policy asks of every request a reading lacks (KDRP-2 and KDRP-3).
import type { PolicyPack } from "../../policy/pack.ts";
import type { RequestReading } from "./details.ts";

type RequiredContent = PolicyPack["requiredContents"][number];

/** The required contents that are missing, in the order of the policy. A second reading of a date still counts as a date. */
export function missingContents(reading: RequestReading, required: readonly RequiredContent[], senderIsGovernment: boolean): RequiredContent[] {
  return required.filter(({ id }) => !isThere(id, reading, senderIsGovernment));
}

function isThere(id: RequiredContent["id"], reading: RequestReading, senderIsGovernment: boolean): boolean {
  switch (id) {
    case "agency":
      return reading.agency !== undefined;
    case "matter":
      return reading.matter !== undefined;
    case "workspace":
      return reading.workspaces.length > 0;
    case "account":
      return reading.subjects.some(({ value }) => value.kind === "account");
    case "date-range":
      return reading.dateRange !== undefined;
    case "data-type":
      return reading.dataTypes.length > 0;
    case "officer-contact":
      return isReachable(reading.officer?.value);
    case "government-mailbox":
      return senderIsGovernment;
    default:
      return id satisfies never;
  }
}

/** Full contact details: a name, and both a telephone and a mailbox or address to answer to. */
function isReachable(officer: NonNullable<RequestReading["officer"]>["value"] | undefined): boolean {
  if (officer?.name === undefined || officer.phone === undefined) return false;
  return officer.email !== undefined || officer.address !== undefined;
}
