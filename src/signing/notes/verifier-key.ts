import { hash } from "node:crypto";
import { invariant } from "../../base/index.ts";
import { decodeBase64 } from "../base64.ts";
import { readVerifyingKey } from "../ed25519.ts";

/** Bytes of a key id: the first of a SHA-256. */
export const keyIdBytes = 4;
/** The signature type of plain Ed25519 (C2SP signed-note). */
const ed25519Type = 0x01;
const publicKeyBytes = 32;

/** A public key that signatures of notes are held against (C2SP signed-note, type Ed25519). */
export interface NoteVerifier {
  readonly name: string;
  /** 4 bytes. */
  readonly keyId: Buffer;
  /** `<name>+<key id in hex>+<base64 of type and key>`. */
  readonly verifierKey: string;
  verify(bytes: Uint8Array, signature: Uint8Array): boolean;
}

/** Whether a key can have this name: not empty, no white space, no plus sign, well-formed. */
export function isNoteName(name: string): boolean {
  return /^[^\s+\p{Cc}]+$/u.test(name) && name.isWellFormed();
}

/** SHA-256(name ‖ 0x0A ‖ 0x01 ‖ public key), its first 4 bytes. */
export function keyIdOf(name: string, publicKey: Uint8Array): Buffer {
  const input = Buffer.concat([Buffer.from(`${name}\n`), Buffer.from([ed25519Type]), publicKey]);
  return hash("sha256", input, "buffer").subarray(0, keyIdBytes);
}

/** The text by which a key is handed out. */
export function formatVerifierKey(name: string, publicKey: Uint8Array): string {
  const typed = Buffer.concat([Buffer.from([ed25519Type]), publicKey]);
  return `${name}+${keyIdOf(name, publicKey).toString("hex")}+${typed.toString("base64")}`;
}

/** The name and the 32 bytes of the key in a verifier key, undefined where it is none. */
export function splitVerifierKey(
  text: string,
): { readonly name: string; readonly publicKey: Buffer } | undefined {
  // The base64 may itself contain a plus sign, a name never does.
  const [, name = "", id = "", encoded = ""] = /^([^+]+)\+([0-9a-f]{8})\+(.+)$/.exec(text) ?? [];
  const typed = decodeBase64(encoded);
  if (!isNoteName(name) || typed === undefined) return undefined;
  if (typed.length !== 1 + publicKeyBytes || typed[0] !== ed25519Type) return undefined;
  const publicKey = Buffer.from(typed.subarray(1));
  return keyIdOf(name, publicKey).toString("hex") === id ? { name, publicKey } : undefined;
}

/** The verifier of an Ed25519 verifier key; undefined where the text is none, or its id is wrong. */
export function parseVerifierKey(text: string): NoteVerifier | undefined {
  const parts = splitVerifierKey(text);
  if (parts === undefined) return undefined;
  const { name, publicKey } = parts;
  const key = readVerifyingKey(publicKey.toString("base64"));
  if (key === undefined) return undefined;
  return {
    name,
    keyId: keyIdOf(name, publicKey),
    verifierKey: text,
    verify: (bytes, signature) => key.verify(bytes, signature),
  };
}

/** The same key under another name, as anchors know a root under the name of a log. */
export function renameVerifier(verifier: NoteVerifier, name: string): NoteVerifier {
  const parts = splitVerifierKey(verifier.verifierKey);
  invariant(parts !== undefined && isNoteName(name), "a verifier has a key, and a key a name");
  return {
    name,
    keyId: keyIdOf(name, parts.publicKey),
    verifierKey: formatVerifierKey(name, parts.publicKey),
    verify: (bytes, signature) => verifier.verify(bytes, signature),
  };
}
