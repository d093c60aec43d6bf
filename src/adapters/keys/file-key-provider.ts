// Wraps the keys of cases with a key that lies in a file: the default where no key management service is at hand.
import { createCipheriv, createDecipheriv, randomBytes } from "node:crypto";
import type { KeyProvider } from "../../app/vault-port.ts";
import { createPrivateFile, readPrivateFile, replacePrivateFile } from "./private-file.ts";

interface WrappingKey {
  /** 8 random bytes in hex; stands in every blob, so that old blobs open after a rotation. */
  readonly id: string;
  readonly key: Buffer;
}

export interface FileKeyProvider extends KeyProvider {
  /** The id of the key that wraps now. */
  readonly activeKeyId: string;
  /** Whether the blob was wrapped with the key that wraps now. */
  isCurrent(wrapped: Uint8Array): boolean;
}

/** Opens the key file and makes it when it is missing. Throws when the file is damaged or open to others. */
export async function openFileKeyProvider(path: string): Promise<FileKeyProvider> {
  const text = (await readPrivateFile(path)) ?? (await createPrivateFile(path, lineOf(newKey())));
  return providerOf(parseKeys(path, text));
}

/** Adds a new wrapping key that wraps from now on; the old ones stay to open what they wrapped. */
export async function rotateKeyFile(path: string): Promise<FileKeyProvider> {
  const text = await readPrivateFile(path);
  if (text === undefined) throw new Error(`there is no key file ${path} to rotate`);
  const keys = [...parseKeys(path, text), newKey()];
  await replacePrivateFile(path, keys.map(lineOf).join(""));
  return providerOf(keys);
}

function newKey(): WrappingKey {
  return { id: randomBytes(8).toString("hex"), key: randomBytes(32) };
}

const fileLabel = "portcullis-wrapping-key-v1";

function lineOf({ id, key }: WrappingKey): string {
  return `${fileLabel} ${id} ${key.toString("base64")}\n`;
}

function parseKeys(path: string, text: string): readonly WrappingKey[] {
  const lines = text.split("\n").filter((line) => line !== "");
  const keys = lines.map((line) => {
    const [, id, key] = /^portcullis-wrapping-key-v1 ([0-9a-f]{16}) ([A-Za-z0-9+/]{43}=)$/.exec(line) ?? [];
    if (!id || !key) throw new Error(`the key file ${path} is damaged`);
    return { id, key: Buffer.from(key, "base64") };
  });
  if (keys.length === 0) throw new Error(`the key file ${path} holds no key`);
  return keys;
}

// Blob: version, key id, nonce, ciphertext, tag.
const version = 1;
const [idEnd, nonceEnd, tagBytes] = [9, 21, 16];

function providerOf(keys: readonly WrappingKey[]): FileKeyProvider {
  const active = keys.at(-1) as WrappingKey;
  return {
    activeKeyId: active.id,
    isCurrent: (wrapped) => idOf(wrapped) === active.id,
    wrap: async (key, context) => wrap(active, key, context),
    unwrap: async (wrapped, context) => {
      const id = idOf(wrapped);
      const holder = keys.find((key) => key.id === id);
      if (!holder) throw new Error(`the wrapping key ${id} is not in the key file`);
      return unwrap(holder, wrapped, context);
    },
  };
}

function idOf(wrapped: Uint8Array): string {
  if (wrapped[0] !== version || wrapped.length < nonceEnd + tagBytes) throw new Error("this is not a wrapped key");
  return Buffer.from(wrapped.subarray(1, idEnd)).toString("hex");
}

function boundTo(header: Uint8Array, context: string): Buffer {
  return Buffer.concat([Buffer.from("portcullis/wrap/v1\n"), header, Buffer.from(context)]);
}

function wrap({ id, key }: WrappingKey, dataKey: Uint8Array, context: string): Uint8Array {
  const header = Buffer.concat([Buffer.of(version), Buffer.from(id, "hex")]);
  const nonce = randomBytes(12);
  const cipher = createCipheriv("aes-256-gcm", key, nonce).setAAD(boundTo(header, context));
  return Buffer.concat([header, nonce, cipher.update(dataKey), cipher.final(), cipher.getAuthTag()]);
}

function unwrap({ key }: WrappingKey, wrapped: Uint8Array, context: string): Uint8Array {
  const end = wrapped.length - tagBytes;
  const decipher = createDecipheriv("aes-256-gcm", key, wrapped.subarray(idEnd, nonceEnd), { authTagLength: tagBytes })
    .setAAD(boundTo(wrapped.subarray(0, idEnd), context))
    .setAuthTag(wrapped.subarray(end));
  try {
    return Buffer.concat([decipher.update(wrapped.subarray(nonceEnd, end)), decipher.final()]);
  } catch (error) {
    throw new Error("a wrapped key was altered or belongs elsewhere", { cause: error });
  }
}
