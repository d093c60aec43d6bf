// The questions of the form, one a page: what is asked, in which fields, and how an answer reads when it is checked.
import type { Child } from "hono/jsx";
import type { Desk } from "../../app/desk.ts";
import { Field, type FormError } from "../look/forms.tsx";
import { Day } from "../look/moment.tsx";
import { Prose } from "../look/page.tsx";
import { askableTypes, chosenTypes, isDay, linesOf, natures, secrecyPapers, servablePapers, signers, type Answers, type QuestionId } from "./answers.ts";

interface Asked {
  readonly answers: Answers;
  readonly errors: readonly FormError[];
  readonly desk: Desk;
  readonly mailbox: string;
}

export interface Question {
  readonly title: string;
  /** In a list of tasks. */
  readonly short: string;
  readonly fields: (asked: Asked) => Child;
  /** Undefined: not answered yet. */
  readonly read: (answers: Answers, desk: Desk) => Child | undefined;
}

function errorFor({ errors }: Asked, field: string): string | undefined {
  return errors.find((error) => error.field === field)?.text;
}

type OneLine = {
  readonly asked: Asked;
  readonly name: keyof Answers;
  readonly label: string;
  readonly hint?: string;
  readonly autocomplete?: string;
  readonly width?: "short" | "medium";
  readonly optional?: boolean;
  readonly kind?: "text" | "tel";
};

function Line({ asked, name, kind = "text", autocomplete = "off", ...rest }: OneLine) {
  return <Field {...rest} kind={kind} id={name} name={name} value={asked.answers[name]} error={errorFor(asked, name)} autocomplete={autocomplete} />;
}

function DayField({
  asked,
  name,
  label,
  hint,
  optional,
}: {
  readonly asked: Asked;
  readonly name: keyof Answers;
  readonly label: string;
  readonly hint?: string;
  readonly optional?: boolean;
}) {
  return (
    <Field
      kind="date"
      id={name}
      name={name}
      label={label}
      hint={hint}
      optional={optional}
      value={asked.answers[name]}
      error={errorFor(asked, name)}
      autocomplete="off"
    />
  );
}

function DayWords({ day }: { readonly day: string }) {
  return isDay(day) ? <Day day={day} /> : <bdi>{day}</bdi>;
}

export const questions: Readonly<Record<QuestionId, Question>> = {
  agency: {
    title: "Which agency asks?",
    short: "Agency",
    fields: (asked) => (
      <Line
        asked={asked}
        name="agency"
        label="Name of the agency"
        hint="As on its letterhead, such as Springfield Police Department."
        autocomplete="organization"
      />
    ),
    read: ({ agency }) => agency,
  },
  officer: {
    title: "Who are you?",
    short: "You",
    fields: (asked) => (
      <>
        <Prose>
          <p>We may call your agency on a number that we find ourselves and ask for you.</p>
        </Prose>
        <Line asked={asked} name="officerName" label="Your full name" autocomplete="name" />
        <Line
          asked={asked}
          name="rank"
          label="Rank or title"
          width="medium"
          hint="Such as Detective, Special Agent, Assistant District Attorney."
          autocomplete="organization-title"
        />
        <Line asked={asked} name="badge" label="Badge or service number" width="short" />
        <Line asked={asked} name="phone" label="Telephone" kind="tel" width="medium" hint="With the country's code." autocomplete="tel" />
        <Field
          kind="textarea"
          rows={3}
          id="address"
          name="address"
          label="Postal address at the agency"
          value={asked.answers.address}
          error={errorFor(asked, "address")}
          autocomplete="street-address"
        />
      </>
    ),
    read: ({ officerName, rank, badge, phone, address }) =>
      officerName === undefined ? undefined : (
        <Lines
          lines={[
            `${rank ?? ""} ${officerName}`.trim(),
            ...(badge === undefined ? [] : [`Badge ${badge}`]),
            ...(phone === undefined ? [] : [phone]),
            ...linesOf(address),
          ]}
        />
      ),
  },
  matter: {
    title: "Which matter does the request belong to?",
    short: "Matter",
    fields: (asked) => (
      <>
        <Line asked={asked} name="reference" label="Case or docket number" width="medium" hint="Such as 1:26-mj-00417 or 26-SW-1042." />
        <Field
          kind="radios"
          id="nature"
          name="nature"
          label="Is the matter criminal or civil?"
          choices={natures}
          value={asked.answers.nature}
          error={errorFor(asked, "nature")}
        />
      </>
    ),
    read: ({ reference, nature }) =>
      reference === undefined ? undefined : <Lines lines={[reference, ...natures.filter(({ value }) => value === nature).map(({ label }) => label)]} />,
  },
  paper: {
    title: "Which paper do you serve?",
    short: "Paper",
    fields: (asked) => (
      <>
        <Field
          kind="radios"
          id="instrument"
          name="instrument"
          label="Kind of paper"
          hint="You attach the paper itself on the last page."
          choices={servablePapers(asked.desk).map(({ id, label }) => ({ value: id, label }))}
          value={asked.answers.instrument}
          error={errorFor(asked, "instrument")}
        />
        <Field
          kind="radios"
          id="signedBy"
          name="signedBy"
          label="Who signed it?"
          choices={signers}
          value={asked.answers.signedBy}
          error={errorFor(asked, "signedBy")}
        />
        <Line asked={asked} name="signer" label="Name of the person who signed" optional />
        <Line asked={asked} name="issuer" label="Court that issued it" optional hint="Such as District Court of Clark County. Leave empty when no court did." />
        <DayField asked={asked} name="issuedOn" label="Date of the paper" />
        <DayField asked={asked} name="expiresOn" label="Last day it may be served or executed" optional />
      </>
    ),
    read: ({ instrument, issuedOn, expiresOn, issuer, signer, signedBy }, desk) => {
      const paper = servablePapers(desk).find(({ id }) => id === instrument);
      if (paper === undefined) return undefined;
      return (
        <>
          <div>{paper.label}</div>
          {signers
            .filter(({ value }) => value === signedBy)
            .map(({ label }) => (
              <div>
                Signed by: {label}
                {signer === undefined ? "" : `, ${signer}`}
              </div>
            ))}
          {issuer === undefined ? (
            <></>
          ) : (
            <div>
              <bdi>{issuer}</bdi>
            </div>
          )}
          {issuedOn === undefined ? (
            <></>
          ) : (
            <div>
              Dated <DayWords day={issuedOn} />
            </div>
          )}
          {expiresOn === undefined ? (
            <></>
          ) : (
            <div>
              Until <DayWords day={expiresOn} />
            </div>
          )}
        </>
      );
    },
  },
  workspace: {
    title: "Which workspace?",
    short: "Workspace",
    fields: (asked) => (
      <Line asked={asked} name="workspace" label="Name of the workspace" hint="Or the name of the customer it belongs to, such as Acme Robotics." />
    ),
    read: ({ workspace }) => workspace,
  },
  accounts: {
    title: "Whose accounts?",
    short: "Accounts",
    fields: (asked) => (
      <Field
        kind="textarea"
        rows={6}
        id="accounts"
        name="accounts"
        label="Accounts, one a line"
        hint="E-mail address, user name or user id, as the workspace knows them."
        value={asked.answers.accounts}
        error={errorFor(asked, "accounts")}
        autocomplete="off"
      />
    ),
    read: ({ accounts }) => (accounts === undefined ? undefined : <Lines lines={linesOf(accounts)} />),
  },
  types: {
    title: "Which types of data?",
    short: "Types of data",
    fields: (asked) => (
      <Field
        kind="checkboxes"
        id="dataTypes"
        name="dataTypes"
        label="Types of data"
        hint="Choose only what your paper names. Content needs a search warrant (KDRP-11)."
        choices={askableTypes(asked.desk).map(({ id, label, kind }) => ({ value: id, label, ...(kind === "content" ? { hint: "Content" } : {}) }))}
        values={chosenTypes(asked.answers)}
        error={errorFor(asked, "dataTypes")}
      />
    ),
    read: (answers, desk) => {
      const labels = askableTypes(desk)
        .filter(({ id }) => chosenTypes(answers).includes(id))
        .map(({ label }) => label);
      return labels.length === 0 ? undefined : <Lines lines={labels} />;
    },
  },
  dates: {
    title: "For which days?",
    short: "Dates",
    fields: (asked) => (
      <>
        <DayField asked={asked} name="from" label="First day" />
        <DayField asked={asked} name="to" label="Last day" hint="Included. It cannot lie after today." />
      </>
    ),
    read: ({ from, to }) =>
      from === undefined || to === undefined ? undefined : (
        <>
          <DayWords day={from} /> to <DayWords day={to} />
        </>
      ),
  },
  secrecy: {
    title: "Does a secrecy order forbid us to tell the customer?",
    short: "Secrecy order",
    fields: (asked) => (
      <>
        <Prose>
          <p>We tell the customer before we disclose, unless an order or a statute forbids it. A wish in a letter is not an order.</p>
        </Prose>
        <Field
          kind="radios"
          id="secrecy"
          name="secrecy"
          label="Is there an order?"
          choices={[{ value: "no", label: "No" }, ...secrecyPapers(asked.desk).map(({ id, label }) => ({ value: id, label: `Yes: ${label}` }))]}
          value={asked.answers.secrecy}
          error={errorFor(asked, "secrecy")}
        />
        <DayField asked={asked} name="secrecyEndsOn" label="Day on which the order ends" optional hint="When there is an order. Attach it on the last page." />
      </>
    ),
    read: ({ secrecy, secrecyEndsOn }, desk) => {
      if (secrecy === "no") return "No";
      const order = secrecyPapers(desk).find(({ id }) => id === secrecy);
      return order === undefined ? undefined : (
        <>
          {order.label}
          {secrecyEndsOn === undefined ? (
            ""
          ) : (
            <>
              , until <DayWords day={secrecyEndsOn} />
            </>
          )}
        </>
      );
    },
  },
  key: {
    title: "To which key do we encrypt the answer?",
    short: "Delivery key",
    fields: (asked) => (
      <>
        <Prose>
          <p>Nothing leaves unencrypted (KDRP-8). On your own computer, install the free program age and run:</p>
          <pre>
            <code>age-keygen -o key.txt</code>
          </pre>
          <p>It shows a public key that starts with age1. Enter that one. Keep key.txt: nobody can open the answer without it, and it must never leave you.</p>
        </Prose>
        <input type="hidden" name="keyAsked" value="yes" />
        <Field
          kind="textarea"
          rows={3}
          id="deliveryKey"
          name="deliveryKey"
          label="Public key"
          optional
          hint="Starts with age1, or is an OpenPGP public key. If you can use neither, write: passphrase. You can send it later; until then nothing can be delivered."
          value={asked.answers.deliveryKey}
          error={errorFor(asked, "deliveryKey")}
          autocomplete="off"
        />
      </>
    ),
    read: ({ deliveryKey, keyAsked }) => (deliveryKey !== undefined ? <code>{deliveryKey}</code> : keyAsked === undefined ? undefined : "None yet"),
  },
};

function Lines({ lines }: { readonly lines: readonly string[] }) {
  return (
    <>
      {lines.map((line) => (
        <div>
          <bdi>{line}</bdi>
        </div>
      ))}
    </>
  );
}
