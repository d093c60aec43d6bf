// What the partner calculations share: how their inputs are written, and how they refuse them.
import { z } from "zod";
import { currency, exactly, isCurrency, sumPattern } from "../kernel/money.ts";
import { day, instant, isZone, zone } from "../kernel/instant.ts";

/** A sum as text, so that no number of a file passes through a binary fraction. */
export const sum = z
  .string()
  .regex(sumPattern, 'A sum is text of digits with at most one point, such as "18450.00".')
  .transform((text) => exactly(text));

export const currencyCode = z.string().refine(isCurrency, "No such currency. Use three letters of ISO 4217: USD.").transform(currency);

/** `2026-03-31`; a day that does not exist is refused. */
export const dayText = z.iso.date("No such day. Days are written 2026-03-31.").transform((text) => day(text));

export const moment = z.iso.datetime({ offset: true, error: "A moment is written 2026-03-06T22:15:00-07:00." }).transform((text) => instant(text));

export const zoneName = z.string().refine(isZone, "No such time zone. Use an IANA name such as America/Denver.").transform(zone);
