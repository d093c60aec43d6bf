// Builds the whole document of every page: the frame each audience knows, with nothing in it that needs JavaScript.
import type { Child } from "hono/jsx";
import { raw } from "hono/html";
import { assetHref } from "./assets.ts";
import { Hatches, PortcullisMark, StateIcon } from "./icons.tsx";
import type { State } from "./icons.tsx";

export type Face = "desk" | "officer" | "owner" | "partner" | "auditor" | "public" | "setup";

/** One way on. On the desk these are the queues: `count` is how many wait, `state` how the most urgent stands. */
export interface NavigationItem {
  readonly label: string;
  readonly href: string;
  readonly current?: boolean | undefined;
  readonly count?: number | undefined;
  readonly state?: State | undefined;
  /** Sealed cases stand apart and wear the hatch. */
  readonly sealed?: boolean | undefined;
}

export interface PageProps {
  /** Names the document and, unless `heading` says otherwise, its `h1`. For a sealed case: its number only. */
  readonly title: string;
  readonly face: Face;
  /** BCP 47 language of the text, and its direction. */
  readonly lang: string;
  readonly dir: "ltr" | "rtl";
  /** Whose desk it is; stands beside the word mark and in the document's title. */
  readonly desk?: string | undefined;
  /** How the reader is known here: an e-mail address or a role. */
  readonly signedInAs?: string | undefined;
  /** Where the sign-out form posts to; shown only with `signedInAs`. `fields` carries its anti-forgery token. */
  readonly signOut?: { readonly action: string; readonly fields?: Child | undefined } | undefined;
  readonly navigation: readonly NavigationItem[];
  /** Error summary or banner; stands before the heading. */
  readonly alert?: Child | undefined;
  /** True when the form came back with errors: the document's title says so first. */
  readonly hasErrors?: boolean | undefined;
  /** `null` when the children bring their own `h1` (a question that is its own heading). */
  readonly heading?: Child | null | undefined;
  /** What stands at the foot: contact, policy links. */
  readonly footer?: Child | undefined;
  readonly children?: Child | undefined;
}

/** A complete HTML document, from the doctype on. */
export function Page(props: PageProps) {
  const { title, face, lang, dir, desk, hasErrors, children } = props;
  const name = [title, desk, "Portcullis"].filter((part) => part !== undefined).join(" · ");
  return (
    <>
      {raw("<!doctype html>")}
      <html lang={lang} dir={dir}>
        <head>
          <meta charset="utf-8" />
          <meta name="viewport" content="width=device-width, initial-scale=1" />
          <meta name="color-scheme" content="light dark" />
          <meta name="referrer" content="no-referrer" />
          <title>{hasErrors === true ? `Error: ${name}` : name}</title>
          <link rel="icon" href={favicon} />
          <link rel="stylesheet" href={assetHref("/look/stylesheet.css")} />
          <script type="module" src={assetHref("/look/desk-keys.js")}></script>
        </head>
        <body class={`face-${face}`}>
          <a class="skip" href="#main">
            Skip to the content
          </a>
          <Hatches />
          <Head {...props} />
          <div class="frame">
            <Navigation face={face} items={props.navigation} />
            <main id="main" tabindex={-1}>
              {face === "auditor" ? <ReadOnlyNotice /> : <></>}
              {props.alert ?? <></>}
              <Heading {...props} />
              {children}
            </main>
          </div>
          <Foot {...props} />
        </body>
      </html>
    </>
  );
}

/** Running text: line length, paragraph spacing, and on the owner's and the public face the letter's type. */
export function Prose({ children }: { readonly children?: Child }) {
  return <div class="prose">{children}</div>;
}

/** The word mark's sign as a picture of its own, in the accent colour of the light pages. */
const favicon =
  "data:image/svg+xml,%3Csvg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 24 24'%3E%3Crect width='24' height='24' fill='%23fff'/%3E%3Cpath fill='%230b4a52' d='M2 3h20v3H2zM4 6v12l1.5 4L7 18V6zm6.500 0v12l1.5 4 1.5-4V6zM17 6v12l1.5 4 1.5-4V6zM4 9h16v1.500H4zM4 14h16v1.500H4z'/%3E%3C/svg%3E";

function Head({ desk, face, signedInAs, signOut }: PageProps) {
  return (
    <header class="head">
      <div class="head-inner">
        <a class="wordmark" href="/">
          <PortcullisMark />
          <span class="wordmark-name">{desk ?? "Portcullis"}</span>
        </a>
        <span class="head-face">{faceWords[face]}</span>
        {signedInAs === undefined ? <></> : <SignedIn as={signedInAs} signOut={signOut} />}
      </div>
    </header>
  );
}

const faceWords: Readonly<Record<Face, string>> = {
  desk: "Desk",
  officer: "Requests from public authorities",
  owner: "About your workspace",
  partner: "Partner program",
  auditor: "Audit",
  public: "Government requests",
  setup: "Setting up",
};

function SignedIn({ as, signOut }: { readonly as: string; readonly signOut: PageProps["signOut"] }) {
  return (
    <div class="signed-in">
      <span>
        <span class="sr-only">Signed in as </span>
        <bdi>{as}</bdi>
      </span>
      {signOut === undefined ? (
        <></>
      ) : (
        <form method="post" action={signOut.action}>
          {signOut.fields ?? <></>}
          <button class="button button-quiet" type="submit">
            Sign out
          </button>
        </form>
      )}
    </div>
  );
}

function Navigation({ face, items }: { readonly face: Face; readonly items: readonly NavigationItem[] }) {
  if (items.length === 0) return <></>;
  return (
    <nav class="nav" aria-label={face === "desk" ? "Queues" : "Pages"}>
      <ul>
        {items.map((item) => (
          <li class={item.sealed === true ? "nav-sealed" : undefined}>
            <a href={item.href} aria-current={item.current === true ? "page" : undefined}>
              {item.state === undefined ? <></> : <StateIcon state={item.state} />}
              <span class="nav-label">{item.label}</span>
              {item.count === undefined ? <></> : <span class="nav-count">{item.count.toLocaleString("en")}</span>}
            </a>
          </li>
        ))}
      </ul>
    </nav>
  );
}

function ReadOnlyNotice() {
  return <p class="read-only">You are reading a record. Nothing can be changed here.</p>;
}

function Heading({ title, heading }: PageProps) {
  if (heading === null) return <></>;
  return <h1>{heading ?? title}</h1>;
}

function Foot({ footer, desk }: PageProps) {
  return (
    <footer class="foot">
      <div class="foot-inner">
        {footer ?? <></>}
        {desk === undefined ? <></> : <p class="foot-mark">Kept with Portcullis, an open-source request desk.</p>}
      </div>
    </footer>
  );
}
