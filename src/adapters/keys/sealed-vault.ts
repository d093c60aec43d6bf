// Seals what may have to be forgotten: every case has a key of its own, and destroying that key forgets the case.
import { createCipheriv, createDecipheriv, createHmac, randomBytes } from "node:crypto";
import {
  CaseForgotten,
  type CaseKeys,
  type CaseKeyState,
  type KeyProvider,
  type OpenedValue,
  type PreparedValues,
  type Vault,
  type VaultTables,
} from "../../app/vault-port.ts";
import type { DeskId } from "../../kernel/ids.ts";
import { canonicalJson, type Json } from "../../ledger/canonical-json.ts";
import type { VaultRow } from "../../ledger/port.ts";
import { sha256 } from "./log-signing.ts";

export interface VaultParts {
  readonly tables: VaultTables;
  readonly provider: KeyProvider;
}

export function openVault(parts: VaultParts): Vault & CaseKeys {
  const secrets = new Map<DeskId, Promise<Uint8Array>>();
  return {
    prepare: (desk, caseId, values) => prepare(parts, desk, caseId, values),
    open: (desk, ref, commitment) => open(parts, desk, ref, commitment),
    forget: async (desk, caseId) => {
      if (caseId === digestCase) throw new RangeError("the desk's digest secret cannot be forgotten: claims rest on it");
      await parts.tables.forgetCase(desk, caseId);
    },
    digest: async (desk, purpose, value) => {
      const secret = secrets.get(desk) ?? obtain(parts, desk, digestCase);
      secrets.set(desk, secret);
      secret.catch(() => secrets.delete(desk));
      return digestWith(await secret, purpose, value);
    },
    obtain: (desk, caseId) => obtain(parts, desk, caseId),
    find: (desk, caseId) => find(parts, desk, caseId),
  };
}

/** Wraps every case key with the key that wraps now; may be interrupted and run again. Returns how many it renewed. */
export async function rewrapCaseKeys({ tables, provider }: VaultParts, isCurrent: (wrapped: Uint8Array) => boolean): Promise<number> {
  let renewed = 0;
  for (let page = await tables.keysAfter(undefined, 500); page.length > 0; page = await tables.keysAfter(page.at(-1), 500)) {
    for (const stored of page.filter(({ wrappedKey }) => !isCurrent(wrappedKey))) {
      const context = keyContext(stored.desk, stored.caseId);
      await tables.replaceKey(stored, await provider.wrap(await provider.unwrap(stored.wrappedKey, context), context));
      renewed++;
    }
  }
  return renewed;
}

/** Stands in the place of a case id for the secret behind the desk's keyed digests. */
const digestCase = "desk:digest";

function keyContext(desk: DeskId, caseId: string): string {
  return canonicalJson(["case-key", desk, caseId]);
}

async function obtain({ tables, provider }: VaultParts, desk: DeskId, caseId: string): Promise<Uint8Array> {
  const context = keyContext(desk, caseId);
  const state = (await tables.findCaseKey(desk, caseId)) ?? (await tables.holdCaseKey(desk, caseId, await provider.wrap(randomBytes(32), context)));
  return provider.unwrap(heldKey(state), context);
}

async function find({ tables, provider }: VaultParts, desk: DeskId, caseId: string): Promise<Uint8Array | undefined> {
  const state = await tables.findCaseKey(desk, caseId);
  return state?.kind === "held" ? provider.unwrap(state.wrappedKey, keyContext(desk, caseId)) : undefined;
}

function heldKey(state: CaseKeyState): Uint8Array {
  if (state.kind === "forgotten") throw new CaseForgotten();
  return state.wrappedKey;
}

async function prepare({ tables, provider }: VaultParts, desk: DeskId, caseId: string, values: readonly Json[]): Promise<PreparedValues> {
  const context = keyContext(desk, caseId);
  const state = await tables.findCaseKey(desk, caseId);
  const key = state ? await provider.unwrap(heldKey(state), context) : randomBytes(32);
  const caseKeys = state ? [] : [{ caseId, wrappedKey: await provider.wrap(key, context) }];
  const sealed = values.map((value) => seal(desk, caseId, key, value));
  return {
    values: sealed.map(({ row, commitment }) => ({ vault: row.ref, commitment })),
    alongside: { vault: sealed.map(({ row }) => row), caseKeys },
  };
}

// Ciphertext: version, nonce, then sealed: salt and canonical JSON; tag.
const version = 1;
const [nonceEnd, tagBytes, saltBytes] = [13, 16, 32];

function boundTo(desk: DeskId, caseId: string, ref: string, versionByte: number): Buffer {
  return Buffer.from(canonicalJson(["portcullis/vault/v1", desk, "vault", caseId, ref, versionByte]));
}

function seal(desk: DeskId, caseId: string, key: Uint8Array, value: Json): { readonly row: VaultRow; readonly commitment: string } {
  const ref = randomBytes(16).toString("base64url");
  const content = Buffer.concat([randomBytes(saltBytes), Buffer.from(canonicalJson(value))]);
  const nonce = randomBytes(nonceEnd - 1);
  const cipher = createCipheriv("aes-256-gcm", key, nonce).setAAD(boundTo(desk, caseId, ref, version));
  const ciphertext = Buffer.concat([Buffer.of(version), nonce, cipher.update(content), cipher.final(), cipher.getAuthTag()]);
  return { row: { ref, caseId, ciphertext }, commitment: commitmentOf(content) };
}

function commitmentOf(content: Uint8Array): string {
  return Buffer.from(sha256(Buffer.concat([Buffer.from("portcullis/vault/v1\n"), content]))).toString("base64");
}

async function open({ tables, provider }: VaultParts, desk: DeskId, ref: string, expected: string | undefined): Promise<OpenedValue> {
  const found = await tables.findValue(desk, ref);
  if (!found) return { kind: "missing" };
  if (found.key?.kind === "forgotten") return { kind: "forgotten" };
  if (!found.key) throw new Error("a sealed value has no case key");
  const key = await provider.unwrap(found.key.wrappedKey, keyContext(desk, found.caseId));
  const content = unseal(found.ciphertext, key, boundTo(desk, found.caseId, ref, found.ciphertext[0] ?? 0));
  const commitment = commitmentOf(content);
  if (expected !== undefined && expected !== commitment) throw new Error("a sealed value is not the one its fact commits to");
  return { kind: "open", value: JSON.parse(content.subarray(saltBytes).toString()) as Json, commitment };
}

function unseal(ciphertext: Uint8Array, key: Uint8Array, bound: Buffer): Buffer {
  const end = ciphertext.length - tagBytes;
  if (ciphertext[0] !== version || end < nonceEnd + saltBytes) throw new Error("a sealed value is damaged");
  const decipher = createDecipheriv("aes-256-gcm", key, ciphertext.subarray(1, nonceEnd), { authTagLength: tagBytes })
    .setAAD(bound)
    .setAuthTag(ciphertext.subarray(end));
  try {
    return Buffer.concat([decipher.update(ciphertext.subarray(nonceEnd, end)), decipher.final()]);
  } catch (error) {
    throw new Error("a sealed value was altered or moved", { cause: error });
  }
}

function digestWith(secret: Uint8Array, purpose: string, value: string): string {
  return createHmac("sha256", secret)
    .update(canonicalJson(["portcullis/digest/v1", purpose, value]))
    .digest("base64url");
}
