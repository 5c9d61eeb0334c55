import { mkdir, writeFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import {
  type FoundLog,
  proveConsistency,
  proveRecords,
  type RecordProof,
} from "../../evidence/index.ts";
import { defineCommand } from "../command.ts";
import { formatOption } from "../format-option.ts";
import type { Io } from "../io.ts";
import { plural } from "../problem-report.ts";
import { UsageError } from "../usage-error.ts";
import { findLogPlace, type LogPlace, pathArgument, placeOptions } from "./find-logs.ts";
import { logExitCodes } from "./log-exit-codes.ts";
import { orBroken, readInfo } from "./read-records.ts";
import { readingOptions, recordReading } from "./record-reading.ts";
import { toJson } from "./to-json.ts";
import { writeProofs } from "./write-proofs.ts";

/** Proves single records, or that a log only grew. */
export const prove = defineCommand({
  name: "log prove",
  summary: "Prove single records to someone who has nothing but the root key",
  details: [
    "Writes `<seq>.record` and `<seq>.tlog-proof` (C2SP) for each record whose id or exchange is ID. With\n--consistency A B it prints what shows a witness that the log of A records is the beginning of that\nof B; both sizes need a checkpoint.",
  ],
  positionals: {
    path: pathArgument,
    id: { placeholder: "ID", isOptional: true, summary: "Of a record, or of an exchange" },
  },
  options: {
    consistency: {
      type: "string",
      placeholder: "A",
      summary: "The smaller of two sizes; the larger one follows",
    },
    out: { type: "string", placeholder: "DIR", summary: "Where to write; without it here" },
    ...placeOptions,
    ...readingOptions,
    format: formatOption,
  },
  exitCodes: [
    [logExitCodes.done, "proven"],
    [logExitCodes.failed, "no checkpoint covers it yet"],
    [logExitCodes.nothing, "there is no such record"],
    [logExitCodes.usage, "the command line was not understood, or something cannot be read"],
  ],
  examples: [
    "chancery log prove state/log 01a1fd1e-9060-7266-9625-1b601630ea14 --out proofs",
    "chancery log prove state/log/0 --consistency 4096 8192",
  ],
  async run(input, io) {
    // The last word is what is meant; a PATH before it may be left out.
    const [path, what] =
      input.id === undefined && hasOtherPlace(input)
        ? [undefined, input.path]
        : [input.path, input.id];
    if (what === undefined) {
      throw new UsageError(
        "`chancery log prove` needs to know what to prove.",
        "Name a record or an exchange by its ID, or two sizes with --consistency A B.",
      );
    }
    const place = await findLogPlace(io, { ...input, path });
    const given = { ...input, place, what };
    return input.consistency === undefined ? proveId(given, io) : proveGrowth(given, io);
  },
});

interface Given {
  readonly place: LogPlace;
  readonly what: string;
  readonly consistency: string | undefined;
  readonly out: string | undefined;
  readonly actor: string | undefined;
  readonly purpose: string | undefined;
  readonly format: string;
}

function hasOtherPlace({
  config,
  state,
}: {
  config: string | undefined;
  state: string | undefined;
}) {
  return config !== undefined || state !== undefined;
}

async function proveId(given: Given, io: Io): Promise<number> {
  const { actor, format, out, place, purpose, what } = given;
  const found = place.logs.flatMap((log) =>
    orBroken(log, () => proveRecords(log.files, readInfo(log), what)),
  );
  const proven = found.filter(({ proof }) => proof !== undefined);
  await recordReading(io, place, { command: "log prove", actor, purpose, count: proven.length });
  const isJson = format === "json";
  // Who asks for a document has the proofs in it; files are for whoever names a place, and for people.
  if (!isJson || out !== undefined) await writeFiles(proven, given, io);
  if (isJson) {
    const rows = proven.map(({ record, ...rest }) => ({ ...rest, record: record.toString() }));
    io.stdout.write(toJson({ proofs: rows }));
  }
  return outcome(found, proven.length, { what, place }, io);
}

async function writeFiles(
  proven: readonly RecordProof[],
  { format, out = "." }: Given,
  io: Io,
): Promise<void> {
  for (const { log, proof, record, seq } of await writeProofs(resolve(io.cwd, out), proven)) {
    if (format === "json") continue;
    io.stdout.write(`${log} ${seq}  ${join(out, record)}  ${join(out, proof)}\n`);
  }
}

function outcome(
  found: readonly RecordProof[],
  proven: number,
  { place, what }: { readonly place: LogPlace; readonly what: string },
  io: Io,
): number {
  if (found.length === 0) {
    io.stderr.write(`chancery: No record at ${place.shown} has the id or exchange ${what}.\n`);
    return logExitCodes.nothing;
  }
  if (proven === found.length) return logExitCodes.done;
  const left = plural(found.length - proven, "record");
  io.stderr.write(
    `chancery: ${left} have no checkpoint over them yet; a server makes one at once.\n`,
  );
  return logExitCodes.failed;
}

async function proveGrowth(given: Given, io: Io): Promise<number> {
  const { actor, format, out, place, purpose } = given;
  const sizes = [given.consistency ?? "", given.what].map(toSize);
  const [from = 0, to = 0] = sizes;
  const log = onlyLog(place);
  if (from > to)
    throw new UsageError("The first size is the larger one.", "Give the smaller first.");
  const { origin } = readInfo(log);
  const body = orBroken(log, () => proveConsistency(log.files, readInfo(log), from, to));
  if (body === undefined) {
    io.stderr.write(`chancery: Not both sizes have a checkpoint in ${origin}.\n`);
    return logExitCodes.failed;
  }
  await recordReading(io, place, { command: "log prove", actor, purpose });
  if (out !== undefined) {
    await mkdir(resolve(io.cwd, out), { recursive: true });
    await writeFile(resolve(io.cwd, out, `${from}-${to}.consistency`), body);
  } else {
    const json = { proofs: [{ log: origin, from, to, proof: body }] };
    io.stdout.write(format === "json" ? toJson(json) : body);
  }
  return logExitCodes.done;
}

function onlyLog({ logs, shown }: LogPlace): FoundLog {
  const [log, ...others] = logs;
  if (log !== undefined && others.length === 0) return log;
  throw new UsageError(
    `There are ${logs.length} logs at ${shown}.`,
    `Name the folder of one, such as ${log?.path ?? "0/5f0c2a91"} below it.`,
  );
}

function toSize(text: string): number {
  const size = Number(text);
  if (/^[1-9]\d*$/.test(text) && Number.isSafeInteger(size)) return size;
  throw new UsageError(
    `--consistency takes two sizes above 0, found "${text}".`,
    "Write `chancery log prove PATH --consistency A B`.",
  );
}
