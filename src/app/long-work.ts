// Work that takes longer than a page may wait: it runs in this process, tells how far it is, and ends at a word.
import type { CaseId } from "../kernel/ids.ts";
import type { Desk } from "./desk.ts";
import type { Progress, Watch } from "./watched-work.ts";

export type WorkKind = "check" | "seal";

export interface WorkName {
  readonly desk: Pick<Desk, "id">;
  readonly caseId: CaseId;
  readonly kind: WorkKind;
}

export interface LongWork {
  progress(): Progress;
  isStopping(): boolean;
  /** It ends soon after, between two records. */
  stop(): void;
  /** Whether it has ended, waiting so long at most. */
  endsWithin(milliseconds: number): Promise<boolean>;
  /** What came of it: settles as the work did. */
  readonly outcome: Promise<unknown>;
}

const all = new Map<string, LongWork>();

function keyOf({ desk, caseId, kind }: WorkName): string {
  return `${desk.id}/${caseId}/${kind}`;
}

/** Starts the work unless it is under way: then that one is given. What came of an earlier one is forgotten. */
export async function startWork(name: WorkName, run: (watch: Watch) => Promise<unknown>): Promise<LongWork> {
  const known = all.get(keyOf(name));
  if (known !== undefined && !(await known.endsWithin(0))) return known;
  const work = begin(run);
  all.set(keyOf(name), work);
  return work;
}

function begin(run: (watch: Watch) => Promise<unknown>): LongWork {
  const stopper = new AbortController();
  let progress: Progress = { records: 0, bytes: 0 };
  const outcome = run({ signal: stopper.signal, onProgress: (now) => (progress = now) });
  const ended = outcome.then(
    () => true,
    () => true,
  );
  return {
    progress: () => progress,
    isStopping: () => stopper.signal.aborted,
    stop: () => stopper.abort(),
    endsWithin: (milliseconds) => Promise.race([ended, after(milliseconds)]),
    outcome,
  };
}

function after(milliseconds: number): Promise<false> {
  return new Promise((resolve) => setTimeout(() => resolve(false), milliseconds).unref());
}

/** The work that is under way, or that has ended and that nobody has looked at since. */
export function findWork(name: WorkName): LongWork | undefined {
  return all.get(keyOf(name));
}

/** Somebody has seen what came of it. */
export function forgetWork(name: WorkName): void {
  all.delete(keyOf(name));
}

/** Ends everything that is under way, before the desk closes. */
export async function stopAllWork(): Promise<void> {
  const left = [...all.values()];
  all.clear();
  for (const work of left) work.stop();
  await Promise.allSettled(left.map(({ outcome }) => outcome));
}
