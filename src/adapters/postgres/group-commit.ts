// Many writers, one disk: requests that arrive while a batch is being made durable go together into the next one.

export interface GroupOptions<Request, Result> {
  /** Carries out a batch; one result a request, in order. A rejection goes to every request of the batch. */
  readonly carryOut: (batch: readonly Request[]) => Promise<readonly Result[]>;
  /** Requests that share a key never share a batch: the later one waits for the next. */
  readonly keysOf: (request: Request) => readonly string[];
  readonly most: number;
  /** Batches under way at once: with two, one fills while the other waits for the disk. */
  readonly lanes: number;
}

interface Waiting<Request, Result> {
  readonly request: Request;
  readonly resolve: (result: Result) => void;
  readonly reject: (reason: unknown) => void;
}

export interface Group<Request, Result> {
  submit(request: Request): Promise<Result>;
  /** Resolves when nothing waits and nothing is under way. */
  drained(): Promise<void>;
}

export function startGroup<Request, Result>(options: GroupOptions<Request, Result>): Group<Request, Result> {
  let queue: Waiting<Request, Result>[] = [];
  const running = new Set<Promise<void>>();
  const run = async (batch: readonly Waiting<Request, Result>[]): Promise<void> => {
    try {
      const results = await options.carryOut(batch.map(({ request }) => request));
      for (const [place, { resolve }] of batch.entries()) resolve(results[place] as Result);
    } catch (error) {
      for (const { reject } of batch) reject(error);
    }
  };
  const start = (): void => {
    while (queue.length > 0 && running.size < options.lanes) {
      const [batch, rest] = choose(queue, options);
      queue = rest;
      const done: Promise<void> = run(batch).finally(() => {
        running.delete(done);
        start();
      });
      running.add(done);
    }
  };
  let isStarting = false;
  return {
    submit: (request) =>
      new Promise((resolve, reject) => {
        queue.push({ request, resolve, reject });
        if (isStarting) return;
        isStarting = true;
        // Requests made in the same turn shall share the first batch.
        setImmediate(() => {
          isStarting = false;
          start();
        });
      }),
    async drained() {
      while (queue.length > 0 || running.size > 0) await (running.size > 0 ? Promise.all(running) : new Promise(setImmediate));
    },
  };
}

function choose<Request, Result>(queue: readonly Waiting<Request, Result>[], { keysOf, most }: GroupOptions<Request, Result>) {
  const [batch, rest]: [Waiting<Request, Result>[], Waiting<Request, Result>[]] = [[], []];
  const taken = new Set<string>();
  for (const waiting of queue) {
    const keys = keysOf(waiting.request);
    const isFree = batch.length < most && !keys.some((key) => taken.has(key));
    // Keys of those who wait are taken too, so that nobody overtakes them.
    for (const key of keys) taken.add(key);
    (isFree ? batch : rest).push(waiting);
  }
  return [batch, rest] as const;
}
