import { invariant } from "../../base/index.ts";
import { signNote } from "./note.ts";
import { identityOf, type NoteSigner } from "./note-signer.ts";
import { parseVerifierKey, splitVerifierKey } from "./verifier-key.ts";

/**
 * A key that introduces others (audit-and-operations 4.3). It signs seldom, so that it may be
 * somewhere else: in a key management service or a hardware module. Any `NoteSigner` is one.
 */
export interface RootSigner extends Omit<NoteSigner, "sign"> {
  /** The Ed25519 signature over the text of a note, 64 bytes. Rejects with why there is none. */
  sign(bytes: Uint8Array, signal?: AbortSignal): Uint8Array | Promise<Uint8Array>;
}

/** What was given for a signature does not verify with the key it should be by. */
class UnverifiedSignature extends Error {
  override readonly name = "UnverifiedSignature";
  readonly code = "unverified_signature";
}

/**
 * A root whose private half is elsewhere. What comes from there is verified before it is given out:
 * rejects with an error of code `unverified_signature` where it is not by this key. Undefined where
 * the public key is none; its 32 bytes are as in RFC 8032 section 5.1.5.
 */
export function createRootSigner(
  name: string,
  publicKey: Uint8Array,
  sign: (bytes: Uint8Array, signal: AbortSignal | undefined) => Promise<Uint8Array>,
): RootSigner | undefined {
  const identity = identityOf(name, publicKey);
  const verifier = parseVerifierKey(identity.verifierKey);
  if (verifier === undefined) return undefined;
  return {
    ...identity,
    async sign(bytes, signal) {
      const signature = await sign(bytes, signal);
      if (verifier.verify(bytes, signature)) return signature;
      throw new UnverifiedSignature(
        `expected a signature that verifies with ${verifier.verifierKey}`,
      );
    },
  };
}

/** A text and the signature of a root over it. Rejects with why there is none. */
export async function signAsRoot(
  text: string,
  root: RootSigner,
  signal?: AbortSignal,
): Promise<string> {
  const signature = await root.sign(Buffer.from(text), signal);
  return signNote(text, [{ ...root, sign: () => signature }]);
}

/** The same root under another name, which gives its key another id. */
export function renameRoot(root: RootSigner, name: string): RootSigner {
  const parts = splitVerifierKey(root.verifierKey);
  invariant(parts !== undefined, "a signer has a verifier key");
  return {
    ...identityOf(name, parts.publicKey),
    sign: (bytes, signal) => root.sign(bytes, signal),
  };
}
