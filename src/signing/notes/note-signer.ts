import {
  createPrivateKey,
  createPublicKey,
  generateKeyPairSync,
  type KeyObject,
  sign,
} from "node:crypto";
import { invariant } from "../../base/index.ts";
import { rawPublicKey } from "../ed25519.ts";
import { formatVerifierKey, isNoteName, keyIdOf, splitVerifierKey } from "./verifier-key.ts";

/** What signs notes: a key in memory, in a file, or in a device that only gives signatures. */
export interface NoteSigner {
  readonly name: string;
  /** 4 bytes, which follow from name and key. */
  readonly keyId: Buffer;
  /** What verifiers are to be given. */
  readonly verifierKey: string;
  /** The Ed25519 signature over the text of a note, 64 bytes. */
  sign(bytes: Uint8Array): Uint8Array;
}

/** PKCS#8 of an Ed25519 key up to its seed (RFC 8410 section 7). */
const pkcs8Head = Buffer.from("302e020100300506032b657004220420", "hex");
const seedBytes = 32;

/** A signer from the 32 bytes of an Ed25519 seed (RFC 8032 section 5.1.5). */
export function createNoteSigner(name: string, seed: Uint8Array): NoteSigner {
  invariant(seed.length === seedBytes, "an Ed25519 seed has 32 bytes");
  const der = Buffer.concat([pkcs8Head, seed]);
  return signerOf(name, createPrivateKey({ key: der, format: "der", type: "pkcs8" }));
}

/** A signer with a new key that only this process has. */
export function generateNoteSigner(name: string): NoteSigner {
  return signerOf(name, generateKeyPairSync("ed25519").privateKey);
}

/** A new key as the text of a file: PKCS#8 in PEM. */
export function generateNoteKey(): string {
  return generateKeyPairSync("ed25519")
    .privateKey.export({ format: "pem", type: "pkcs8" })
    .toString();
}

/** A signer with the key of a PKCS#8 text in PEM; undefined where it holds no Ed25519 key. */
export function readNoteSigner(name: string, pem: string): NoteSigner | undefined {
  const key = readPrivateKey(pem);
  return key?.asymmetricKeyType === "ed25519" ? signerOf(name, key) : undefined;
}

/** The same key under another name, which gives it another id. */
export function renameSigner(signer: NoteSigner, name: string): NoteSigner {
  const parts = splitVerifierKey(signer.verifierKey);
  invariant(parts !== undefined, "a signer has a verifier key");
  return { ...identityOf(name, parts.publicKey), sign: (bytes) => signer.sign(bytes) };
}

function signerOf(name: string, key: KeyObject): NoteSigner {
  const publicKey = Buffer.from(rawPublicKey(createPublicKey(key)), "base64");
  return { ...identityOf(name, publicKey), sign: (bytes) => sign(null, bytes, key) };
}

/** What is known of a signer without its private key. */
export function identityOf(name: string, publicKey: Uint8Array): Omit<NoteSigner, "sign"> {
  invariant(isNoteName(name), "the name of a key has neither white space nor a plus sign");
  return {
    name,
    keyId: keyIdOf(name, publicKey),
    verifierKey: formatVerifierKey(name, publicKey),
  };
}

function readPrivateKey(pem: string): KeyObject | undefined {
  // Only the form that holds nothing but a key: no other encoding is guessed at.
  if (!pem.includes("-----BEGIN PRIVATE KEY-----")) return undefined;
  try {
    return createPrivateKey(pem);
  } catch {
    // The library's reasons are about ASN.1; the caller says what it wanted instead.
    return undefined;
  }
}
