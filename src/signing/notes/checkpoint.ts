import { invariant } from "../../base/index.ts";
import { decodeBase64 } from "../base64.ts";
import { hashBytes } from "../tree/hashing.ts";
import { parseCount } from "./count.ts";
import { isNoteName } from "./verifier-key.ts";

/** What a log says of itself: the root of its first `size` records (C2SP tlog-checkpoint). */
export interface Checkpoint {
  readonly origin: string;
  /** Records, at least 1. */
  readonly size: number;
  /** 32 bytes. */
  readonly root: Uint8Array;
}

/** The text to sign: three lines, and no extension lines. */
export function formatCheckpoint({ origin, size, root }: Checkpoint): string {
  invariant(size > 0, "no checkpoint is made for the empty tree");
  return `${origin}\n${size}\n${Buffer.from(root).toString("base64")}\n`;
}

/** The checkpoint in the text of a note; undefined for any other layout. */
export function parseCheckpoint(text: string): Checkpoint | undefined {
  const [origin = "", count = "", encoded = "", last, ...rest] = text.split("\n");
  if (last !== "" || rest.length > 0 || !isNoteName(origin)) return undefined;
  const size = parseCount(count);
  const root = decodeBase64(encoded);
  if (size === undefined || size === 0 || root?.length !== hashBytes) return undefined;
  return { origin, size, root };
}
