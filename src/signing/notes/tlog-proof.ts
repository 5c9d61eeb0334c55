import { decodeBase64 } from "../base64.ts";
import { hashBytes } from "../tree/hashing.ts";
import { parseCount } from "./count.ts";

const firstLine = "c2sp.org/tlog-proof@v1";
/** A tree of 2^53 leaves has no longer path. */
const pathMax = 63;

/** That a leaf is in a log, for someone who has neither the log nor a line to it. */
export interface TlogProof {
  /** Bytes for the application, here the notes with key statements; undefined for none. */
  readonly extra?: Uint8Array | undefined;
  readonly index: number;
  /** The inclusion path, lowest hash first. */
  readonly path: readonly Uint8Array[];
  /** The signed note of a checkpoint that covers the leaf. */
  readonly checkpoint: string;
}

/** The text of a proof (C2SP tlog-proof). */
export function formatTlogProof({ extra, index, path, checkpoint }: TlogProof): string {
  const lines = [
    firstLine,
    ...(extra === undefined ? [] : [`extra ${toBase64(extra)}`]),
    `index ${index}`,
    ...path.map(toBase64),
  ];
  return `${lines.join("\n")}\n\n${checkpoint}`;
}

/** A proof in its exact layout, else undefined. The checkpoint in it is not parsed further. */
export function parseTlogProof(text: string): TlogProof | undefined {
  const end = text.indexOf("\n\n");
  if (end < 0) return undefined;
  const lines = text.slice(0, end).split("\n");
  if (lines.shift() !== firstLine) return undefined;
  const extra = parseExtra(lines);
  const index = parseIndex(lines.shift());
  const path = lines.map(decodeBase64).filter((hash) => hash?.length === hashBytes);
  if (extra === false || index === undefined) return undefined;
  if (path.length !== lines.length || path.length > pathMax) return undefined;
  return {
    extra,
    index,
    path: path.filter((hash) => hash !== undefined),
    checkpoint: text.slice(end + 2),
  };
}

/** Takes the optional first line; false where it is one and malformed. */
function parseExtra(lines: string[]): Uint8Array | undefined | false {
  if (lines[0]?.startsWith("extra ") !== true) return undefined;
  return decodeBase64(lines.shift()?.slice("extra ".length)) ?? false;
}

function parseIndex(line: string | undefined): number | undefined {
  return line?.startsWith("index ") === true ? parseCount(line.slice("index ".length)) : undefined;
}

function toBase64(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString("base64");
}
