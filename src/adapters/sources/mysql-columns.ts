// What a column of a MySQL or MariaDB table is to the desk: how it is asked for, held against an account, and turned into a value that loses nothing.
import type { Instant } from "../../kernel/instant.ts";
import type { FieldValue, LiveCollection } from "../../production/shapes.ts";

export interface MysqlColumn {
  readonly name: string;
  /** The server's word for the type, such as `bigint`. */
  readonly type: string;
  /** For a DATETIME, the zone of its clock as the settings state it. The column itself cannot say. */
  readonly zone?: string;
  /** For text: its character set and the rule by which the server takes two texts for equal. */
  readonly order?: { readonly characters: string; readonly collation: string };
}

/** What the driver gives: numbers, text, and bytes where the column has no character set. */
export type Raw = null | number | string | Uint8Array;

type Kind = LiveCollection["columns"][number]["kind"];

const integers: ReadonlySet<string> = new Set(["tinyint", "smallint", "mediumint", "int", "bigint"]);
const otherNumbers: ReadonlySet<string> = new Set(["decimal", "float", "double", "bit", "year"]);
const texts: ReadonlySet<string> = new Set(["char", "varchar", "tinytext", "text", "mediumtext", "longtext", "enum", "set", "uuid", "inet4", "inet6"]);
const bytes: ReadonlySet<string> = new Set(["binary", "varbinary", "tinyblob", "blob", "mediumblob", "longblob"]);
const unbounded: ReadonlySet<string> = new Set(["text", "mediumtext", "longtext", "blob", "mediumblob", "longblob", "json"]);
const asTheyAre: ReadonlySet<string> = new Set(["json", "date", "time", "datetime", "timestamp"]);

export function kindOf({ type, zone }: MysqlColumn): Kind {
  if (type === "timestamp" || (type === "datetime" && zone !== undefined)) return "moment";
  if (integers.has(type) || otherNumbers.has(type)) return "number";
  if (texts.has(type)) return "text";
  return bytes.has(type) ? "bytes" : "other";
}

export function identifier(name: string): string {
  return `\`${name.replaceAll("`", "``")}\``;
}

/** How the column is asked for. A value over the limit does not leave the server: `tooLarge` says that there was one. */
export function selected(column: MysqlColumn, largestValueBytes: number): string {
  const name = identifier(column.name);
  if (column.type === "bit") return `${name} + 0`;
  if (unbounded.has(column.type)) return `if(octet_length(${name}) > ${largestValueBytes}, null, ${name})`;
  return isKnown(column.type) ? name : `cast(${name} as binary)`;
}

export function tooLarge(columns: readonly MysqlColumn[], largestValueBytes: number): string {
  const large = columns.filter(({ type }) => unbounded.has(type)).map(({ name }) => `coalesce(octet_length(${identifier(name)}) > ${largestValueBytes}, 0)`);
  return large.length === 0 ? "0" : `(${large.join(" or ")})`;
}

function isKnown(type: string): boolean {
  return integers.has(type) || otherNumbers.has(type) || texts.has(type) || bytes.has(type) || asTheyAre.has(type);
}

/**
 * Rows whose column is one of so many values, byte for byte. A server's own `=` takes `m-1` for `M-1`, `cafe` for `café` and, on a number,
 * `1abc` for `1`: it may only narrow the search by an index, never decide.
 */
export function isOneOf(column: MysqlColumn, values: number): { readonly sql: string; readonly timesGiven: 1 | 2 } {
  const name = identifier(column.name);
  const places = (place: string) => Array.from({ length: values }, () => place).join(", ");
  const exact = `${exactBytes(column)} in (${places("cast(? as binary)")})`;
  return isIndexFriendly(column.type) ? { sql: `${name} in (${places(inOrderOf(column))}) and ${exact}`, timesGiven: 2 } : { sql: exact, timesGiven: 1 };
}

/** A value in the column's own characters, so that an index serves; what they cannot write is no longer equal byte for byte. */
function inOrderOf({ order }: MysqlColumn): string {
  if (order === undefined) return "?";
  // Without the cast MySQL converts the value itself, and refuses the whole read over one that the characters cannot write.
  return `convert(cast(? as char character set utf8mb4) using ${identifier(order.characters)}) collate ${identifier(order.collation)}`;
}

/** Where a value always equals itself by the server's `=`, so that narrowing loses nothing. A FLOAT does not equal its own digits. */
function isIndexFriendly(type: string): boolean {
  return integers.has(type) || ["char", "varchar", "tinytext", "text", "mediumtext", "longtext", "uuid"].includes(type);
}

function exactBytes({ name, type }: MysqlColumn): string {
  if (bytes.has(type)) return identifier(name);
  // Through a decimal, so that a column that shows leading zeros is compared as the number it holds.
  const plain = integers.has(type) ? `cast(${identifier(name)} as decimal(65, 0))` : identifier(name);
  return `cast(convert(${plain} using utf8mb4) as binary)`;
}

/** Numbers that JavaScript cannot hold exactly stay text; bytes are copied out of the driver's memory. */
export function valueReader(column: MysqlColumn): (raw: Raw) => FieldValue {
  const { type, zone } = column;
  if (type === "bigint" || type === "bit") return (raw) => (typeof raw === "string" && Number.isSafeInteger(Number(raw)) ? Number(raw) : asField(raw));
  if (type === "float") return (raw) => (typeof raw === "number" ? shortest(raw) : asField(raw));
  if (type === "timestamp") return (raw) => (typeof raw === "string" ? (momentAt(raw, "UTC")?.earlier ?? raw) : asField(raw));
  if (type === "datetime" && zone !== undefined) return (raw) => (typeof raw === "string" ? (momentAt(raw, zone)?.earlier ?? raw) : asField(raw));
  return asField;
}

function asField(raw: Raw): FieldValue {
  return raw instanceof Uint8Array ? new Uint8Array(raw) : raw;
}

/** A FLOAT as the fewest digits that give the same FLOAT again. */
function shortest(value: number): number {
  for (let digits = 6; digits < 9; digits++) {
    const short = Number(value.toPrecision(digits));
    if (Math.fround(short) === value) return short;
  }
  return value;
}

interface MomentsOfClock {
  readonly earlier: Instant;
  /** Another one than `earlier` when the clock showed this time twice, or skipped it. */
  readonly later: Instant;
}

/** Which moments a clock in the zone can have meant; none when the text is no date, as `0000-00-00 00:00:00`. */
export function momentAt(text: string, zone: string): MomentsOfClock | undefined {
  const [, date, time, fraction = ""] = /^(\d{4}-\d\d-\d\d) (\d\d:\d\d:\d\d)(?:\.(\d{1,6}))?$/.exec(text) ?? [];
  if (date === undefined || time === undefined || /-00|^0000/.test(date)) return undefined;
  const local = `${date}T${time}.${fraction.slice(0, 3).padEnd(3, "0")}`;
  if (zone === "UTC") return { earlier: `${local}Z` as Instant, later: `${local}Z` as Instant };
  const clock = Temporal.PlainDateTime.from(local);
  const at = (disambiguation: "earlier" | "later") =>
    clock.toZonedDateTime(zone, { disambiguation }).toInstant().toString({ smallestUnit: "millisecond" }) as Instant;
  return { earlier: at("earlier"), later: at("later") };
}

/** A moment as a clock in UTC shows it, so far shifted as any clock may differ from it. */
export function clockText(moment: Instant, shift: Temporal.DurationLike = {}): string {
  return Temporal.Instant.from(moment).toZonedDateTimeISO("UTC").add(shift).toPlainDateTime().toString({ smallestUnit: "millisecond" }).replace("T", " ");
}

/** A value that says whose a record is. Bytes are read as UTF-8, and only as that. */
export function witnessText(value: FieldValue): string | undefined {
  if (value instanceof Uint8Array) return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(value);
  return value === null ? undefined : String(value);
}
