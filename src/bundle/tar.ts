import { BundleError, notOurs } from "./bundle-error.ts";

/** One file of an archive. */
export interface TarEntry {
  /** Relative, with forward slashes. */
  readonly path: string;
  readonly bytes: Uint8Array;
}

/** What an archive may hold at most. */
export interface TarBounds {
  readonly entriesMax: number;
  readonly entryBytesMax: number;
}

const blockBytes = 512;
const nameBytesMax = 100;
const prefixBytesMax = 155;

/**
 * A path that means the same everywhere: no way up, no root, no hidden part, no white space, short
 * enough for the format.
 */
const safePath =
  /^(?!.{201})[A-Za-z0-9_@+][A-Za-z0-9._@+-]*(?:\/[A-Za-z0-9_@+][A-Za-z0-9._@+-]*)*$/;

/** Whether a path may stand in an archive. */
export function isSafePath(path: string): boolean {
  return safePath.test(path) && splitPath(path) !== undefined;
}

/**
 * Files as a tar archive in the `ustar` format (IEEE Std 1003.1, pax, "ustar Interchange Format"),
 * in the order given. Owner, mode and time are always the same, so the same files give the same bytes.
 * Throws `BundleError` for a path that is not safe.
 */
export function writeTar(entries: readonly TarEntry[]): Uint8Array {
  const parts: Uint8Array[] = [];
  for (const { bytes, path } of entries) {
    parts.push(header(path, bytes.byteLength), bytes);
    parts.push(Buffer.alloc(-bytes.byteLength & (blockBytes - 1)));
  }
  parts.push(Buffer.alloc(2 * blockBytes));
  return Buffer.concat(parts);
}

/**
 * The files of an archive that `writeTar` made. Any other archive is refused with a `BundleError`:
 * what was read is written again and must give the same bytes, so links, devices, ways out of the
 * folder, odd headers and whatever stands behind the end have no way in.
 */
export function readTar(archive: Uint8Array, bounds: TarBounds): readonly TarEntry[] {
  const bytes = Buffer.from(archive.buffer, archive.byteOffset, archive.byteLength);
  const entries: TarEntry[] = [];
  let offset = 0;
  while (offset + blockBytes <= bytes.byteLength && bytes[offset] !== 0) {
    if (entries.length === bounds.entriesMax) {
      throw notOurs(`the archive holds more than ${bounds.entriesMax} files`);
    }
    const { path, size } = readHeader(bytes.subarray(offset, offset + blockBytes));
    if (size > bounds.entryBytesMax) {
      throw notOurs(`a file in the archive is larger than ${bounds.entryBytesMax} bytes`);
    }
    const start = offset + blockBytes;
    if (start + size > bytes.byteLength) throw notOurs("the archive ends in the middle of a file");
    entries.push({ path, bytes: bytes.subarray(start, start + size) });
    offset = start + size + (-size & (blockBytes - 1));
  }
  if (!bytes.equals(writeTar(entries))) throw notOurs("the archive is not in the one form it has");
  return entries;
}

function readHeader(block: Buffer): { readonly path: string; readonly size: number } {
  const name = textAt(block, 0, nameBytesMax);
  const prefix = textAt(block, 345, prefixBytesMax);
  const path = prefix === "" ? name : `${prefix}/${name}`;
  const size = textAt(block, 124, 12);
  if (!isSafePath(path)) throw notOurs("the archive holds a path that a bundle cannot have");
  if (!/^[0-7]{11}$/.test(size)) throw notOurs("the archive holds a size that is no number");
  return { path, size: Number.parseInt(size, 8) };
}

function textAt(block: Buffer, start: number, length: number): string {
  const text = block.toString("latin1", start, start + length);
  const end = text.indexOf("\0");
  return end < 0 ? text : text.slice(0, end);
}

function header(path: string, size: number): Uint8Array {
  const split = isSafePath(path) ? splitPath(path) : undefined;
  if (split === undefined) {
    throw new BundleError(
      "B02",
      `\`${path.slice(0, 80)}\` is a path that a bundle cannot have`,
      "Name folders and files with letters, digits and . _ @ + -, in at most 180 characters.",
    );
  }
  const block = Buffer.alloc(blockBytes);
  block.write(split.name, 0, "latin1");
  block.write("0000644\0", 100, "latin1");
  block.write("0000000\0", 108, "latin1");
  block.write("0000000\0", 116, "latin1");
  block.write(`${octal(size, 11)}\0`, 124, "latin1");
  block.write(`${octal(0, 11)}\0`, 136, "latin1");
  // The checksum is taken with blanks in its own place.
  block.write("        ", 148, "latin1");
  block.write("0", 156, "latin1");
  block.write("ustar\u000000", 257, "latin1");
  block.write(split.prefix, 345, "latin1");
  const sum = block.reduce((total, byte) => total + byte, 0);
  block.write(`${octal(sum, 6)}\0 `, 148, "latin1");
  return block;
}

function octal(value: number, digits: number): string {
  return value.toString(8).padStart(digits, "0");
}

/** A path as the two fields that hold it, or undefined where it fits neither way. */
function splitPath(path: string): { readonly prefix: string; readonly name: string } | undefined {
  if (path.length <= nameBytesMax) return { prefix: "", name: path };
  const slash = path.indexOf("/", path.length - nameBytesMax - 1);
  if (slash < 0 || slash > prefixBytesMax) return undefined;
  return { prefix: path.slice(0, slash), name: path.slice(slash + 1) };
}
