import { decodeEnvelope, type Envelope, encodeEnvelope } from "../signing/index.ts";
import { notOurs } from "./bundle-error.ts";
import { compress, decompress } from "./gzip.ts";
import { decodeManifest, type Manifest, manifestType } from "./manifest.ts";
import { readTar, type TarEntry, writeTar } from "./tar.ts";

/** A bundle that was opened; nothing it says has been verified. */
export interface OpenBundle {
  /** The envelope around the manifest's bytes. */
  readonly envelope: Envelope;
  /** The bytes that the envelope came in; undefined where it was made here. */
  readonly envelopeBytes?: Uint8Array;
  readonly manifest: Manifest;
  /** Sorted by path, which starts below the namespace's folder. */
  readonly files: readonly TarEntry[];
}

/** Bytes of an archive as it travels. */
export const archiveBytesMax = 16 * 1024 * 1024;
/** Bytes of all that is in it. */
const contentBytesMax = 64 * 1024 * 1024;
const bounds = { entriesMax: 10_001, entryBytesMax: 4 * 1024 * 1024 };

const envelopePath = "bundle.json";
const folder = "documents/";

/** A bundle as one file: the envelope first, then the documents; the same bundle, the same bytes. */
export function packBundle({ envelope, files }: Omit<OpenBundle, "manifest">): Uint8Array {
  const documents = files.map(({ bytes, path }) => ({ path: `${folder}${path}`, bytes }));
  return compress(
    writeTar([{ path: envelopePath, bytes: encodeEnvelope(envelope) }, ...documents]),
  );
}

/**
 * Opens an archive that `packBundle` made. Throws `BundleError` for any other. The manifest is read
 * here, but who says what it says is told by `verifyBundle`.
 */
export function openBundle(archive: Uint8Array): OpenBundle {
  if (archive.byteLength > archiveBytesMax) {
    throw notOurs(`the archive is larger than ${archiveBytesMax} bytes`);
  }
  const [first, ...rest] = readTar(decompress(archive, contentBytesMax), bounds);
  if (first?.path !== envelopePath) throw notOurs("it does not begin with an envelope");
  const files = rest.map(({ bytes, path }) => {
    if (!path.startsWith(folder)) throw notOurs("the archive holds a file that is no document");
    return { path: path.slice(folder.length), bytes };
  });
  if (files.some(({ path }, index) => path <= (files[index - 1]?.path ?? ""))) {
    throw notOurs("the files of the archive are not sorted, or one stands there twice");
  }
  return joinBundle(first.bytes, files);
}

/**
 * A bundle of the bytes of its envelope and its files, sorted by path, as they are kept apart from
 * each other. Throws `BundleError` where the bytes are no envelope around a manifest. Nothing is
 * verified, as with `openBundle`.
 */
export function joinBundle(envelopeBytes: Uint8Array, files: readonly TarEntry[]): OpenBundle {
  const envelope = decodeEnvelope(envelopeBytes);
  if (envelope === undefined) throw notOurs("it does not begin with an envelope");
  if (envelope.payloadType !== manifestType) throw notOurs("the envelope holds no manifest");
  return { envelope, envelopeBytes, manifest: decodeManifest(envelope.payload), files };
}
