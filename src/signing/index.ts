/**
 * Digests and the canonical form they are taken over, and signed envelopes (DSSE v1, Ed25519).
 * Knows bytes and JSON values, not policies or records; it decides about no key whether it is
 * trusted. Start with `digestOf` and `preAuthenticationEncoding`.
 */
export { canonicalJson } from "./canonical-json.ts";
export { digestOf, sha256Hex } from "./digest.ts";
export {
  rawPublicKey,
  readSigningKey,
  readVerifyingKey,
  type SigningKey,
  type VerifyingKey,
} from "./ed25519.ts";
export {
  decodeEnvelope,
  type Envelope,
  type EnvelopeSignature,
  encodeEnvelope,
  envelopeSignaturesMax,
  preAuthenticationEncoding,
} from "./envelope.ts";
