import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { RecordProof } from "../../evidence/index.ts";

/** A proof as files, by their names in the folder. */
export interface WrittenProof {
  readonly log: string;
  readonly seq: number;
  readonly record: string;
  readonly proof: string;
}

/**
 * Writes `<seq>.record` and `<seq>.tlog-proof` for each proof. Records of several logs may have the
 * same `seq`; then each log has a folder named by its slot and id. Rejects with what the disk says.
 */
export async function writeProofs(
  folder: string,
  proofs: readonly RecordProof[],
): Promise<readonly WrittenProof[]> {
  const isOne = new Set(proofs.map(({ log }) => log)).size === 1;
  const written: WrittenProof[] = [];
  for (const { log, proof, record, seq } of proofs) {
    if (proof === undefined) continue;
    const below = isOne ? "" : log.split("/").slice(-2).join("/");
    await mkdir(join(folder, below), { recursive: true, mode: 0o700 });
    const names = { record: join(below, `${seq}.record`), proof: join(below, `${seq}.tlog-proof`) };
    // The line as it was hashed: a line feed would make it another one.
    await writeFile(join(folder, names.record), record, { mode: 0o600 });
    await writeFile(join(folder, names.proof), proof, { mode: 0o600 });
    written.push({ log, seq, ...names });
  }
  return written;
}
