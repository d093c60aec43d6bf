// What the desk asks of the place where papers are redacted: look through one, show its pages, make the copy that may leave, and check it.
import type { RedactionLog } from "../production/redact/redaction-log.ts";
import type { Audience, Box, Removal, RemovalReason, Target } from "../production/redact/removals.ts";

/** Something about a paper that somebody must know. It names a page, an object or a place in the file, never what stands there. */
export interface PaperFinding {
  readonly code: PaperFindingCode;
  /** `refuses`: no copy is made. `look`: a person must look before approving. `note`: good to know. */
  readonly weight: "refuses" | "look" | "note";
  readonly page?: number;
  /** What is wrong and what to do. */
  readonly because: string;
}

export type PaperFindingCode =
  | "PDF_ENCRYPTED"
  | "PDF_BROKEN"
  | "PDF_TOO_LARGE"
  | "PDF_TOO_MANY_PAGES"
  | "PDF_PAGE_BROKEN"
  | "PDF_TOO_COSTLY"
  | "STOPPED"
  | "PDF_SIGNED"
  | "PDF_HAS_SCRIPT"
  | "PDF_HAS_ATTACHMENTS"
  | "PDF_HAS_FORM"
  | "PDF_DYNAMIC_FORM"
  | "PDF_REPAIRED"
  | "NO_TEXT_ON_PAGE"
  | "TEXT_GARBLED"
  | "HIDDEN_TEXT_LEFT_OUT"
  | "ANNOTATIONS_LEFT_OUT"
  | "PAGE_MADE_COARSER"
  | "ENGINES_DISAGREE"
  | "BAD_REMOVALS"
  | "NO_SUCH_PAGE"
  | "STALE_APPROVAL"
  | "PAGE_NOT_APPROVED";

/** The six ways in which a redaction fails, and what of each was seen. */
export interface BadRedaction {
  readonly code:
    | "TEXT_UNDER_RECTANGLE"
    | "TEXT_UNDER_IMAGE"
    | "TEXT_UNDER_ANNOTATION"
    | "TEXT_IN_BACKGROUND_COLOUR"
    | "INVISIBLE_TEXT"
    | "OCR_UNDER_IMAGE"
    | "TINY_TEXT"
    | "CLIPPED_TEXT"
    | "TEXT_OFF_PAGE"
    | "HIDDEN_LAYER"
    | "EARLIER_REVISION"
    | "ATTACHMENT"
    | "THUMBNAIL"
    | "OUTLINE_OR_METADATA";
  /** 1 rectangle, 2 annotation, 3 background colour, 4 invisible, tiny, clipped or under a scan, 5 cropped, off the page or in a hidden layer, 6 earlier states and side stores. */
  readonly class: 1 | 2 | 3 | 4 | 5 | 6;
  readonly page?: number;
  /** Words that can be read although nobody sees them; where words can be counted. */
  readonly words?: number;
}

/** Something that a copy still holds. It names the page or the object, never what it is. */
export interface Leak {
  readonly code:
    | "TERM_IN_PAGE_TEXT"
    | "TERM_IN_ANNOTATION"
    | "TERM_IN_OUTLINE"
    | "TERM_IN_METADATA"
    | "TERM_IN_ATTACHMENT"
    | "TERM_IN_FORM"
    | "TERM_IN_STREAM"
    | "TERM_IN_STRING"
    | "TERM_IN_NAME"
    | "TERM_OUTSIDE_OBJECTS"
    | "WORD_UNDER_A_BOX"
    | "FORBIDDEN_KEY"
    | "EARLIER_REVISION"
    | "TRAILING_BYTES"
    | "UNREADABLE"
    | "TOO_LARGE_TO_CHECK";
  readonly engine: "pdf.js" | "scan";
  readonly page?: number;
  readonly object?: number;
  /** The forbidden key, such as `JavaScript`: a word of the file format and from a closed list. */
  readonly key?: string;
}

export interface SurveyedPage {
  readonly page: number;
  /** Points, as a reader sees the page. */
  readonly width: number;
  readonly height: number;
  readonly words: number;
  /** Pictures on the page, in which no term can be found. */
  readonly pictures: number;
  /** Where boxes will stand for this audience. */
  readonly boxes: readonly { readonly box: Box; readonly reason: RemovalReason; readonly removal: number }[];
}

export type SurveyOutcome =
  | {
      readonly kind: "surveyed";
      /** Stands for this paper, these removals and this audience. An approval names it, so that it cannot serve another view. */
      readonly view: string;
      readonly pages: readonly SurveyedPage[];
      readonly findings: readonly PaperFinding[];
    }
  | Refused;

interface Refused {
  readonly kind: "refused";
  readonly findings: readonly [PaperFinding, ...PaperFinding[]];
}

export type PageImageOutcome = { readonly kind: "rendered"; readonly png: Uint8Array; readonly width: number; readonly height: number } | Refused;

export type RedactionOutcome =
  | {
      readonly kind: "redacted";
      readonly pdf: Uint8Array;
      readonly pages: number;
      readonly log: RedactionLog;
      readonly findings: readonly PaperFinding[];
    }
  /** The copy was made and something in it was found, so it was thrown away. */
  | { readonly kind: "leaks"; readonly leaks: readonly [Leak, ...Leak[]] }
  | Refused;

export type CheckOutcome =
  | { readonly kind: "clean"; readonly pages: number }
  | { readonly kind: "leaks"; readonly leaks: readonly [Leak, ...Leak[]] }
  | Refused;

export type InspectionOutcome = { readonly kind: "inspected"; readonly bad: readonly BadRedaction[]; readonly findings: readonly PaperFinding[] } | Refused;

export interface View {
  readonly audience: Audience;
  readonly removals: readonly Removal[];
}

export interface Approvals {
  /** `view` of the survey that the approver saw. */
  readonly view: string;
  readonly pages: readonly number[];
}

export interface Asking {
  readonly signal?: AbortSignal;
  readonly onPage?: (done: number, of: number) => void;
}

/**
 * Works on hostile papers in a place of its own. Bad input gives findings; a promise is rejected only after `close`. One task at a
 * time, in the order they were asked. Nothing is kept after an answer, and no half-made copy is ever handed out.
 */
export interface Redactor {
  survey(original: Uint8Array, view: View, asking?: Asking): Promise<SurveyOutcome>;
  /** One page as a picture for the preview: as it is, or as this view will show it. */
  renderPage(original: Uint8Array, page: number, view?: View): Promise<PageImageOutcome>;
  /** The copy for one audience. Every page must be approved; the check of the second engine is part of it and cannot be left out. */
  redact(original: Uint8Array, view: View, approvals: Approvals, asking?: Asking): Promise<RedactionOutcome>;
  /** Looks in a finished copy for what must be gone. */
  check(copy: Uint8Array, gone: readonly Target[], asking?: Asking): Promise<CheckOutcome>;
  /** Looks in any paper for redactions that do not hold. `terms` are looked for in what no page shows. */
  inspect(paper: Uint8Array, terms?: readonly string[], asking?: Asking): Promise<InspectionOutcome>;
  close(): Promise<void>;
}
