import { hash } from "node:crypto";
import { decodeBase64, isNoteName, readVerifyingKey, type SignedNote } from "../signing/index.ts";

/** Signature type of a cosignature with a time stamp (C2SP tlog-cosignature). */
const cosignatureType = 0x04;
const keyIdBytes = 4;
const publicKeyBytes = 32;
const timestampBytes = 8;

/** The key of a witness. */
export interface WitnessKey {
  readonly name: string;
  /** Whether the note has a cosignature by it. */
  hasSigned(note: SignedNote): boolean;
}

/**
 * The key in `<name>+<key id in hex>+<base64 of type 4 and key>`, undefined where the text is none
 * (C2SP tlog-cosignature).
 */
export function parseWitnessKey(text: string): WitnessKey | undefined {
  const [, name = "", id = "", encoded = ""] = /^([^+]+)\+([0-9a-f]{8})\+(.+)$/.exec(text) ?? [];
  const typed = decodeBase64(encoded);
  if (!isNoteName(name) || typed?.length !== 1 + publicKeyBytes) return undefined;
  if (typed[0] !== cosignatureType) return undefined;
  const input = Buffer.concat([Buffer.from(`${name}\n`), typed]);
  const keyId = hash("sha256", input, "buffer").subarray(0, keyIdBytes);
  if (keyId.toString("hex") !== id) return undefined;
  const key = readVerifyingKey(Buffer.from(typed.subarray(1)).toString("base64"));
  if (key === undefined) return undefined;
  return {
    name,
    hasSigned: ({ signatures, text: checkpoint }) =>
      signatures.some((line) => {
        if (line.name !== name || !line.keyId.equals(keyId)) return false;
        if (line.signature.length <= timestampBytes) return false;
        const seconds = line.signature.readBigUInt64BE(0);
        const signed = Buffer.from(`cosignature/v1\ntime ${seconds}\n${checkpoint}`);
        return key.verify(signed, line.signature.subarray(timestampBytes));
      }),
  };
}
