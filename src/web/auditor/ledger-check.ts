// Runs the check of the whole ledger in the background, one at a time, so that a page can show how far it is and stop it.
import type { Desk } from "../../app/desk.ts";
import type { Installation, LedgerCheck } from "../../app/installation.ts";
import { checkReports, type FigureFinding } from "../../app/publish-report.ts";
import type { Instant } from "../../kernel/instant.ts";

export type CheckState =
  | { readonly kind: "never" }
  | { readonly kind: "running"; readonly startedAt: Instant; readonly verified: number; readonly total: number; readonly part: "facts" | "figures" }
  | { readonly kind: "done"; readonly startedAt: Instant; readonly endedAt: Instant; readonly check: LedgerCheck; readonly figures: readonly FigureFinding[] }
  | { readonly kind: "cancelled"; readonly startedAt: Instant; readonly verified: number }
  | { readonly kind: "failed"; readonly startedAt: Instant };

export interface RunningCheck {
  readonly state: () => CheckState;
  /** Does nothing while one is running. Resolves at once; the work goes on. */
  readonly start: (installation: Installation, desk: Desk) => void;
  readonly cancel: () => void;
}

export function ledgerCheck(): RunningCheck {
  let state: CheckState = { kind: "never" };
  let abort = new AbortController();
  const progress = (next: CheckState) => {
    if (!abort.signal.aborted) state = next;
  };
  return {
    state: () => state,
    start(installation, desk) {
      if (state.kind === "running") return;
      abort = new AbortController();
      const startedAt = desk.ports.clock.now();
      state = { kind: "running", startedAt, verified: 0, total: 0, part: "facts" };
      const run = { installation, desk, startedAt, signal: abort.signal, progress };
      void carryOut(run).then(progress, () => progress({ kind: "failed", startedAt }));
    },
    cancel() {
      if (state.kind !== "running") return;
      abort.abort();
      state = { kind: "cancelled", startedAt: state.startedAt, verified: state.verified };
    },
  };
}

interface Run {
  readonly installation: Installation;
  readonly desk: Desk;
  readonly startedAt: Instant;
  readonly signal: AbortSignal;
  readonly progress: (state: CheckState) => void;
}

async function carryOut({ installation, desk, startedAt, signal, progress }: Run): Promise<CheckState> {
  const check = await installation.verifyLedger({
    signal,
    onProgress: (verified, total) => progress({ kind: "running", startedAt, verified, total, part: "facts" }),
  });
  progress({ kind: "running", startedAt, verified: check.size, total: check.size, part: "figures" });
  const figures = check.ok ? await checkReports(desk) : [];
  return { kind: "done", startedAt, endedAt: desk.ports.clock.now(), check, figures };
}
