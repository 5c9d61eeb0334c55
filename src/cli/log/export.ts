import { mkdir, readdir } from "node:fs/promises";
import { resolve } from "node:path";
import { proveWhere } from "../../evidence/index.ts";
import { defineCommand } from "../command.ts";
import { formatOption } from "../format-option.ts";
import type { Io } from "../io.ts";
import { createPaint } from "../paint.ts";
import { plural } from "../problem-report.ts";
import { UsageError } from "../usage-error.ts";
import { copySegments } from "./export/copy-segments.ts";
import { planSegments, type SegmentPlan } from "./export/plan-segments.ts";
import { draftView, views } from "./export/write-view.ts";
import {
  findLogPlace,
  type LogPlace,
  orUnreadable,
  pathArgument,
  placeOptions,
} from "./find-logs.ts";
import { logExitCodes } from "./log-exit-codes.ts";
import { orBroken, readInfo } from "./read-records.ts";
import { filterOptions, type RecordFilter, readFilter } from "./record-filter.ts";
import { readingOptions, recordReading } from "./record-reading.ts";
import { toJson } from "./to-json.ts";
import { writeProofs } from "./write-proofs.ts";

/** Gives records out: to be verified again, or as views. */
export const exportRecords = defineCommand({
  name: "log export",
  summary: "Copy records out: to be verified elsewhere, or as lines, a table or OCSF events",
  details: [
    [
      "segments  whole segments of the span with seals, tiles, checkpoints, anchors and log.json: verify\n          it like the log. One that begins later than the log is told to be incomplete",
      "proofs    only the records that the filters pick, each with its proof: for one tenant",
      "jsonl     their lines. This and what follows are views: nothing proves them",
      "csv       a table of the main fields",
      "ocsf      exchanges as OCSF events, class API Activity (6003) with the ai_operation profile",
    ].join("\n"),
  ],
  positionals: { path: pathArgument },
  options: {
    out: { type: "string", required: true, placeholder: "DIR", summary: "A folder, new or empty" },
    as: {
      type: "string",
      placeholder: "FORM",
      summary: "What to write",
      choices: ["segments", "proofs", ...Object.keys(views)],
      default: "segments",
    },
    tiles: { type: "boolean", summary: "Add the partial tiles of the last checkpoint" },
    ...filterOptions,
    ...placeOptions,
    ...readingOptions,
    format: formatOption,
  },
  exitCodes: [
    [logExitCodes.done, "written"],
    [logExitCodes.nothing, "there is no such record"],
    [logExitCodes.usage, "the command line was not understood, or something cannot be read"],
  ],
  examples: [
    "chancery log export --config chancery.yaml --out evidence --since 2026-11-01",
    "chancery log export state/log --out acme --as proofs --tenant acme --purpose audit",
    "chancery log export state/log --out siem --as ocsf --verdict deny",
  ],
  async run(input, io) {
    if (input.tiles && input.as !== "segments") {
      throw new UsageError("--tiles goes with --as segments alone.", "Leave it out.");
    }
    const place = await findLogPlace(io, input);
    const filter = readFilter(input);
    const out = resolve(io.cwd, input.out);
    await makeEmptyFolder(out, input.out);
    const { actor, purpose } = input;
    const record = (count: number) =>
      recordReading(io, place, {
        command: `log export --as ${input.as}`,
        actor,
        purpose,
        filter,
        count,
      });
    const job = { place, filter, out, hasEdge: input.tiles, record, io };
    const done = await write(input.as, job);
    show(done, input, io);
    return done.records === 0 ? logExitCodes.nothing : logExitCodes.done;
  },
});

interface ExportJob {
  readonly place: LogPlace;
  readonly filter: RecordFilter;
  readonly out: string;
  readonly hasEdge: boolean;
  /** Notes the reading, before anything is given out. */
  readonly record: (count: number) => Promise<void>;
  readonly io: Io;
}

/** What came of an export. */
interface Exported {
  readonly files: number;
  readonly records: number;
  readonly from: string | undefined;
  readonly to: string | undefined;
}

function write(form: string, job: ExportJob): Promise<Exported> {
  if (form === "segments") return writeSegments(job);
  return form === "proofs" ? writeProven(job) : writeView(form, job);
}

async function writeSegments({
  filter,
  hasEdge,
  out,
  place,
  record,
}: ExportJob): Promise<Exported> {
  const others = Object.keys(filter.told ?? {}).filter(
    (name) => name !== "since" && name !== "until",
  );
  if (others.length > 0) {
    throw new UsageError(
      `Segments are whole: --${others[0]} cannot pick from them.`,
      "Pick records with --as proofs, or name only a span with --since and --until.",
    );
  }
  const plans = place.logs.flatMap(
    (log) => orUnreadable(place.shown, () => planSegments(log, filter)) ?? [],
  );
  const records = plans.reduce((sum, plan) => sum + plan.records, 0);
  await record(records);
  let files = 0;
  for (const plan of plans) files += await copySegments(plan, out, hasEdge);
  return { files, records, ...spanOf(plans) };
}

function spanOf(plans: readonly Pick<SegmentPlan, "from" | "to">[]) {
  const [from] = plans.map((plan) => plan.from).sort();
  return {
    from,
    to: plans
      .map((plan) => plan.to)
      .sort()
      .at(-1),
  };
}

async function writeProven({ filter, io, out, place, record }: ExportJob): Promise<Exported> {
  const found = place.logs.flatMap((log) =>
    orBroken(log, () => proveWhere(log.files, readInfo(log), (one) => filter.matches(one))),
  );
  const proven = found.filter(({ proof }) => proof !== undefined);
  await record(proven.length);
  const written = await writeProofs(out, proven);
  if (proven.length < found.length) {
    const left = plural(found.length - proven.length, "record");
    io.stderr.write(`chancery: ${left} left out, which no checkpoint covers yet.\n`);
  }
  const times = proven.map((one) => atOf(one.record)).sort();
  return { files: written.length * 2, records: proven.length, from: times[0], to: times.at(-1) };
}

async function writeView(
  form: string,
  { filter, out, place, record }: ExportJob,
): Promise<Exported> {
  const view = views[form];
  if (view === undefined) throw new UsageError(`There is no view "${form}".`, "See --help.");
  const draft = draftView(view, place.logs, filter, out);
  try {
    await record(draft.records);
  } catch (error) {
    draft.discard();
    throw error;
  }
  draft.publish();
  return { files: 1, records: draft.records, from: draft.from, to: draft.to };
}

function show(
  { files, from, records, to }: Exported,
  { format, out }: { readonly format: string; readonly out: string },
  io: Io,
): void {
  if (format === "json") {
    io.stdout.write(toJson({ files, records, from: from ?? null, to: to ?? null }));
    return;
  }
  const span = from === undefined ? "" : `, from ${from} to ${to}`;
  const paint = createPaint(io);
  io.stdout.write(
    `${paint("strong", out)}  ${plural(files, "file")}, ${plural(records, "record")}${span}\n`,
  );
}

/** What is exported must be all there is in the folder, or nobody could tell what is what. */
async function makeEmptyFolder(path: string, shown: string): Promise<void> {
  try {
    await mkdir(path, { recursive: true, mode: 0o700 });
    if ((await readdir(path)).length === 0) return;
  } catch (error) {
    const reason = (error as NodeJS.ErrnoException).code ?? "unknown error";
    throw new UsageError(`Cannot write to ${shown}: ${reason}.`, "Name another folder with --out.");
  }
  throw new UsageError(`${shown} is not empty.`, "Name a folder that is new or empty with --out.");
}

function atOf(line: Buffer): string {
  const { at }: { at?: unknown } = JSON.parse(line.toString());
  return String(at);
}
