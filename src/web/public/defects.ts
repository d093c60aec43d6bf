// What is wrong with the documents themselves, and how the desk reads them until somebody mends them.

/** Defect id → what is wrong and the reading in force. */
export const defectWords: ReadonlyMap<string, string> = new Map([
  [
    "X-03",
    "Neither document has a way for emergencies or consent, though the law would permit one. The desk gives nothing of its own will unless a published policy says otherwise.",
  ],
  ["X-04", "The document names a mailbox and leaves its address out. The address is a setting of the desk, and this page is not complete without it."],
  [
    "X-05",
    "The document excludes live surveillance, but the law can compel it. The desk has no such collection; a paper that asks for it goes to counsel and is never simply refused.",
  ],
  ["X-06", "Read word for word, “TLS 1.2” forbids the newer and safer TLS 1.3. The desk reads it as 1.2 or higher."],
  [
    "X-07",
    "The documents ask for three different efforts to have silence lifted: trying, best efforts, and what is commercially reasonable. The desk makes best efforts in every case.",
  ],
  [
    "X-08",
    "Another contract of the company says that it complies with all orders; this document says only with valid ones. For customers' data this document wins.",
  ],
  [
    "X-24",
    "One document excuses silence only when the law explicitly forbids telling; the other also names illegal conduct and a risk of harm. Where both bind, the stricter one counts.",
  ],
  ["X-25", "One sentence aims at telling the customer, another at telling data protection authorities. The desk makes and records both attempts separately."],
]);
