// Keeps two judges at work; one that does not answer in time is ended and replaced.
import { fork, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import type { Answer, Order } from "./messages.ts";

export type Given = Answer | { readonly answer: "timed-out" } | { readonly answer: "died" };

export interface Task {
  readonly order: Order;
  readonly limitMs: number;
  readonly done: (given: Given) => void;
}

export interface Employment {
  readonly judges: number;
  readonly prepare: Order;
  /** Flags of the judges' engine. */
  readonly flags?: readonly string[];
  readonly isOver: () => boolean;
}

const prepareLimitMs = 60_000;
const mostMemoryBytes = 900_000_000;

/** Takes tasks from the front until none is left or `isOver` says so. Throws when a judge cannot even be prepared. */
export async function employ(tasks: readonly Task[], employment: Employment): Promise<void> {
  const waiting = [...tasks].toReversed();
  await Promise.all(Array.from({ length: Math.min(employment.judges, tasks.length) }, () => work(waiting, employment)));
}

interface Judge {
  readonly child: ChildProcess;
}

/** A judge caught in an endless mutation would outlive us. */
const living = new Set<ChildProcess>();
process.on("exit", () => living.forEach((child) => child.kill("SIGKILL")));

async function work(waiting: Task[], employment: Employment): Promise<void> {
  const next = (): Task | undefined => (employment.isOver() ? undefined : waiting.pop());
  let judge: Judge | undefined;
  try {
    for (let task = next(); task !== undefined; task = next()) {
      judge ??= await appoint(employment, task.order);
      const given = await ask(judge.child, task.order, task.limitMs);
      task.done(given);
      if (isSpent(given)) judge = await dismiss(judge);
    }
  } finally {
    if (judge !== undefined) await dismiss(judge);
  }
}

function isSpent(given: Given): boolean {
  return given.answer === "timed-out" || given.answer === "died" || ("memoryBytes" in given && given.memoryBytes > mostMemoryBytes);
}

async function appoint({ prepare, flags = [] }: Employment, first: Order): Promise<Judge> {
  const child = fork(new URL("./judge.ts", import.meta.url), {
    execArgv: ["--experimental-vm-modules", "--experimental-import-meta-resolve", "--disable-warning=ExperimentalWarning", ...flags],
    env: { ...process.env, PROPERTY_RUNS: process.env["PROPERTY_RUNS"] ?? "60", PROPERTY_CASES: process.env["PROPERTY_CASES"] ?? "400" },
    serialization: "advanced",
    stdio: ["ignore", "ignore", "ignore", "ipc"],
  });
  living.add(child.once("exit", () => living.delete(child)));
  const files = first.order === "judge" ? [...new Set(first.tests.map(({ file }) => file))] : [];
  for (const order of [prepare, { order: "warm", files }] satisfies readonly Order[]) {
    const given = await ask(child, order, prepareLimitMs);
    if (given.answer === "prepared" || given.answer === "warm") continue;
    await dismiss({ child });
    throw new Error(`a judge could not be prepared: ${JSON.stringify(given)}`);
  }
  return { child };
}

async function dismiss({ child }: Judge): Promise<undefined> {
  if (child.exitCode === null && child.signalCode === null) {
    const gone = once(child, "exit");
    child.kill("SIGKILL");
    await gone;
  }
  return undefined;
}

function ask(child: ChildProcess, order: Order, limitMs: number): Promise<Given> {
  return new Promise((resolve) => {
    const settle = (given: Given): void => {
      clearTimeout(timer);
      child.off("message", heard).off("exit", died);
      resolve(given);
    };
    const heard = (given: unknown): void => settle(given as Answer);
    const died = (): void => settle({ answer: "died" });
    const timer = setTimeout(() => settle({ answer: "timed-out" }), limitMs);
    child.on("message", heard).on("exit", died);
    child.send(order, (failure) => (failure === null ? undefined : settle({ answer: "died" })));
  });
}
