/**
 * Digests and the canonical form they are taken over, signed envelopes (DSSE v1, Ed25519), and what
 * a transparency log is made of: its tree (RFC 6962, in `tree/`) and signed notes (C2SP, in
 * `notes/`). Knows bytes and JSON values, not policies or records; it decides about no key whether
 * it is trusted. Start with `digestOf`, `preAuthenticationEncoding`, `CompactRange`, `signNote`.
 */
export { decodeBase64 } from "./base64.ts";
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
export { type Checkpoint, formatCheckpoint, parseCheckpoint } from "./notes/checkpoint.ts";
export { formatKeyStatement, type KeyStatement, parseKeyStatement } from "./notes/key-statement.ts";
export {
  checkNote,
  type NoteSignature,
  type NoteStanding,
  parseNote,
  type SignedNote,
  signNote,
} from "./notes/note.ts";
export {
  createNoteSigner,
  generateNoteKey,
  generateNoteSigner,
  type NoteSigner,
  readNoteSigner,
  renameSigner,
} from "./notes/note-signer.ts";
export {
  createRootSigner,
  type RootSigner,
  renameRoot,
  signAsRoot,
} from "./notes/root-signer.ts";
export { formatTlogProof, parseTlogProof, type TlogProof } from "./notes/tlog-proof.ts";
export {
  isNoteName,
  type NoteVerifier,
  parseVerifierKey,
  renameVerifier,
} from "./notes/verifier-key.ts";
export { CompactRange, type SubtreeSink } from "./tree/compact-range.ts";
export { emptyRoot, hashBytes, leafHash, leafPrefix, nodeHash } from "./tree/hashing.ts";
export {
  consistencyProof,
  type InclusionClaim,
  inclusionProof,
  type SubtreeHashes,
  type TreeHead,
  verifyConsistency,
  verifyInclusion,
} from "./tree/proofs.ts";
export { type TakeTile, TileEdge } from "./tree/tile-edge.ts";
export { type ReadTile, TileHashes } from "./tree/tile-hashes.ts";
export {
  hashInTile,
  type Tile,
  tileHeight,
  tilePath,
  tilesBetween,
  tileWidth,
} from "./tree/tiles.ts";
