// Passkeys: a member of staff proves with a device of their own who they are; the desk keeps a public key and no secret.
import { generateAuthenticationOptions, generateRegistrationOptions, verifyAuthenticationResponse, verifyRegistrationResponse } from "@simplewebauthn/server";
import type {
  AuthenticationExtensionsClientInputs,
  AuthenticationResponseJSON,
  AuthenticatorTransport,
  PublicKeyCredentialCreationOptionsJSON,
  PublicKeyCredentialRequestOptionsJSON,
  RegistrationResponseJSON,
} from "@simplewebauthn/server";
import { decodeClientDataJSON, isoBase64URL } from "@simplewebauthn/server/helpers";
import { z } from "zod";
import type { Actor } from "../kernel/ids.ts";
import type { Instant } from "../kernel/instant.ts";
import type { Json } from "../ledger/canonical-json.ts";
import type { Desk } from "./desk.ts";
import { findSealed } from "./desk.ts";
import { findStaff, recordEntry, type Staff } from "./directory.ts";

/** Where the browser stands: passkeys are bound to it. */
export interface PasskeyPlace {
  /** `https://desk.example.org`, without a final slash. */
  readonly origin: string;
  /** The host name of the origin. */
  readonly rpId: string;
}

/** A passkey as it lies in the vault. */
export interface Passkey {
  /** Credential id in Base64url. */
  readonly id: string;
  /** COSE public key in Base64url. */
  readonly publicKey: string;
  /** The highest signature counter seen; 0 for authenticators that do not count. */
  readonly counter: number;
  readonly transports: readonly string[];
  /** True when it is kept on several devices of its owner. */
  readonly synced: boolean;
  readonly addedAt: Instant;
}

type Place = Pick<Desk, "id" | "ports" | "profile">;
type Refused = { readonly kind: "refused"; readonly because: string };

const challengeMinutes = 5;
const challengePurpose = "passkey-challenge";

/** A passkey counts from a browser at this address; undefined where browsers allow none (an IP address, plain HTTP). */
export function passkeyPlace(profile: Desk["profile"], requestUrl: string): PasskeyPlace | undefined {
  const { origin, hostname, protocol } = new URL(profile.publicUrl ?? requestUrl);
  const isNumber = /^[\d.]+$|^\[/.test(hostname);
  return isNumber || (protocol !== "https:" && hostname !== "localhost") ? undefined : { origin, rpId: hostname };
}

/** The passkeys of a member of staff, oldest first; one recorded again under the same credential renews its counter. */
export async function passkeysOf(desk: Place, staff: Staff): Promise<readonly Passkey[]> {
  const newest = new Map(staff.passkeys.map(({ credential, passkey }) => [credential, passkey]));
  const opened = await Promise.all([...newest.values()].map((sealed) => findSealed(desk.ports, desk.id, sealed)));
  return opened.flatMap((value) => (value === undefined ? [] : [value as unknown as Passkey]));
}

/** What the browser needs to make a passkey; the challenge in it works once, for this person, for five minutes. */
export async function offerPasskey(desk: Place, staff: Staff, place: PasskeyPlace): Promise<PublicKeyCredentialCreationOptionsJSON> {
  const known = await passkeysOf(desk, staff);
  return generateRegistrationOptions({
    rpName: desk.profile.legalEntity,
    rpID: place.rpId,
    userName: staff.email,
    userDisplayName: staff.name,
    userID: isoBase64URL.toBuffer(await desk.ports.vault.digest(desk.id, "passkey-user", staff.id)),
    challenge: await offerChallenge(desk, `add:${staff.id}`),
    excludeCredentials: known.map(({ id, transports }) => ({ id, transports: [...transports] })),
    authenticatorSelection: { residentKey: "required", userVerification: "required" },
    // So that the passkey can give its owner's browser a secret later: an approver's key is made from it.
    extensions: { prf: {} } as AuthenticationExtensionsClientInputs,
  });
}

export async function offerPasskeySignIn(desk: Place, place: PasskeyPlace): Promise<PublicKeyCredentialRequestOptionsJSON> {
  return generateAuthenticationOptions({ rpID: place.rpId, challenge: await offerChallenge(desk, "sign-in"), userVerification: "required" });
}

async function offerChallenge(desk: Place, subject: string): Promise<Uint8Array<ArrayBuffer>> {
  const challenge = new Uint8Array(desk.ports.chance.bytes(32));
  const expiresAt = Temporal.Instant.from(desk.ports.clock.now()).add({ minutes: challengeMinutes }).toString({ smallestUnit: "millisecond" }) as Instant;
  await desk.ports.signIn.offer(desk.id, await challengeDigest(desk, isoBase64URL.fromBuffer(challenge)), { purpose: challengePurpose, subject, expiresAt });
  return challenge;
}

function challengeDigest(desk: Place, challenge: string): Promise<string> {
  return desk.ports.vault.digest(desk.id, challengePurpose, challenge);
}

/** Each challenge answers one question of one person: spent before anything else is looked at, whatever the answer is worth. */
async function spendChallenge(desk: Place, clientDataJSON: string, subject: string): Promise<string | undefined> {
  const challenge = challengeIn(clientDataJSON);
  if (challenge === undefined) return undefined;
  const spent = await desk.ports.signIn.spend(desk.id, await challengeDigest(desk, challenge), challengePurpose, desk.ports.clock.now());
  return spent === subject ? challenge : undefined;
}

function challengeIn(clientDataJSON: string): string | undefined {
  try {
    const { challenge } = decodeClientDataJSON(clientDataJSON);
    return typeof challenge === "string" ? challenge : undefined;
  } catch {
    return undefined;
  }
}

const text = z.string().max(20_000);
const credentialText = z.string().min(1).max(2000);
const common = {
  id: credentialText,
  rawId: credentialText,
  type: z.literal("public-key"),
  authenticatorAttachment: z.string().max(40).optional(),
  clientExtensionResults: z.looseObject({}),
};
const registration = z.object({
  ...common,
  response: z.object({ clientDataJSON: text, attestationObject: text, transports: z.array(z.string().max(40)).max(10).optional() }),
});
const authentication = z.object({
  ...common,
  response: z.object({ clientDataJSON: text, authenticatorData: text, signature: text, userHandle: text.optional() }),
});

const stale: Refused = { kind: "refused", because: "This attempt has expired or was used before. Start again." };
const notVerified: Refused = {
  kind: "refused",
  because: "The browser's answer could not be verified. Start again, on this page and with this desk's address.",
};
const notKnown: Refused = { kind: "refused", because: "The desk does not know this passkey. Sign in with a one-time link and add it, or use another one." };

/** Checks what the browser made and records it; a credential id belongs to one member of staff. */
export async function addPasskey(desk: Place, staff: Staff, place: PasskeyPlace, answer: unknown): Promise<{ readonly kind: "added" } | Refused> {
  const parsed = registration.safeParse(answer);
  if (!parsed.success) return notVerified;
  const challenge = await spendChallenge(desk, parsed.data.response.clientDataJSON, `add:${staff.id}`);
  if (challenge === undefined) return stale;
  const verified = await orRefused(() =>
    verifyRegistrationResponse({
      response: parsed.data as unknown as RegistrationResponseJSON,
      expectedChallenge: challenge,
      expectedOrigin: place.origin,
      expectedRPID: place.rpId,
    }),
  );
  if (verified?.verified !== true) return notVerified;
  const { credential, credentialBackedUp } = verified.registrationInfo;
  const passkey: Passkey = {
    id: credential.id,
    publicKey: isoBase64URL.fromBuffer(credential.publicKey),
    counter: credential.counter,
    transports: credential.transports ?? [],
    synced: credentialBackedUp,
    addedAt: desk.ports.clock.now(),
  };
  const recorded = await recordPasskey(desk, staff.id, passkey, await claimKey(desk, passkey.id));
  return recorded === "recorded" ? { kind: "added" } : { kind: "refused", because: "This passkey is known to the desk already." };
}

/** The session is opened by the caller; who signs in follows from the credential alone. */
export async function signInWithPasskey(
  desk: Place,
  place: PasskeyPlace,
  answer: unknown,
): Promise<{ readonly kind: "signed-in"; readonly staff: string } | Refused> {
  const parsed = authentication.safeParse(answer);
  if (!parsed.success) return notVerified;
  const challenge = await spendChallenge(desk, parsed.data.response.clientDataJSON, "sign-in");
  if (challenge === undefined) return stale;
  const found = await findByCredential(desk, parsed.data.id);
  if (found === undefined) return notKnown;
  const { staff, passkey } = found;
  const credential = {
    id: passkey.id,
    publicKey: isoBase64URL.toBuffer(passkey.publicKey),
    counter: passkey.counter,
    transports: [...passkey.transports] as AuthenticatorTransport[],
  };
  const verified = await orRefused(() =>
    verifyAuthenticationResponse({
      response: parsed.data as unknown as AuthenticationResponseJSON,
      expectedChallenge: challenge,
      expectedOrigin: place.origin,
      expectedRPID: place.rpId,
      credential,
    }),
  );
  if (verified?.verified !== true) return notVerified;
  const { newCounter } = verified.authenticationInfo;
  if (newCounter > passkey.counter) await recordPasskey(desk, staff.id, { ...passkey, counter: newCounter });
  return { kind: "signed-in", staff: staff.id };
}

/** The library throws on every answer that is not what it claims, a counter that ran backwards among them. */
async function orRefused<Verdict>(verify: () => Promise<Verdict>): Promise<Verdict | undefined> {
  try {
    return await verify();
  } catch {
    return undefined;
  }
}

/** How facts name a passkey. */
export function credentialDigest(desk: Pick<Place, "id" | "ports">, credentialId: string): Promise<string> {
  return desk.ports.vault.digest(desk.id, "passkey", credentialId);
}

async function findByCredential(desk: Place, credentialId: string): Promise<{ readonly staff: Staff; readonly passkey: Passkey } | undefined> {
  const stream = await desk.ports.claims.find(desk.id, await claimKey(desk, credentialId));
  const staff = stream?.startsWith("staff:") === true ? await findStaff(desk, stream.slice("staff:".length)) : undefined;
  const passkey = staff === undefined ? undefined : (await passkeysOf(desk, staff)).find(({ id }) => id === credentialId);
  return staff === undefined || passkey === undefined ? undefined : { staff, passkey };
}

async function claimKey(desk: Place, credentialId: string): Promise<string> {
  return `passkey:${await credentialDigest(desk, credentialId)}`;
}

async function recordPasskey(desk: Place, staff: string, passkey: Passkey, claim?: string) {
  const credential = await credentialDigest(desk, passkey.id);
  return recordEntry(desk.ports, desk.id, {
    stream: `staff:${staff}`,
    by: `staff:${staff}` as Actor,
    value: passkey as unknown as Json,
    claims: claim === undefined ? [] : [{ key: claim }],
    fact: (sealed) => ({ type: "PasskeyAdded", staff, credential, passkey: sealed }),
  });
}
