// The partner's API: the same steps and duties as on its pages, as JSON, for a program that holds the partner's key.
import { Hono } from "hono";
import { importSalesLedger } from "../../app/import-sales.ts";
import { findPartnerKey } from "../../app/partner-portal.ts";
import { findPartnerView, partnerActor, partnerStepsFor, takePartnerStep, type PartnerView } from "../../app/partners.ts";
import type { Reason } from "../../kernel/outcome.ts";
import { findPartnerStep } from "../../partners/steps.ts";
import type { Duty } from "../../partners/duty.ts";
import { standingStatements, statementSheet } from "../../partners/statements/statement-steps.ts";
import type { SalesFault } from "../../partners/statements/sales-ledger.ts";
import type { WebContext, WebEnv } from "../web.tsx";
import { openApi } from "./open-api.ts";

export function apiFace(): Hono<WebEnv> {
  const face = new Hono<WebEnv>();
  face.use(async (c, next) => {
    await next();
    c.header("Cache-Control", "no-store");
  });
  face.get("/openapi.json", (c) => c.json(openApi()));
  face.get("/partner/duties", forKey(duties));
  face.get("/partner/duties/:duty", forKey(oneDuty));
  face.get("/partner/steps", forKey(possible));
  face.post("/partner/steps/:step", forKey(take));
  face.get("/partner/statements", forKey(statements));
  face.post("/partner/sales", forKey(sales));
  face.get("/partner/record", forKey(record));
  face.notFound((c) =>
    refused(c, 404, [{ clause: "INPUT", code: "NO_SUCH_ADDRESS", because: "There is nothing at this address. /api/openapi.json describes what there is." }]),
  );
  return face;
}

type Show = (c: WebContext, view: PartnerView) => Promise<Response> | Response;

const noKey: Reason = {
  clause: "INPUT",
  code: "NO_KEY",
  because: "Send the partner's key as “Authorization: Bearer …”. It is made on the partner's page under Settings.",
};

/** A browser sends no such header by itself, so that no other site can ask in somebody's name. */
function forKey(show: Show) {
  return async (c: WebContext): Promise<Response> => {
    const desk = c.get("desk") as WebContext["var"]["desk"] | undefined;
    if (desk === undefined) return refused(c, 503, [{ clause: "INPUT", code: "NOT_SET_UP", because: "This desk is not set up yet." }]);
    const [, key] = /^Bearer ([\w-]{20,200})$/.exec(c.req.header("authorization") ?? "") ?? [];
    const partner = key === undefined ? undefined : await findPartnerKey(desk, "api", key);
    if (partner !== undefined && c.req.method === "POST" && !c.get("web").partnerWrites.allows(partner, performance.now())) return tooMuch(c);
    const view = partner === undefined ? undefined : await findPartnerView(desk, partner, partnerActor(partner));
    return view === undefined ? refused(c, 401, [noKey]) : show(c, view);
  };
}

function tooMuch(c: WebContext) {
  c.header("Retry-After", "900");
  return refused(c, 429, [
    {
      clause: "INPUT",
      code: "TOO_MUCH",
      because: "More than 600 steps came in a quarter of an hour, and this one was not recorded. Wait as Retry-After says.",
    },
  ]);
}

function refused(c: WebContext, status: 400 | 401 | 404 | 409 | 422 | 429 | 503, reasons: readonly Reason[], more: object = {}) {
  if (status === 401) c.header("WWW-Authenticate", "Bearer");
  return c.json({ ok: false, reasons, ...more }, status);
}

function shown({ id, clause, label, owedBy, dueAt, state, settledAt, derivation, basis, findings, report, paper, isRight }: Duty) {
  return { id, clause, label, owedBy, dueAt, state, settledAt, derivation, basis, findings, report, paper, isRight: isRight === true };
}

function duties(c: WebContext, view: PartnerView) {
  const states = c.req.query("state")?.split(",");
  return c.json({
    ok: true,
    partner: view.partner,
    asOf: view.at.now,
    duties: view.duties.filter(({ state }) => states === undefined || states.includes(state)).map(shown),
  });
}

function oneDuty(c: WebContext, view: PartnerView) {
  const duty = view.duties.find(({ id }) => id === c.req.param("duty"));
  return duty === undefined
    ? refused(c, 404, [{ clause: "INPUT", code: "NO_SUCH_DUTY", because: "There is no such duty." }])
    : c.json({ ok: true, duty: shown(duty) });
}

function possible(c: WebContext, view: PartnerView) {
  return c.json({ ok: true, steps: partnerStepsFor(["partner"], view.history, view.at) });
}

async function take(c: WebContext, { partner }: PartnerView) {
  const body: unknown = await c.req.json().catch(() => undefined);
  if (typeof body !== "object" || body === null || Array.isArray(body))
    return refused(c, 400, [{ clause: "INPUT", code: "NO_JSON", because: "The body is no JSON object. Its members are those of the step." }]);
  if ("private" in body && typeof body.private === "object" && body.private !== null && "file" in body.private)
    return refused(c, 422, [{ clause: "INPUT", code: "FILE_BY_PAGE", because: "A paper is added on the partner's pages. Leave it out here." }]);
  const step = findPartnerStep(c.req.param("step") ?? "");
  // A step without questions rests on what the program itself has read, such as a sales ledger.
  if (step === undefined || Object.keys(step.asks).length === 0)
    return refused(c, 404, [{ clause: "INPUT", code: "UNKNOWN_STEP", because: "There is no such step to report. GET /api/partner/steps lists them." }]);
  const handled = await takePartnerStep(c.get("desk"), {
    partner,
    by: partnerActor(partner),
    askers: ["partner"],
    command: { ...body, type: c.req.param("step") ?? "" },
  });
  if (handled.kind === "refused") return refused(c, handled.reasons.every(({ clause }) => clause === "INPUT") ? 422 : 409, handled.reasons);
  c.get("web").nudge();
  return c.json({ ok: true, facts: handled.facts, version: handled.version }, 201);
}

function statements(c: WebContext, view: PartnerView) {
  return c.json({
    ok: true,
    statements: standingStatements(view.history).map((statement) => {
      const { lines, net, share, derivation, account } = statementSheet(statement, view.history, view.at);
      return { statement: statement.statement, month: statement.month, currency: statement.currency, lines, net, share, derivation, account };
    }),
  });
}

const mostFaults = 10_000;

async function sales(c: WebContext, { partner }: PartnerView) {
  const body = c.req.raw.body;
  if (body === null) return refused(c, 400, [{ clause: "INPUT", code: "NO_LEDGER", because: "The body is the sales ledger itself, as text/csv." }]);
  const faults: SalesFault[] = [];
  const imported = await importSalesLedger(c.get("desk"), {
    partner,
    by: partnerActor(partner),
    askers: ["partner"],
    bytes: body,
    onFault: (fault) => void (faults.length < mostFaults && faults.push(fault)),
  });
  if (imported.kind === "faulty")
    return refused(
      c,
      422,
      [
        {
          clause: "AI-5b",
          code: "FAULTY_LEDGER",
          because: `${imported.faults} rows are faulty, and nothing was recorded. Mend them and send the whole ledger again.`,
        },
      ],
      { rows: imported.rows, faults },
    );
  if (imported.kind === "refused") return refused(c, 409, imported.reasons);
  c.get("web").nudge();
  return c.json({ ok: true, rows: imported.rows, facts: imported.facts, version: imported.version }, 201);
}

function record(c: WebContext, view: PartnerView) {
  return c.json({
    ok: true,
    partner: view.partner,
    facts: view.history.map(({ version, at, by, fact }) => ({
      version,
      at,
      by: by.startsWith("partner:") ? "partner" : by === "desk" ? "program" : "company",
      fact,
    })),
  });
}
