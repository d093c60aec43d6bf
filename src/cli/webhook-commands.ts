// Addresses that are told by signed messages, at the terminal: set one, list them, change a secret, take one back.
import { z } from "zod";
import { removeWebhook, rotateWebhook, setWebhook, webhooksOf } from "../app/webhooks.ts";
import { readPartnerNumber } from "../kernel/ids.ts";
import { need, optionText, refusedAnswer, Usage, type Command, type Given } from "./command.ts";
import { getDesk, operator } from "./desk-of.ts";
import { refusal } from "./schemas.ts";

const forOption = {
  for: { type: "string", value: "PARTNER", describe: "A partner's number (default: the desk itself, which hears of every partner)." },
} as const;
const given = z.object({ endpoint: z.string(), secret: z.string() });

function audienceOf(options: Given): string {
  const named = optionText(options, "for");
  if (named === undefined) return "desk";
  const partner = readPartnerNumber(named);
  if (partner === undefined) throw new Usage("--for is a partner's number such as P-7F3K-2M9Q.");
  return partner;
}

const set: Command = {
  name: "webhook set",
  usage: "webhook set URL",
  describe: "Tells an https address by signed messages what falls due and what arrived (docs/formats/webhooks.md). Prints its secret once.",
  options: forOption,
  needsDesk: true,
  output: z.union([given, refusal]),
  run: async (options, _terminal, installation) => {
    const done = await setWebhook(await getDesk(installation), { by: operator, audience: audienceOf(options), url: need(options, 0, "The address") });
    if (done.kind === "refused") return refusedAnswer(done.reasons);
    const { endpoint, secret } = done;
    return { json: { endpoint, secret }, text: `${endpoint}\nSecret, shown once: ${secret}`, exit: 0 };
  },
};

const rotate: Command = {
  name: "webhook rotate",
  usage: "webhook rotate ENDPOINT",
  describe: "Gives an endpoint a new secret; the old one signs beside it for 24 hours.",
  options: forOption,
  needsDesk: true,
  output: z.union([given, refusal]),
  run: async (options, _terminal, installation) => {
    const done = await rotateWebhook(await getDesk(installation), { by: operator, audience: audienceOf(options), endpoint: need(options, 0, "The endpoint") });
    if (done.kind === "refused") return refusedAnswer(done.reasons);
    const { endpoint, secret } = done;
    return { json: { endpoint, secret }, text: `${endpoint}\nNew secret, shown once: ${secret}`, exit: 0 };
  },
};

const remove: Command = {
  name: "webhook remove",
  usage: "webhook remove ENDPOINT",
  describe: "Tells this endpoint nothing more.",
  options: forOption,
  needsDesk: true,
  output: z.union([z.object({ ok: z.literal(true) }), refusal]),
  run: async (options, _terminal, installation) => {
    const done = await removeWebhook(await getDesk(installation), { by: operator, audience: audienceOf(options), endpoint: need(options, 0, "The endpoint") });
    return done.kind === "refused" ? refusedAnswer(done.reasons) : { json: { ok: true }, text: "It is told nothing more.", exit: 0 };
  },
};

const list: Command = {
  name: "webhook list",
  usage: "webhook list",
  describe: "Lists the endpoints by id and host; addresses and secrets stay in the vault.",
  options: forOption,
  needsDesk: true,
  output: z.object({ webhooks: z.array(z.object({ endpoint: z.string(), host: z.string() })) }),
  run: async (options, _terminal, installation) => {
    const webhooks = await webhooksOf(await getDesk(installation), audienceOf(options));
    return { json: { webhooks }, text: webhooks.length === 0 ? "None." : webhooks.map(({ endpoint, host }) => `${endpoint}  ${host}`).join("\n"), exit: 0 };
  },
};

export const webhookCommands: readonly Command[] = [set, list, rotate, remove];
