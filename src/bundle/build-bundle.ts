import {
  type Envelope,
  envelopeSignaturesMax,
  preAuthenticationEncoding,
  type SigningKey,
  sha256Hex,
} from "../signing/index.ts";
import type { OpenBundle } from "./archive.ts";
import { BundleError } from "./bundle-error.ts";
import { encodeManifest, type GitFacts, type Manifest, manifestType } from "./manifest.ts";

/** A document to be put into a bundle. */
export interface SourceFile {
  /** Below the namespace's folder, with forward slashes. */
  readonly path: string;
  readonly text: string;
}

/** What a new bundle says about itself besides its files. */
export interface BundleFacts {
  readonly namespace: string;
  /** Semantic version 2.0.0. */
  readonly version: string;
  readonly sequence: number;
  /** Milliseconds since 1970; whole seconds are kept. */
  readonly createdAtMs: number;
  readonly expiresAtMs: number;
  readonly git: GitFacts | null;
  readonly builder: string;
  readonly lint: string | null;
  readonly tests: string | null;
}

/** A bundle of one authority's documents, without signatures. */
export function buildBundle(sources: readonly SourceFile[], facts: BundleFacts): OpenBundle {
  const files = sources
    .map(({ path, text }) => ({ path, bytes: Buffer.from(text) }))
    .sort((a, b) => (a.path < b.path ? -1 : 1));
  const { createdAtMs, expiresAtMs, ...rest } = facts;
  const manifest: Manifest = {
    ...rest,
    format: 1,
    createdAt: toSecond(createdAtMs),
    expiresAt: toSecond(expiresAtMs),
    files: files.map(({ bytes, path }) => ({
      path,
      sha256: sha256Hex(bytes),
      bytes: bytes.byteLength,
    })),
  };
  const payload = encodeManifest(manifest);
  return { envelope: { payloadType: manifestType, payload, signatures: [] }, manifest, files };
}

/** The bundle with one more signature; one by the same key id is replaced. */
export function signBundle(open: OpenBundle, key: SigningKey): OpenBundle {
  const { envelope, files, manifest } = open;
  return { envelope: signEnvelope(envelope, key), manifest, files };
}

function signEnvelope(envelope: Envelope, key: SigningKey): Envelope {
  const others = envelope.signatures.filter(({ keyid }) => keyid !== key.id);
  if (others.length >= envelopeSignaturesMax) {
    throw new BundleError(
      "B02",
      `the bundle carries ${envelopeSignaturesMax} signatures already`,
      "Build it anew, and sign it with keys that the ring lists.",
    );
  }
  const signed = preAuthenticationEncoding(envelope.payloadType, envelope.payload);
  const signature = { keyid: key.id, sig: key.sign(signed) };
  return { ...envelope, signatures: [...others, signature] };
}

/** RFC 3339 in UTC, to the second. */
function toSecond(ms: number): string {
  return `${new Date(ms).toISOString().slice(0, 19)}Z`;
}
