import { readFileSync } from "node:fs";

/**
 * The published log of three records, byte for byte: whoever reads or writes logs must come to the
 * same bytes (audit-and-operations 4.10).
 */
const folder = new URL("../vectors/log/", import.meta.url);

interface VectorValues {
  readonly origin: string;
  readonly rootName: string;
  /** Ed25519 seeds in hex. */
  readonly rootSeed: string;
  readonly checkpointSeed: string;
  /** Verifier keys: the root, the log's own, the root under the origin's name. */
  readonly rootKey: string;
  readonly logKey: string;
  readonly anchorKey: string;
  /** Hashes in hex. */
  readonly leaves: readonly string[];
  readonly roots: { readonly 2: string; readonly 3: string };
}

function readVector(name: string): string {
  return readFileSync(new URL(name, folder), "utf8");
}

const segment = readVector("segments/000000000000.jsonl");
const lines = segment.split("\n");

export const logVector = {
  ...(JSON.parse(readVector("values.json")) as VectorValues),
  /** The whole segment: records 0 and 1, a checkpoint line, record 2, a checkpoint line. */
  segment,
  records: [lines[0] ?? "", lines[1] ?? "", lines[3] ?? ""],
  checkpointLines: [lines[2] ?? "", lines[4] ?? ""],
  /** The note of size 3 with the log's signature, and with the root's as well. */
  checkpoint: readVector("checkpoint"),
  anchored: readVector("anchored.checkpoint"),
  /** The proof of record 2 under `checkpoint`. */
  proof: readVector("2.tlog-proof"),
};
