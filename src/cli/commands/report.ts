import { writeFile } from "node:fs/promises";
import { resolve } from "node:path";
import { nearestName } from "../../base/index.ts";
import {
  type FoundLog,
  type ReportSource,
  readLogInfo,
  takeRecords,
} from "../../evidence/index.ts";
import { parsePolicies } from "../../policy/index.ts";
import { defineCommand } from "../command.ts";
import { findVersionStore } from "../find-version-store.ts";
import type { Io } from "../io.ts";
import {
  findLogPlace,
  isAdminLog,
  orUnreadable,
  pathArgument,
  placeOptions,
} from "../log/find-logs.ts";
import { logExitCodes } from "../log/log-exit-codes.ts";
import { filterOptions, readFilter } from "../log/record-filter.ts";
import { readingOptions, recordReading } from "../log/record-reading.ts";
import { keyOption, readTrustedKeys } from "../log/trusted-keys.ts";
import { createPaint } from "../paint.ts";
import {
  createReport,
  type ReportFormat,
  type ReportMaker,
  type ReportName,
  reportFormats,
  reportNames,
} from "../report/make-report.ts";
import { UsageError } from "../usage-error.ts";

const { since, until, tenant, app } = filterOptions;

/** Figures over what is on record. */
export const report = defineCommand({
  name: "report",
  summary: "Say what the records of a time come to",
  details: [
    [
      "inventory   who sends what where: callers, apps, models, regions, classes of data, verdicts",
      "exceptions  Grants, Incidents and kill switches, their use and their end",
      "changes     versions of policies that came into force, were refused or taken back",
      "controls    rules and decisions by the controls that rules name",
      "slo         the measures M1 to M15 and availability against their targets",
    ].join("\n"),
    "With --key the log is verified on the way, and only records that a signed checkpoint covers count.\nWithout it the figures are those of whoever wrote the files, and the report says so.",
  ],
  positionals: {
    report: { placeholder: "REPORT", summary: reportNames.join(", ") },
    path: pathArgument,
  },
  options: {
    key: keyOption,
    ...{ since, until, tenant, app },
    format: {
      type: "string",
      placeholder: "FORMAT",
      summary: "How to print; html is one page that stands alone",
      choices: reportFormats,
      default: "table",
    },
    out: { type: "string", placeholder: "FILE", summary: "Where to write, else standard output" },
    store: {
      type: "string",
      placeholder: "DIR",
      summary: "The policies that served, else those beside the log; `exceptions` reads them",
    },
    ...placeOptions,
    ...readingOptions,
  },
  exitCodes: [
    [logExitCodes.done, "done"],
    [
      logExitCodes.failed,
      "the log does not verify; the figures are printed all the same, and marked",
    ],
    [logExitCodes.nothing, "there are no records of that time"],
    [
      logExitCodes.usage,
      "the command line was not understood, or something could not be read or recorded",
    ],
  ],
  examples: [
    "chancery report inventory state/log --key root.key",
    "chancery report slo state/log --key root.key --since 2026-11-01 --until 2026-12-01",
    "chancery report exceptions export --key root.key --tenant acme --format html --out exceptions.html",
  ],
  async run(input, io) {
    const name = findReport(input.report);
    const filter = readFilter(input);
    const { since, until } = filter;
    const selection = { since, until, tenant: input.tenant, app: input.app };
    const place = await findLogPlace(io, input);
    const trusted = await readTrustedKeys(io, input.key);
    const made = createReport(name, selection);
    const logs = place.logs.filter((log) => !isOfTheCommandLine(log, place.shown));
    const source = orUnreadable(place.shown, () =>
      takeRecords({ logs, trusted, selection }, made.report),
    );
    const notes = [
      ...cutShortNotes(made),
      ...(await learn(made, { ...input, path: place.path }, io)),
    ];
    const reading = { command: `report ${name}`, actor: input.actor, purpose: input.purpose };
    await recordReading(io, place, { ...reading, filter });
    // The choices of the option are these formats.
    const format = input.format as ReportFormat;
    const style = { paint: createPaint(io), isTerminal: io.isTerminal && input.out === undefined };
    tell(io, source, notes);
    const text = made.print({ name, format, source, selection, notes, style });
    await write(io, input.out, text);
    return exitCodeOf(source);
  },
});

function findReport(name: string): ReportName {
  const found = reportNames.find((known) => known === name);
  if (found !== undefined) return found;
  const nearest = nearestName(name, reportNames);
  throw new UsageError(
    `Unknown report "${name}".`,
    nearest === undefined
      ? `Name one of ${reportNames.join(", ")}.`
      : `Did you mean ${nearest}? Run \`chancery report --help\` for what there is.`,
  );
}

/** Reports read none of its records, and its key may be another. */
function isOfTheCommandLine({ files }: FoundLog, shown: string): boolean {
  const info = orUnreadable(shown, () => readLogInfo(files));
  return info !== undefined && isAdminLog(info);
}

function cutShortNotes({ report: { cutShort } }: ReportMaker): readonly string[] {
  return cutShort === 0
    ? []
    : [`${cutShort} exchanges were counted without what followed: too many were open at once`];
}

/** Reads the documents of exceptions, where they are kept; gives what stays unknown. */
async function learn(
  { exceptions }: ReportMaker,
  { path, store: named }: { readonly path: string; readonly store: string | undefined },
  io: Io,
): Promise<readonly string[]> {
  if (exceptions === undefined) return [];
  const store = await findVersionStore(io, path, named).catch((error: unknown) => {
    if (named !== undefined || !(error instanceof UsageError)) throw error;
    return undefined;
  });
  const unknown =
    "the policies that served are not here, so who approved what until when is not known";
  if (store === undefined) return [unknown];
  let missing = 0;
  for (const { digest, id } of exceptions.layers) {
    const files = await store.layer(id, digest);
    if (files === undefined) missing += 1;
    else exceptions.know(parsePolicies(files).documents);
  }
  return missing === 0 ? [] : [`${missing} versions of policies are not kept here: ${unknown}`];
}

function tell(
  io: Io,
  { problems, status, uncovered }: ReportSource,
  notes: readonly string[],
): void {
  const unsigned = `${uncovered} records at the end are not signed yet and left out`;
  const lines = [
    ...(status === "unverified" ? ["not verified: give --key to have the log verified"] : []),
    ...problems,
    ...(uncovered === 0 ? [] : [unsigned]),
    ...notes,
  ];
  for (const line of lines) io.stderr.write(`chancery: ${line}.\n`);
}

/** What is on record is for few eyes. */
async function write(io: Io, out: string | undefined, text: string): Promise<void> {
  if (out === undefined) {
    io.stdout.write(text);
    return;
  }
  try {
    await writeFile(resolve(io.cwd, out), text, { mode: 0o600 });
  } catch (error) {
    const reason = (error as NodeJS.ErrnoException).code ?? "unknown error";
    throw new UsageError(`Cannot write ${out}: ${reason}.`, "Check that its folder exists.");
  }
}

function exitCodeOf({ from, status }: ReportSource): number {
  if (status !== "good" && status !== "unverified") return logExitCodes.failed;
  return from === null ? logExitCodes.nothing : logExitCodes.done;
}
