// Keeps every question to the DNS with its answer as evidence, and stops a message from asking without end.
import type { DnsAnswer, DnsRecord, DnsResolver } from "../../app/reading-port.ts";

export interface Recorder {
  readonly resolve: DnsResolver;
  /** In the order they were asked. */
  readonly answers: () => readonly DnsAnswer[];
}

export interface QuestionLimits {
  readonly questions: number;
  readonly questionMs: number;
}

const mostRecords = 100;
const longestAnswer = 64 * 1024;

/** The same question is asked once. Questions past the limit fail with `ETOOMANY`, slow ones with `ETIMEOUT`; both are recorded. */
export function recordAnswers(resolver: DnsResolver, limits: QuestionLimits): Recorder {
  const asked = new Map<string, Promise<readonly unknown[]>>();
  const recorded: DnsAnswer[] = [];

  const ask = async (name: string, type: string): Promise<readonly unknown[]> => {
    const place = recorded.push({ name, type, error: "EUNANSWERED" }) - 1;
    try {
      if (asked.size > limits.questions) throw dnsFailure("ETOOMANY");
      const answers = await withinTime(resolver(name, type), limits.questionMs);
      const records = asRecords(answers);
      recorded[place] = { name, type, answers: records };
      // The verifier sees what is kept, and nothing else.
      return structuredClone(records) as unknown[];
    } catch (error) {
      recorded[place] = { name, type, error: codeOf(error) };
      throw error;
    }
  };

  return {
    resolve: (name, type) => {
      const question = `${type.toUpperCase()} ${name.toLowerCase().replace(/\.$/, "")}`;
      const known = asked.get(question);
      if (known !== undefined) return known.then((answers) => structuredClone(answers));
      // The promise goes into the map before the count is looked at, so that many questions at once are counted too.
      const answer = Promise.resolve().then(() => ask(name.toWellFormed(), type.toUpperCase()));
      asked.set(question, answer);
      return answer;
    },
    answers: () => [...recorded],
  };
}

async function withinTime<Answer>(answer: Promise<Answer>, limitMs: number): Promise<Answer> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(dnsFailure("ETIMEOUT")), limitMs);
  });
  try {
    return await Promise.race([answer, late]);
  } finally {
    clearTimeout(timer);
  }
}

function dnsFailure(code: string): Error {
  return Object.assign(new Error(`the DNS did not answer: ${code}`), { code });
}

function codeOf(error: unknown): string {
  const code = error instanceof Error && "code" in error ? error.code : undefined;
  return typeof code === "string" && /^[A-Z][A-Z0-9_]{1,30}$/.test(code) ? code : "EUNKNOWN";
}

function asRecords(answers: readonly unknown[]): readonly DnsRecord[] {
  if (!Array.isArray(answers) || answers.length > mostRecords) throw dnsFailure("EBADRESP");
  const records = answers.map(asRecord);
  if (JSON.stringify(records).length > longestAnswer) throw dnsFailure("EBADRESP");
  return records;
}

function asRecord(answer: unknown): DnsRecord {
  if (typeof answer === "string") return answer.toWellFormed();
  if (Array.isArray(answer)) return answer.map((piece) => String(piece).toWellFormed());
  if (typeof answer !== "object" || answer === null) throw dnsFailure("EBADRESP");
  const members = Object.entries(answer).filter(
    (member): member is [string, string | number] => typeof member[1] === "string" || typeof member[1] === "number",
  );
  return Object.fromEntries(members.map(([name, value]) => [name, typeof value === "string" ? value.toWellFormed() : value]));
}
