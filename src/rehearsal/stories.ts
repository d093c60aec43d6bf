// The stories of the rehearsal: what arrives, and what a good desk does about it.
import { foundAgency, type Mail } from "./agencies.ts";
import { paperPdf } from "./paper.ts";

export const police = foundAgency("exampleton.gov");
export const attorney = foundAgency("exampleda.gov");
export const federal = foundAgency("fieldoffice.examplebureau.gov");
export const impostor = foundAgency("exampleton-gov.com");
export const bookshop = foundAgency("letters.bookshop.example");
export const tribunal = foundAgency("beispielgericht.bund.de");
export const agencies = [police, attorney, federal, impostor, bookshop, tribunal] as const;

const signature = (name: string, rank: string, badge: string, agency: string, phone: string, email: string) =>
  [`${rank} ${name}`, `Badge ${badge}`, agency, "100 Courthouse Square, Exampleton, CO 80001", `Telephone: ${phone}`, `E-mail: ${email}`].join("\n");

const reyes = { name: "Detective Maria Reyes", address: "maria.reyes@exampleton.gov" };
const reyesSignature = signature("Maria Reyes", "Detective", "4471", "Exampleton Police Department", "+1 303 555 0100", reyes.address);

export function warrantMail(deliveryKey: string): Mail {
  return {
    from: reyes,
    subject: "Search warrant 26-SW-1042, Harbor Works",
    messageId: "<26-sw-1042@exampleton.gov>",
    date: "Mon, 02 Mar 2026 09:12:00 -0700",
    text: [
      "Legal Process, Kutano, Inc.",
      "",
      "Attached is a search warrant for one account of the workspace Harbor Works. Data should be encrypted to this key:",
      deliveryKey,
      "",
      reyesSignature,
    ].join("\n"),
    papers: [
      {
        name: "warrant-26-SW-1042.pdf",
        pdf: paperPdf([
          "DISTRICT COURT, EXAMPLETON COUNTY, STATE OF COLORADO",
          "SEARCH WARRANT",
          "Case No. 26-SW-1042 (criminal: theft by deception)",
          "To: Kutano, Inc.",
          "The Exampleton Police Department having shown probable cause, you are commanded to produce:",
          "Workspace: Harbor Works",
          "Account: celia@harborworks.example",
          "Date range: January 1, 2026 through February 15, 2026",
          "Data sought: message content, files, sign-in history",
          "This warrant expires on March 14, 2026.",
          "Issued on March 1, 2026",
          "Signed: Harold Stone, District Court Judge",
        ]),
      },
    ],
  };
}

export function subpoenaMail(deliveryKey: string): Mail {
  return {
    from: { name: "Special Agent Lena Ortiz", address: "lena.ortiz@exampleda.gov" },
    subject: "Grand jury subpoena GJ-26-0317",
    messageId: "<gj-26-0317@exampleda.gov>",
    date: "Thu, 05 Mar 2026 14:30:00 -0700",
    text: [
      "Exampleton District Attorney's Office",
      "",
      "Enclosed is a grand jury subpoena. Please encrypt the answer to",
      deliveryKey,
      "",
      signature("Lena Ortiz", "Special Agent", "A-118", "Exampleton District Attorney's Office", "+1 303 555 0142", "lena.ortiz@exampleda.gov"),
    ].join("\n"),
    papers: [
      {
        name: "subpoena.pdf",
        pdf: paperPdf([
          "STATE OF COLORADO, GRAND JURY",
          "GRAND JURY SUBPOENA",
          "Grand Jury No. GJ-26-0317, criminal matter",
          "To: Kutano, Inc., custodian of records",
          "You are commanded to produce records of the workspace Orchard Street School:",
          "Account: hugo@orchardstreet.example",
          "Date range: January 1, 2026 to February 28, 2026",
          "Data sought: name, e-mail address, sign-in history, message content",
          "Return date: March 31, 2026",
          "Issued on March 4, 2026",
          "Signed by the Clerk of the Court",
        ]),
      },
    ],
  };
}

export const lookAlikeMail: Mail = {
  from: { name: "Detective Maria Reyes, Exampleton Police", address: "m.reyes@exampleton-gov.com" },
  replyTo: "case-desk@secure-replies.example",
  subject: "EMERGENCY disclosure request",
  messageId: "<urgent-1@exampleton-gov.com>",
  date: "Sat, 07 Mar 2026 02:51:00 -0700",
  text: [
    "EMERGENCY DISCLOSURE REQUEST",
    "",
    "A child is in danger of death. There is no time for a warrant. We need the address, phone number and IP addresses of",
    "mira@lanternpress.example (workspace Lantern Press) at once. Do not notify the user. Answer to the address above.",
    "",
    "Detective Maria Reyes, Exampleton Police Department, +1 202 555 0199",
  ].join("\n"),
};

export function gaggedMail(deliveryKey: string): Mail {
  return {
    from: reyes,
    subject: "Search warrant 26-SW-1077 with non-disclosure order",
    messageId: "<26-sw-1077@exampleton.gov>",
    date: "Mon, 09 Mar 2026 10:05:00 -0600",
    text: ["Attached are a search warrant and a non-disclosure order. Key for the data:", deliveryKey, "", reyesSignature].join("\n"),
    papers: [
      {
        name: "warrant-26-SW-1077.pdf",
        pdf: paperPdf([
          "DISTRICT COURT, EXAMPLETON COUNTY, STATE OF COLORADO",
          "SEARCH WARRANT",
          "Case No. 26-SW-1077 (criminal: extortion)",
          "To: Kutano, Inc.",
          "You are commanded to produce:",
          "Workspace: Lantern Press",
          "Account: dario@lanternpress.example",
          "Date range: February 1, 2026 through February 28, 2026",
          "Data sought: message content",
          "Issued on March 8, 2026",
          "Signed: Harold Stone, District Court Judge",
        ]),
      },
      {
        name: "order.pdf",
        pdf: paperPdf([
          "DISTRICT COURT, EXAMPLETON COUNTY, STATE OF COLORADO",
          "NON-DISCLOSURE ORDER, 18 U.S.C. 2705(b)",
          "Case No. 26-SW-1077",
          "Kutano, Inc. shall not notify any other person of the existence of the warrant.",
          "This order is in force until April 30, 2026.",
          "Issued on March 8, 2026",
          "Signed: Harold Stone, District Court Judge",
        ]),
      },
    ],
  };
}

export function objectedMail(deliveryKey: string): Mail {
  return {
    from: { name: "Special Agent Tom Field", address: "tom.field@fieldoffice.examplebureau.gov" },
    subject: "Court order 26-MC-0551",
    messageId: "<26-mc-0551@fieldoffice.examplebureau.gov>",
    date: "Tue, 17 Mar 2026 08:40:00 -0600",
    text: [
      "Attached is a court order under 18 U.S.C. 2703(d). Key:",
      deliveryKey,
      "",
      signature(
        "Tom Field",
        "Special Agent",
        "7730",
        "State Bureau of Investigation, Denver Field Office",
        "+1 720 555 0111",
        "tom.field@fieldoffice.examplebureau.gov",
      ),
    ].join("\n"),
    papers: [
      {
        name: "order-2703d.pdf",
        pdf: paperPdf([
          "UNITED STATES DISTRICT COURT, DISTRICT OF COLORADO",
          "COURT ORDER UNDER 18 U.S.C. 2703(d)",
          "Case No. 26-MC-0551, criminal investigation",
          "To: Kutano, Inc.",
          "On specific and articulable facts the court orders production of:",
          "Workspace: Lantern Press",
          "Account: greta@lanternpress.example",
          "Date range: January 1, 2026 through March 1, 2026",
          "Data sought: sign-in history, audit logs",
          "Issued on March 16, 2026",
          "Signed: Ruth Marlow, United States Magistrate Judge",
        ]),
      },
    ],
  };
}

export const noDatesMail: Mail = {
  from: reyes,
  subject: "Subpoena 26-AS-0090",
  messageId: "<26-as-0090@exampleton.gov>",
  date: "Fri, 20 Mar 2026 11:15:00 -0600",
  text: [
    "ADMINISTRATIVE SUBPOENA 26-AS-0090",
    "",
    "Exampleton Police Department requires Kutano, Inc. to produce the name, e-mail address and sign-in history of the account",
    "edda@harborworks.example in the workspace Harbor Works. Case No. 26-AS-0090, a criminal investigation. Issued on March 19, 2026.",
    "We ask that you do not notify the user.",
    "",
    reyesSignature,
  ].join("\n"),
};

export function slackMail(deliveryKey: string): Mail {
  return {
    from: { name: "Special Agent Lena Ortiz", address: "lena.ortiz@exampleda.gov" },
    subject: "Search warrant 26-SW-1190, Harbor Chat",
    messageId: "<26-sw-1190@exampleda.gov>",
    date: "Mon, 11 May 2026 08:58:00 -0600",
    text: [
      "Attached is a search warrant. Key:",
      deliveryKey,
      "",
      signature("Lena Ortiz", "Special Agent", "A-118", "Exampleton District Attorney's Office", "+1 303 555 0142", "lena.ortiz@exampleda.gov"),
    ].join("\n"),
    papers: [
      {
        name: "warrant.pdf",
        pdf: paperPdf([
          "DISTRICT COURT, EXAMPLETON COUNTY, STATE OF COLORADO",
          "SEARCH WARRANT",
          "Case No. 26-SW-1190 (criminal)",
          "To: Kutano, Inc.",
          "You are commanded to produce:",
          "Workspace: Harbor Chat",
          "Account: ada@harborchat.example",
          "Date range: March 1, 2026 through March 31, 2026",
          "Data sought: message content",
          "Issued on May 10, 2026",
          "Signed: Harold Stone, District Court Judge",
        ]),
      },
    ],
  };
}

/** A plain warrant for one account, dated in the days of the visit. */
export function visitMail(deliveryKey: string, number: string, workspace: string, account: string): Mail {
  return {
    from: { name: "Special Agent Lena Ortiz", address: "lena.ortiz@exampleda.gov" },
    subject: `Search warrant ${number}, ${workspace}`,
    messageId: `<${number.toLowerCase()}@exampleda.gov>`,
    date: "Mon, 18 Jan 2027 08:58:00 -0700",
    text: [
      "Attached is a search warrant. Key:",
      deliveryKey,
      "",
      signature("Lena Ortiz", "Special Agent", "A-118", "Exampleton District Attorney's Office", "+1 303 555 0142", "lena.ortiz@exampleda.gov"),
    ].join("\n"),
    papers: [
      {
        name: "warrant.pdf",
        pdf: paperPdf([
          "DISTRICT COURT, EXAMPLETON COUNTY, STATE OF COLORADO",
          "SEARCH WARRANT",
          `Case No. ${number} (criminal)`,
          "To: Kutano, Inc.",
          "You are commanded to produce:",
          `Workspace: ${workspace}`,
          `Account: ${account}`,
          "Date range: January 1, 2026 through March 31, 2026",
          "Data sought: message content, sign-in history",
          "Issued on January 15, 2027",
          "Signed: Harold Stone, District Court Judge",
        ]),
      },
    ],
  };
}

export const newsletterMail: Mail = {
  from: { name: "The Bookshop", address: "hello@letters.bookshop.example" },
  subject: "Spring reading: twelve new novels",
  messageId: "<spring@letters.bookshop.example>",
  date: "Wed, 20 May 2026 07:00:00 -0600",
  text: "Dear reader,\n\nSpring is here, and so are twelve new novels. Visit our shop and save 10 % this week.\n\nUnsubscribe at any time.\n",
};

/** It keeps and hands nothing over: ninety days from its service. */
export const preservationMail: Mail = {
  from: reyes,
  subject: "Preservation letter, 26-PL-88",
  messageId: "<26-pl-88@exampleton.gov>",
  date: "Fri, 22 May 2026 09:00:00 -0600",
  text: [
    "Legal Process, Kutano, Inc.",
    "",
    "PRESERVATION LETTER PURSUANT TO 18 U.S.C. § 2703(f)",
    "Case No. 26-PL-88 (criminal: extortion)",
    "You are asked to preserve, pending further process, for the workspace Harbor Works:",
    "Account: celia@harborworks.example",
    "Date range: January 1, 2026 through May 20, 2026",
    "Data: sign-in history, message content",
    "Issued on May 22, 2026",
    "Signed: Detective Maria Reyes, Exampleton Police Department",
    "",
    reyesSignature,
  ].join("\n"),
};

/** A certificate for traffic data by an investigating judge; the authority of our own state was told and may refuse for ten days. */
export function europeanOrderMail(deliveryKey: string): Mail {
  const judge = { name: "Richterin Erika Beispiel", address: "erika.beispiel@beispielgericht.bund.de" };
  return {
    from: judge,
    subject: "European Production Order Certificate 123 Gs 456/26",
    messageId: "<123-gs-456-26@beispielgericht.bund.de>",
    date: "Mon, 07 Sep 2026 10:00:00 +0200",
    text: [
      "Legal Process, Kutano, Inc.",
      "",
      "Attached is a European Production Order Certificate in case 123 Gs 456/26 (criminal matter: fraud).",
      "Workspace: Harbor Works",
      "Account: celia@harborworks.example",
      "Date range: 1 January 2026 to 15 February 2026",
      "Data should be encrypted to this key:",
      deliveryKey,
      "",
      signature("Erika Beispiel", "Judge", "R-77", "Beispielgericht", "+49 30 5550100", judge.address),
    ].join("\n"),
    forms: [{ name: "epoc-123-gs-456-26.xml", xml: certificate }],
  };
}

const certificate = `<?xml version="1.0" encoding="UTF-8"?>
<f:EPOC xmlns:f="http://data.europa.eu/edm/1/ns/forms/EPOC-FORM_1#" xmlns:epoc="http://data.europa.eu/edm/1/ns/epoc" xmlns:eio="http://data.europa.eu/edm/1/ns/eio">
  <f:SectionB>
    <epoc:Addressee>
      <epoc:Authority><eio:NameOfAuthority>Kutano Europe, designated establishment</eio:NameOfAuthority></epoc:Authority>
      <eio:AuthorityTechnicalIdentifier><eio:Country>DE</eio:Country><eio:NationalId>DEX0456</eio:NationalId></eio:AuthorityTechnicalIdentifier>
    </epoc:Addressee>
    <epoc:EmergencyCase>false</epoc:EmergencyCase>
  </f:SectionB>
  <f:SectionC>
    <f:DataProductionInRelationToDeadline><f:WithinTenDays>AT_THE_END_OF_TEN_DAYS</f:WithinTenDays></f:DataProductionInRelationToDeadline>
  </f:SectionC>
  <f:SectionEToF>
    <epoc:Evidence>
      <epoc:Identifier>
        <epoc:Id>ID-1</epoc:Id>
        <epoc:Type>EMAIL</epoc:Type>
        <epoc:Value>celia@harborworks.example</epoc:Value>
        <epoc:DateTimeRange><epoc:Start>2026-01-01+01:00</epoc:Start><epoc:End>2026-02-15+01:00</epoc:End></epoc:DateTimeRange>
      </epoc:Identifier>
      <epoc:DataCategories><epoc:Traffic/></epoc:DataCategories>
    </epoc:Evidence>
  </f:SectionEToF>
  <f:SectionG><f:Offence>Fraud, section 263 of the criminal code</f:Offence></f:SectionG>
  <f:SectionI>
    <epoc:IssuingAndContactAuthority>
      <epoc:IssuingAuthority>
        <eio:NameOfAuthority>Beispielgericht</eio:NameOfAuthority>
        <eio:NameOfRepresentative>Erika Beispiel</eio:NameOfRepresentative>
        <eio:PostHeld>Investigating judge</eio:PostHeld>
        <eio:FileReference>123 Gs 456/26</eio:FileReference>
        <eio:TelNo>+49 30 5550100</eio:TelNo>
        <eio:Email>erika.beispiel@beispielgericht.bund.de</eio:Email>
      </epoc:IssuingAuthority>
    </epoc:IssuingAndContactAuthority>
    <epoc:Type>JUDGE_COURT_OR_INVESTIGATING_JUDGE</epoc:Type>
    <epoc:SignatureOfAuthority><epoc:Date>2026-09-04</epoc:Date><epoc:Place>Beispielstadt</epoc:Place></epoc:SignatureOfAuthority>
  </f:SectionI>
  <f:SectionK><f:EnforcingAuthority><eio:NameOfAuthority>Department of Example, Dublin</eio:NameOfAuthority></f:EnforcingAuthority></f:SectionK>
  <f:SectionL><f:ToWhomTransferTheData><f:AuthorityCompetences>ISSUING_AUTHORITY</f:AuthorityCompetences></f:ToWhomTransferTheData></f:SectionL>
</f:EPOC>
`;
