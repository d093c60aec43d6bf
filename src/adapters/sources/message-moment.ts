// Says when a message was received or sent, from its header alone, so that only messages inside a range are taken apart.
import { type Instant, instant } from "../../kernel/instant.ts";

export interface MessageMoment {
  readonly at: Instant;
  /** The mailbox's own server wrote the first Received line; the Date is what the sender said. */
  readonly by: "received" | "sent";
}

const longestHeader = 256 * 1024;

/** The moment of the first Received line; where there is none that can be read, of the Date. */
export function momentOfMessage(raw: Buffer): MessageMoment | undefined {
  const header = raw.toString("latin1", 0, longestHeader).split(/\r?\n\r?\n/, 1)[0] ?? "";
  const lines = header.replaceAll(/\r?\n[ \t]+/g, " ").split(/\r?\n/);
  const valueOf = (name: string) => lines.find((line) => line.toLowerCase().startsWith(`${name}:`))?.slice(name.length + 1);
  const received = mailMoment(valueOf("received")?.split(";").at(-1) ?? "");
  if (received !== undefined) return { at: received, by: "received" };
  const sent = mailMoment(valueOf("date") ?? "");
  return sent === undefined ? undefined : { at: sent, by: "sent" };
}

const months = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];
const zones: { readonly [name: string]: string } = {
  ut: "+00:00",
  utc: "+00:00",
  gmt: "+00:00",
  z: "+00:00",
  est: "-05:00",
  edt: "-04:00",
  cst: "-06:00",
  cdt: "-05:00",
  mst: "-07:00",
  mdt: "-06:00",
  pst: "-08:00",
  pdt: "-07:00",
};
const form = /^(?:[a-z]{3,9},? +)?(\d{1,2})[ -]([a-z]{3})[a-z]*[ -](\d{2}|\d{4}) +(\d{1,2}):(\d\d)(?::(\d\d))? *([+-]\d{4}|[a-z]{1,4})$/i;

/** RFC 5322 with its old forms. A zone is needed; one that RFC 5322 does not know is none. */
function mailMoment(text: string): Instant | undefined {
  const plain = text
    .slice(0, 300)
    .replaceAll(/\([^()]*\)/g, " ")
    .replaceAll(/\s+/g, " ")
    .trim();
  const [, day = "", month = "", year = "", hour = "", minute = "", second = "00", zone = ""] = form.exec(plain) ?? [];
  const offset = /^[+-]/.test(zone) ? `${zone.slice(0, 3)}:${zone.slice(3)}` : zones[zone.toLowerCase()];
  const number = months.indexOf(month.toLowerCase()) + 1;
  if (offset === undefined || number === 0) return undefined;
  try {
    return instant(`${fullYear(year)}-${two(String(number))}-${two(day)}T${two(hour)}:${minute}:${second}${offset}`);
  } catch {
    return undefined;
  }
}

function fullYear(year: string): string {
  if (year.length === 4) return year;
  return `${Number(year) < 50 ? "20" : "19"}${year}`;
}

function two(digits: string): string {
  return digits.padStart(2, "0");
}
