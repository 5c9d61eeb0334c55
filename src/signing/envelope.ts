import { decodeBase64 } from "./base64.ts";

/** One signature over an envelope's payload. */
export interface EnvelopeSignature {
  /** Which key the signer says it was. Nobody vouches for it, so it decides nothing. */
  readonly keyid: string;
  readonly sig: Uint8Array;
}

/** A DSSE v1 envelope: bytes, what they are, and who signed them. */
export interface Envelope {
  readonly payloadType: string;
  readonly payload: Uint8Array;
  readonly signatures: readonly EnvelopeSignature[];
}

/** As many as the highest threshold asks for (policy-model 10). */
export const envelopeSignaturesMax = 16;

/**
 * The bytes that are signed (DSSE v1, "Signature Definition"): type and payload, each with its
 * length in front, so that no two pairs of them give the same bytes.
 */
export function preAuthenticationEncoding(payloadType: string, payload: Uint8Array): Uint8Array {
  const typeBytes = Buffer.byteLength(payloadType);
  const head = `DSSEv1 ${typeBytes} ${payloadType} ${payload.byteLength} `;
  return Buffer.concat([Buffer.from(head), payload]);
}

/** The JSON form of an envelope (DSSE v1, "Envelope"), with a line end, as UTF-8. */
export function encodeEnvelope({ payload, payloadType, signatures }: Envelope): Uint8Array {
  const form = {
    payloadType,
    payload: Buffer.from(payload).toString("base64"),
    signatures: signatures.map(({ keyid, sig }) => ({
      keyid,
      sig: Buffer.from(sig).toString("base64"),
    })),
  };
  return Buffer.from(`${JSON.stringify(form)}\n`);
}

/**
 * The envelope that bytes hold, or undefined where they hold none. Fields it does not know are
 * left out, as the standard asks; a key id that is absent is an empty one.
 */
export function decodeEnvelope(bytes: Uint8Array): Envelope | undefined {
  const form = parseJson(bytes);
  if (!isObject(form)) return undefined;
  const { payload, payloadType, signatures } = form;
  if (typeof payloadType !== "string" || !Array.isArray(signatures)) return undefined;
  if (signatures.length > envelopeSignaturesMax) return undefined;
  const content = decodeBase64(payload);
  const read = signatures.map(readSignature);
  if (content === undefined || read.includes(undefined)) return undefined;
  return {
    payloadType,
    payload: content,
    signatures: read.filter((signature) => signature !== undefined),
  };
}

function readSignature(form: unknown): EnvelopeSignature | undefined {
  if (!isObject(form)) return undefined;
  const { keyid = "", sig } = form;
  const content = decodeBase64(sig);
  if (typeof keyid !== "string" || content === undefined) return undefined;
  return { keyid, sig: content };
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function parseJson(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(bytes));
  } catch {
    // What is no JSON holds no envelope, which is all that the caller wants to know.
    return undefined;
  }
}
