import { compareRecords, type IsMeant, Versions, verifyRecords } from "../../replay/index.ts";
import { defineCommand } from "../command.ts";
import { exitCodes } from "../exit-codes.ts";
import { findVersionStore } from "../find-version-store.ts";
import { formatOption } from "../format-option.ts";
import type { Io } from "../io.ts";
import { loadPolicies } from "../load-policies.ts";
import { findReadingPlace, pathArgument, placeOptions } from "../log/find-logs.ts";
import { readRecords } from "../log/read-records.ts";
import { filterOptions, readFilter } from "../log/record-filter.ts";
import { readingOptions, recordReading } from "../log/record-reading.ts";
import { createPaint } from "../paint.ts";
import { renderAgainst, renderVerified } from "../replay-report.ts";
import { UsageError } from "../usage-error.ts";
import { packageVersion } from "../version.ts";

/** Decides what is on record again. */
export const replay = defineCommand({
  name: "replay",
  summary: "Decide again what is on record, by the same policies or by others",
  details: [
    "--verify decides each record again by the policies it names, and what comes of it must be what was\nrecorded. --against says which decisions would be others under the policies of a directory.",
    "The policies that served are kept in `<stateDir>/snapshots`; --store names a copy elsewhere.",
  ],
  positionals: {
    path: pathArgument,
  },
  options: {
    verify: { type: "boolean", summary: "By the policies that each record names" },
    against: {
      type: "string",
      placeholder: "DIR",
      summary: "By these policies, one folder for each namespace",
    },
    store: {
      type: "string",
      placeholder: "DIR",
      summary: "The policies that served, else those beside the log",
    },
    ...filterOptions,
    ...placeOptions,
    ...readingOptions,
    format: formatOption,
  },
  exitCodes: [
    [exitCodes.done, "all is the same; for --against, nothing permits more"],
    [
      exitCodes.failed,
      "a record differs; for --against, a deny became a permit or a redaction was lost",
    ],
    [exitCodes.notCompiled, "there is no decision on record, or the policies do not compile"],
    [exitCodes.usage, "the command line was not understood, or something cannot be read"],
  ],
  examples: [
    "chancery replay state/log --verify",
    "chancery replay export --verify --store snapshots --format json",
    "chancery replay state/log --against policies",
  ],
  async run(input, io) {
    const { actor, against, format, purpose, store, verify } = input;
    if (verify === (against !== undefined)) {
      throw new UsageError(
        "`chancery replay` needs one of --verify and --against DIR.",
        "Run `chancery replay --help` to see what it takes.",
      );
    }
    const place = await findReadingPlace(io, input);
    const path = place.shown;
    const records = readRecords(place);
    const versions = new Versions(await findVersionStore(io, path, store), packageVersion());
    const filter = readFilter(input);
    const isMeant: IsMeant = ({ json, kind }) =>
      filter.matches({
        ...{ kind, json: () => json },
        at: String(json["at"]),
        exchange: json["exchange"] === undefined ? undefined : String(json["exchange"]),
      });
    const noteReading = (count: number) =>
      recordReading(io, place, {
        command: `replay ${verify ? "--verify" : "--against"}`,
        actor,
        purpose,
        count,
      });
    const parts = {
      versions,
      noteReading,
      isMeant,
      records,
      isJson: format === "json",
    };
    return against === undefined ? runVerify(io, parts) : runAgainst(io, against, parts);
  },
});

interface Parts {
  readonly versions: Versions;
  readonly records: Parameters<typeof verifyRecords>[0];
  readonly isMeant: IsMeant;
  readonly isJson: boolean;
  /** To be called before anything of what was read is given out. */
  readonly noteReading: (count: number) => Promise<void>;
}

async function runVerify(
  io: Io,
  { isJson, isMeant, noteReading, records, versions }: Parts,
): Promise<number> {
  const report = await verifyRecords(records, versions, isMeant);
  await noteReading(report.replayed + report.undetermined + report.skipped);
  io.stdout.write(isJson ? toJson(report) : renderVerified(report, createPaint(io)));
  if (report.differences.length > 0) return exitCodes.failed;
  return report.replayed === 0 ? exitCodes.notCompiled : exitCodes.done;
}

async function runAgainst(
  io: Io,
  directory: string,
  { isJson, isMeant, noteReading, records, versions }: Parts,
): Promise<number> {
  const loaded = await loadPolicies(io, directory);
  if (loaded === undefined) return exitCodes.notCompiled;
  const report = await compareRecords(records, versions, loaded.snapshot, isMeant);
  const { replayed, skipped, transitions, unchanged, undetermined, unjudgedTools } = report;
  await noteReading(replayed + undetermined + skipped);
  const json = { replayed, unchanged, undetermined, unjudgedTools, transitions };
  io.stdout.write(isJson ? toJson(json) : renderAgainst(report, createPaint(io)));
  if (report.isWider) return exitCodes.failed;
  return replayed + undetermined === 0 ? exitCodes.notCompiled : exitCodes.done;
}

function toJson(report: object): string {
  return `${JSON.stringify(report, undefined, 2)}\n`;
}
