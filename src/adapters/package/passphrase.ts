// Makes a passphrase that can be read out on the telephone: ten words of a list that is known to be told apart by ear and eye.
import { randomInt } from "node:crypto";
import { wordlist } from "@scure/bip39/wordlists/english.js";

/** Eleven bits each: 110 bits. */
const words = 10;

/** It goes to the officer another way than the package and is kept nowhere. */
export function makePassphrase(): string {
  return Array.from({ length: words }, () => wordlist[randomInt(wordlist.length)]).join("-");
}
