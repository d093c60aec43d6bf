// How a fact points at something that may have to be forgotten.

/** A reference into the vault and the salted commitment of what lies there: all that a fact may say about a name. */
export interface Vaulted {
  readonly vault: string;
  /** Base64 of SHA-256 over salt and value; the salt lies with the value. */
  readonly commitment: string;
}
