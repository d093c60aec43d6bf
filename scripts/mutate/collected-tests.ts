// Stands where node:test stands, so that a file's tests can be held and run one by one, as often as needed.
/** The part of node:test's context that judging tests use. */
interface Context {
  readonly name: string;
  readonly diagnostic: () => void;
  readonly plan: () => void;
  readonly skip: (reason?: string) => void;
  readonly todo: () => void;
  readonly test: (...given: readonly unknown[]) => Promise<void>;
}

type Body = (context: Context) => unknown;
type Options = { readonly skip?: boolean | string; readonly todo?: boolean | string };

export interface Test {
  readonly name: string;
  readonly body: Body;
}

class Skipped extends Error {}

let collected: Test[] = [];

/** Gives the tests that were declared since the last call. */
export function takeTests(): readonly Test[] {
  const taken = collected;
  collected = [];
  return taken;
}

/** Rejects when the test fails. */
export async function runTest({ body }: Test): Promise<void> {
  try {
    await body(context);
  } catch (failure) {
    if (!(failure instanceof Skipped)) throw failure;
  }
}

const context: Context = {
  name: "",
  diagnostic: () => {},
  plan: () => {},
  skip: (reason?: string): never => {
    throw new Skipped(reason);
  },
  todo: () => {},
  test: async (...given: readonly unknown[]): Promise<void> => {
    const { options, body } = asked(given);
    if (!isLeftOut(options)) await body?.(context);
  },
};

function asked(given: readonly unknown[]): { readonly name: string; readonly options: Options; readonly body: Body | undefined } {
  const name = given.find((item) => typeof item === "string") ?? "";
  const body = given.find((item) => typeof item === "function") as Body | undefined;
  const options = given.find((item) => typeof item === "object" && item !== null) as Options | undefined;
  return { name, options: options ?? {}, body };
}

function isLeftOut({ skip, todo }: Options): boolean {
  return (skip !== undefined && skip !== false) || (todo !== undefined && todo !== false);
}

function test(...given: readonly unknown[]): void {
  const { name, options, body } = asked(given);
  if (body !== undefined && !isLeftOut(options)) collected.push({ name, body });
}

function describe(...given: readonly unknown[]): unknown {
  const { options, body } = asked(given);
  return isLeftOut(options) ? undefined : body?.(context);
}

function skipped(): void {}

function hook(): never {
  throw new Error("a test with before or after hooks cannot judge a mutation: hooks are not run here");
}

const tests = Object.assign(test, { skip: skipped, todo: skipped, only: test });
const groups = Object.assign(describe, { skip: skipped, todo: skipped, only: describe });

export const testsModule: Readonly<Record<string, unknown>> = {
  default: tests,
  test: tests,
  it: tests,
  describe: groups,
  suite: groups,
  before: hook,
  after: hook,
  beforeEach: hook,
  afterEach: hook,
};
