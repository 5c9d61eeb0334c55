import { createPrivateKey, createPublicKey, type KeyObject, sign, verify } from "node:crypto";
import { decodeBase64 } from "./base64.ts";

/** A private key that is ready to sign. */
export interface SigningKey {
  /** How signatures name it. */
  readonly id: string;
  /** The 32 bytes of the public half in base64, as a key ring lists it. */
  readonly publicKey: string;
  /** The Ed25519 signature (RFC 8032 section 5.1), 64 bytes. */
  sign(bytes: Uint8Array): Uint8Array;
}

/** A public key that signatures are held against. */
export interface VerifyingKey {
  verify(bytes: Uint8Array, signature: Uint8Array): boolean;
}

const publicKeyBytes = 32;
const signatureBytes = 64;

/**
 * The key of a PKCS#8 text in PEM (RFC 5958, RFC 7468), or undefined where it holds no Ed25519
 * private key, or one behind a passphrase.
 */
export function readSigningKey(id: string, pem: string): SigningKey | undefined {
  const key = readPrivateKey(pem);
  if (key === undefined || key.asymmetricKeyType !== "ed25519") return undefined;
  return {
    id,
    publicKey: rawPublicKey(createPublicKey(key)),
    sign: (bytes) => sign(null, bytes, key),
  };
}

/** A key from its 32 bytes in base64 (RFC 8032 section 5.1.5), or undefined where it is none. */
export function readVerifyingKey(base64: string): VerifyingKey | undefined {
  const raw = decodeBase64(base64);
  if (raw?.byteLength !== publicKeyBytes) return undefined;
  const x = Buffer.from(raw).toString("base64url");
  const key = createPublicKey({ key: { kty: "OKP", crv: "Ed25519", x }, format: "jwk" });
  return {
    verify: (bytes, signature) =>
      signature.byteLength === signatureBytes && verify(null, bytes, key, signature),
  };
}

/** The 32 bytes of an Ed25519 public key in base64. */
export function rawPublicKey(key: KeyObject): string {
  const { x = "" } = key.export({ format: "jwk" });
  return Buffer.from(x, "base64url").toString("base64");
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
