import { createReadStream } from "node:fs";
import { readdir, stat } from "node:fs/promises";
import { join, resolve } from "node:path";
import { createInterface } from "node:readline";
import { Type } from "typebox";
import { Value } from "typebox/value";
import type { Io } from "../io.ts";
import { UsageError } from "../usage-error.ts";

const findingSchema = Type.Object({
  class: Type.String(),
  detector: Type.Optional(Type.String()),
  in: Type.String(),
  confidencePct: Type.Integer(),
});

/** What of a record a mark is checked by (audit-and-operations 2.3). */
const recordSchema = Type.Object({
  kind: Type.String(),
  exchange: Type.String(),
  tenant: Type.Optional(Type.String()),
  findings: Type.Optional(Type.Array(findingSchema)),
});

export type RecordedFinding = Type.Static<typeof findingSchema>;

/** What the records of one exchange say: those of its decision and of its closing together. */
export interface RecordedDecision {
  readonly tenant: string | undefined;
  readonly findings: readonly RecordedFinding[];
}

/**
 * Looks an exchange up in records: a file of JSON Lines, or a folder with such files at any depth.
 * Undefined where no record is about it. Throws `UsageError` where they cannot be read.
 */
export async function findDecision(
  io: Io,
  path: string,
  decision: string,
): Promise<RecordedDecision | undefined> {
  const findings: RecordedFinding[] = [];
  let tenant: string | undefined;
  let isKnown = false;
  try {
    for (const file of await filesAt(resolve(io.cwd, path))) {
      for await (const line of createInterface({ input: createReadStream(file) })) {
        const record = line.includes(decision) ? parseRecord(line) : undefined;
        if (record?.exchange !== decision) continue;
        isKnown = true;
        tenant ??= record.tenant;
        findings.push(...(record.findings ?? []));
      }
    }
  } catch (error) {
    const reason = (error as NodeJS.ErrnoException).code ?? "unknown error";
    throw new UsageError(
      `Cannot read the records in ${path}: ${reason}.`,
      "Give the folder or file of records by --records, or the server's configuration by --config.",
    );
  }
  return isKnown ? { tenant, findings } : undefined;
}

async function filesAt(full: string): Promise<readonly string[]> {
  if (!(await stat(full)).isDirectory()) return [full];
  const entries = await readdir(full, { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => entry.isFile() && entry.name.endsWith(".jsonl"))
    .map((entry) => join(entry.parentPath, entry.name))
    .sort();
}

function parseRecord(line: string): Type.Static<typeof recordSchema> | undefined {
  try {
    const value: unknown = JSON.parse(line);
    return Value.Check(recordSchema, value) ? value : undefined;
  } catch {
    // A server that is writing may not have come to the end of its last line.
    return undefined;
  }
}
