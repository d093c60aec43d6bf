/** A sealed file that no key given opens, or that was changed. */
export class NotOpened extends Error {}
