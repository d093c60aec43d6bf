// The newest confirmed details of a request, and what intake knows before a person has looked.
import { oncePerHistory, type History } from "../decision.ts";
import type { DetailsConfirmed, MessageRead, ReadingProposed, RequestReceived } from "./events.ts";

export interface Intake {
  readonly received?: RequestReceived;
  readonly message?: MessageRead;
  readonly reading?: ReadingProposed;
  readonly details?: DetailsConfirmed;
  readonly acknowledged: boolean;
  readonly duplicates: number;
  /** Revision of the details for which missing contents were asked; 0 before any were confirmed. */
  readonly askedMissingAt?: number;
}

export const intakeOf = oncePerHistory(readIntake);

/** Revision of the newest details; 0 before any were confirmed. */
export function revisionOf(history: History): number {
  return intakeOf(history).details?.revision ?? 0;
}

function readIntake(history: History): Intake {
  let intake: Intake = { acknowledged: false, duplicates: 0 };
  for (const { fact } of history) intake = evolve(intake, fact);
  return intake;
}

function evolve(intake: Intake, fact: History[number]["fact"]): Intake {
  switch (fact.type) {
    case "RequestReceived":
      return { ...intake, received: fact };
    case "MessageRead":
      return { ...intake, message: fact };
    case "ReadingProposed":
      return { ...intake, reading: fact };
    case "DetailsConfirmed":
      return { ...intake, details: fact };
    case "RequestAcknowledged":
      return { ...intake, acknowledged: true };
    case "DuplicateArrived":
      return { ...intake, duplicates: intake.duplicates + 1 };
    case "MissingContentsAsked":
      return { ...intake, askedMissingAt: intake.details?.revision ?? 0 };
    default:
      return intake;
  }
}
