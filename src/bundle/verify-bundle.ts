import type { PolicyFile } from "../policy/index.ts";
import { encodeEnvelope, sha256Hex } from "../signing/index.ts";
import type { OpenBundle } from "./archive.ts";
import { BundleError } from "./bundle-error.ts";
import { type KeyRing, type ParseFile, type RingKey, thresholdOf } from "./key-ring.ts";
import type { Manifest } from "./manifest.ts";
import { checkSignersRights } from "./signers-rights.ts";

/** What is remembered of the bundle of an authority that is in force. */
export interface AcceptedBundle {
  readonly namespace: string;
  /** The source it came from, as problems name it. */
  readonly place: string;
  /** `sha256:` of the manifest's bytes, which name all others. */
  readonly digest: string;
  readonly sequence: number;
  readonly version: string;
  readonly createdAt: string;
  readonly expiresAt: string;
  /** Key ids, as the ring has them. */
  readonly signers: readonly string[];
  /** When it came into force, in milliseconds since 1970. */
  readonly acceptedAtMs: number;
}

/** A bundle whose every byte is vouched for. */
export interface VerifiedBundle {
  readonly namespace: string;
  readonly digest: string;
  readonly manifest: Manifest;
  /** Key ids, as the ring has them; sorted. */
  readonly signers: readonly string[];
  /** The envelope, byte for byte as it came. */
  readonly envelope: Uint8Array;
  /** Paths begin with the namespace. */
  readonly files: readonly PolicyFile[];
}

/** What a bundle is held against: configuration, time and what came before; nothing of its own. */
export interface VerifyTerms {
  /** The authority whose keys signed it. */
  readonly authority: string;
  readonly ring: KeyRing;
  /** Keys of that ring whose signatures it carries. */
  readonly signers: readonly RingKey[];
  /** Milliseconds since 1970. */
  readonly nowMs: number;
  readonly accepted?: AcceptedBundle | undefined;
  /** What is in force of the authority; it has been vouched for before. */
  readonly inForce?: readonly PolicyFile[] | undefined;
  /** Bytes of all its documents together. */
  readonly bytesMax?: number | undefined;
  readonly parse: ParseFile;
}

/**
 * Verifies a bundle by policy-model 10: enough keys, the content its manifest lists, the right
 * authority, its time, its place in the order, and each signer's right to the kinds it touches.
 * Throws `BundleError` with the first that does not hold.
 */
export function verifyBundle(open: OpenBundle, terms: VerifyTerms): VerifiedBundle {
  const { authority, signers } = terms;
  const { manifest } = open;
  checkThreshold(terms);
  checkContent(open);
  if (manifest.namespace !== authority) {
    throw new BundleError(
      "B04",
      `the bundle says it is of \`${manifest.namespace}\`, its signatures are of \`${authority}\``,
      `Sign it with a key that the key ring of \`${manifest.namespace}\` lists.`,
    );
  }
  const digest = bundleDigest(open);
  checkTime(manifest, terms.nowMs);
  checkOrder(manifest, digest, terms.accepted);
  checkSize(manifest, terms.bytesMax);
  const files = toPolicyFiles(open, authority);
  checkSignersRights(files, terms);
  return {
    namespace: authority,
    digest,
    manifest,
    files,
    envelope: open.envelopeBytes ?? encodeEnvelope(open.envelope),
    signers: signers.map(({ id }) => id).sort(),
  };
}

/** `sha256:` of the manifest's bytes: what tells two bundles apart, however they are signed. */
function bundleDigest({ envelope }: OpenBundle): string {
  return `sha256:${sha256Hex(envelope.payload)}`;
}

function checkThreshold({ authority, ring, signers }: VerifyTerms): void {
  const needed = thresholdOf(ring);
  if (signers.length >= needed) return;
  throw new BundleError(
    "B01",
    `the key ring of \`${authority}\` asks for ${needed} signatures, found ${signers.length}`,
    "Have it signed by more of the ring's keys with `chancery bundle sign`.",
  );
}

/** Holds the files against the list that was signed: none more, none fewer, no other byte. */
function checkContent({ files, manifest }: OpenBundle): void {
  const listed = new Map(manifest.files.map((file) => [file.path, file]));
  for (const { bytes, path } of files) {
    const entry = listed.get(path);
    if (entry === undefined) throw tampered(`\`${path}\` is not in the list that was signed`);
    if (entry.bytes !== bytes.byteLength || entry.sha256 !== sha256Hex(bytes)) {
      throw tampered(`\`${path}\` is not the file that was signed`);
    }
    listed.delete(path);
  }
  const [missing] = listed.keys();
  if (missing !== undefined) throw tampered(`\`${missing}\` is missing`);
  if (manifest.files.length !== files.length) throw tampered("a file is listed twice");
}

function tampered(message: string): BundleError {
  const hint = "Build and sign the bundle anew, and find out who changed this one.";
  return new BundleError("B02", message, hint);
}

function checkTime({ createdAt, expiresAt }: Manifest, nowMs: number): void {
  // Written so that a moment that cannot be read refuses.
  if (!(Date.parse(createdAt) < Date.parse(expiresAt))) {
    throw new BundleError("B03", "the bundle ends before it begins", "Build it anew.");
  }
  if (!(nowMs < Date.parse(expiresAt))) {
    throw new BundleError(
      "B03",
      `the bundle ran out at ${expiresAt}`,
      "Build and sign one with a higher sequence and a later end.",
    );
  }
}

function checkOrder(
  { sequence }: Manifest,
  digest: string,
  accepted: AcceptedBundle | undefined,
): void {
  if (accepted === undefined || sequence > accepted.sequence || digest === accepted.digest) return;
  const isSame = sequence === accepted.sequence;
  throw new BundleError(
    "B03",
    isSame
      ? `another bundle with sequence ${sequence} is in force`
      : `sequence ${sequence} is lower than that of the bundle in force, ${accepted.sequence}`,
    `Build it with a sequence above ${accepted.sequence}, also to go back to earlier policies.`,
  );
}

function checkSize({ files }: Manifest, bytesMax: number | undefined): void {
  const total = files.reduce((sum, { bytes }) => sum + bytes, 0);
  if (bytesMax === undefined || total <= bytesMax) return;
  throw new BundleError(
    "B02",
    `the documents have ${total} bytes, the platform allows ${bytesMax}`,
    "Make them smaller, or have the platform raise `limits.bundleBytes`.",
  );
}

/** The documents as the compiler takes them. */
function toPolicyFiles({ files }: OpenBundle, namespace: string): readonly PolicyFile[] {
  return files.map(({ bytes, path }) => {
    if (!/\.(?:yaml|yml|json)$/.test(path)) throw tampered(`\`${path}\` is no document`);
    return { path: `${namespace}/${path}`, namespace, text: decodeText(bytes, path) };
  });
}

function decodeText(bytes: Uint8Array, path: string): string {
  try {
    // A mark at the beginning stays, or the digest of the text would not be that of the file.
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    throw new BundleError("B02", `\`${path}\` is not UTF-8`, "Save it as UTF-8, and build anew.");
  }
}
