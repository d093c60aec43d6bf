// The first page: in a few sentences, what this desk promises to the people whose data somebody asks for.
import { capital } from "./report-words.ts";
import { Prose } from "../look/page.tsx";
import type { Desk } from "../../app/desk.ts";
import type { WebContext } from "../web.tsx";
import { amount, MailboxMissing, mailboxesOf, publicFrame } from "./public-frame.tsx";

export function startPage(c: WebContext) {
  const desk = c.get("desk");
  const mailboxes = mailboxesOf(desk);
  return publicFrame(c, {
    title: "When a government asks for your data",
    way: "/",
    ...(mailboxes.length === 0 ? { alert: <MailboxMissing /> } : {}),
    children: (
      <>
        <Promise desk={desk} />
        <h2 id="officers">For officers and courts</h2>
        <Prose>
          <p>
            <a href="/officer">Send a request or ask where yours stands.</a> {mailboxes.length === 0 ? "" : "Papers may also be sent to "}
            {mailboxes.map((mailbox, index) => (
              <>
                {index === 0 ? "" : ", "}
                <a href={`mailto:${mailbox}`}>{mailbox}</a>
              </>
            ))}
            {mailboxes.length === 0 ? "" : "."} The page asks one question at a time and says at once what is missing.{" "}
            <a href="/promises#ladder">Which paper reaches which data</a> is decided before you write.
          </p>
        </Prose>
        <h2 id="owners">For owners of a workspace</h2>
        <Prose>
          <p>
            If we wrote to you about a request, our letter holds a link that belongs to your workspace and this request alone. Opening it changes nothing: it
            shows what was asked, by whom, until when you can object, and what we mean to send. You answer with a button. There is no account and no password,
            and we never ask for one.
          </p>
          <p>Lost the letter, or unsure whether it is real? Write to the company the way you always do and ask for the legal desk. Do not answer the letter.</p>
        </Prose>
        <h2 id="everyone">For everyone</h2>
        <Prose>
          <ul>
            <li>
              <a href="/promises">Every promise, in the documents' own words</a>, with what keeps it
            </li>
            <li>
              <a href="/what-we-hold">What we hold</a>, which paper reaches it, and how long it is kept
            </li>
            <li>
              <a href="/report">The yearly report</a>: how many requests came and what became of them
            </li>
            <li>
              <a href="/check">Check this yourself</a>: the desk's record is sealed in a public log that nobody can rewrite unseen
            </li>
          </ul>
        </Prose>
      </>
    ),
  });
}

function Promise({ desk }: { readonly desk: Desk }) {
  const { settings } = desk.policy;
  const company = desk.profile.legalEntity;
  const parts = [
    <li>We hand over nothing unless the law compels us to, and then only what the paper in front of us reaches.</li>,
    settings.referralFirst ? <li>We first send the agency to you, because the data is yours.</li> : undefined,
    <li>{noticeWords(settings)}</li>,
    <li>A person reads every request. What is unlawful we contest, and nothing leaves while a court has still to decide.</li>,
    settings.allowVoluntaryEmergency ? undefined : <li>We give no government data of our own free will, not even in a hurry, and we watch nobody live.</li>,
  ];
  return (
    <Prose>
      <p>
        {company} keeps data that belongs to its customers. When a police force, a court or another public body asks for it, the request comes to this desk, and
        this is what we promise:
      </p>
      <ul>{parts}</ul>
      <p>Each step is written down where it cannot be changed later. Once a year we publish the figures, and anyone can check them.</p>
    </Prose>
  );
}

function noticeWords({ noticeDays, noticeExceptions }: Desk["policy"]["settings"]): string {
  const grounds = noticeExceptions.map((ground) => groundWords[ground]);
  const unless = grounds.length < 2 ? grounds.join("") : `${grounds.slice(0, -1).join(", ")} or ${grounds.at(-1)}`;
  return capital(
    `we tell you before anything leaves, and wait ${amount(noticeDays, "day")} so that you can object, unless ${unless}. When a ban on telling ends, we tell you then.`,
  );
}

const groundWords = {
  gag: "a court order forbids us to tell",
  "illegal-conduct": "there are clear signs of illegal conduct",
  "risk-of-harm": "somebody could come to harm",
} as const;
