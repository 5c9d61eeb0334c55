import { explainRecord, type JudgedInLog, judgedIn, Versions } from "../replay/index.ts";
import { exitCodes } from "./exit-codes.ts";
import { findVersionStore } from "./find-version-store.ts";
import type { Io } from "./io.ts";
import { findReadingPlace } from "./log/find-logs.ts";
import { readRecords } from "./log/read-records.ts";
import { recordReading } from "./log/record-reading.ts";
import { createPaint } from "./paint.ts";
import { explainedToJson, renderExplained } from "./recorded-report.ts";
import { packageVersion } from "./version.ts";

/** What `explain --decision` was given. */
interface Asked {
  /** Of the exchange. */
  readonly id: string;
  readonly path: string | undefined;
  readonly store: string | undefined;
  readonly isJson: boolean;
  readonly config: string | undefined;
  readonly state: string | undefined;
  readonly actor: string | undefined;
  readonly purpose: string | undefined;
}

/**
 * Says what is on record of one exchange, with the policies that decided it; gives the exit code.
 * Throws `UsageError` where records or policies cannot be read.
 */
export async function explainDecision(io: Io, asked: Asked): Promise<number> {
  const { actor, id, isJson, purpose, store } = asked;
  const place = await findReadingPlace(io, asked);
  const path = place.shown;
  const records = readRecords(place);
  const versions = new Versions(await findVersionStore(io, path, store), packageVersion());
  const found: JudgedInLog[] = [];
  for await (const one of judgedIn(records)) {
    if (one.record?.exchange === id) found.push(one);
  }
  const count = found.length;
  await recordReading(io, place, { command: "explain --decision", actor, purpose, count });
  if (found.length === 0) {
    io.stderr.write(`chancery: Nothing is on record of ${id} at ${path}.\n`);
    return exitCodes.notCompiled;
  }
  const explained = [];
  for (const { first, log: origin, record, seq } of found) {
    if (record === undefined) continue;
    explained.push({ ...(await explainRecord(record, first, versions)), log: origin, seq });
  }
  io.stdout.write(
    isJson ? explainedToJson(explained) : renderExplained(explained, createPaint(io)),
  );
  return exitCodes.done;
}
