import { appendFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import { nearestName } from "../../base/index.ts";
import { places } from "../../domain/index.ts";
import { feedbackFile } from "../../server/index.ts";
import { defineCommand } from "../command.ts";
import { readConfig } from "../config-file.ts";
import { exitCodes } from "../exit-codes.ts";
import { findDecision } from "../feedback/find-decision.ts";
import { makeMark } from "../feedback/make-mark.ts";
import { type Mark, type MarkKind, markKinds, parseMark } from "../feedback/mark.ts";
import { renderReport, summarise } from "../feedback/report.ts";
import { formatOption } from "../format-option.ts";
import type { Io } from "../io.ts";
import { readInput } from "../read-input.ts";
import { UsageError } from "../usage-error.ts";

const kindOf = new Map(markKinds.map((kind) => [kind.replace("_", "-"), kind]));
const actions = [...kindOf.keys(), "report"];

/** Where records are read and marks are kept. */
interface Files {
  readonly records: string | undefined;
  readonly out: string;
}

/** Notes what reviewers say about findings. */
export const feedback = defineCommand({
  name: "feedback",
  summary: "Mark findings as right, wrong or missed, and count the marks",
  details: [
    "A mark names a decision by the id that its caller was given, a class and a place, and holds nothing\nof the text. It is checked against the records and added to a file, which servers count as\n`chancery_feedback_total`.",
    [
      "false-positive ID  a value of --class was found that is none",
      "false-negative ID  a value of --class was there and not found",
      "true-positive ID   what was found of --class is right",
      "true-negative ID   nothing was found, of --class or at all, and that is right",
      "report             counts the marks by class",
    ].join("\n"),
  ],
  positionals: {
    action: { placeholder: "ACTION", summary: actions.join(", ") },
    decision: {
      placeholder: "ID",
      summary: "Decision id, as in `x-chancery-decision` and in records",
      isOptional: true,
    },
  },
  options: {
    class: { type: "string", placeholder: "CLASS", summary: "Data class, such as pii.email" },
    in: { type: "string", placeholder: "PLACE", summary: "Where it is", choices: places },
    config: {
      type: "string",
      placeholder: "FILE",
      summary: "The server's configuration: its records, and its file of marks",
    },
    records: {
      type: "string",
      placeholder: "PATH",
      summary: "Records, as JSON Lines; a folder stands for all .jsonl files in it",
    },
    out: { type: "string", placeholder: "FILE", summary: "The file of marks, as JSON Lines" },
    format: { ...formatOption, summary: "How `report` prints" },
  },
  exitCodes: [
    [exitCodes.done, "the mark is noted, or the report is printed"],
    [exitCodes.failed, "no record is about this decision; nothing is noted"],
    [exitCodes.usage, "the command line was not understood, or does not fit what is on record"],
  ],
  examples: [
    "chancery feedback false-positive 01a1fd1e-9060-7266-9625-1b601630ea14 --class pii.phone --config chancery.yaml",
    "chancery feedback report --config chancery.yaml",
  ],
  async run(input, io) {
    const files = await filesOf(input, io);
    if (input.action === "report") {
      if (input.decision !== undefined) {
        throw new UsageError("`report` takes no ID.", "It counts all marks.");
      }
      return report(await readMarks(io, files.out), input.format, io);
    }
    const kind = findKind(input.action);
    const { class: name, decision } = input;
    if (decision === undefined || files.records === undefined) {
      throw new UsageError(
        decision === undefined ? "This needs the ID of a decision." : "This needs the records.",
        "Run `chancery feedback --help` to see what each action takes.",
      );
    }
    const recorded = await findDecision(io, files.records, decision);
    if (recorded === undefined) {
      io.stderr.write(`No record in ${files.records} is about decision ${decision}.\n`);
      return exitCodes.failed;
    }
    const place = places.find((each) => each === input.in);
    const at = new Date().toISOString();
    const mark = makeMark({ kind, decision, class: name, in: place, at }, recorded);
    await addMark(io, files.out, mark);
    io.stdout.write(`${decision}  ${input.action}  ${name ?? "nothing found"}, in ${files.out}\n`);
    return exitCodes.done;
  },
});

function findKind(action: string): MarkKind {
  const kind = kindOf.get(action);
  if (kind !== undefined) return kind;
  const nearest = nearestName(action, actions);
  throw new UsageError(
    `Unknown action "${action}" of \`chancery feedback\`.`,
    `${nearest === undefined ? "" : `Did you mean \`${nearest}\`? `}Run \`chancery feedback --help\`.`,
  );
}

async function filesOf(
  input: {
    readonly config: string | undefined;
    readonly records: string | undefined;
    readonly out: string | undefined;
  },
  io: Io,
): Promise<Files> {
  const stateDir =
    input.config === undefined ? undefined : (await readConfig(io, input.config, {})).stateDir;
  const out = input.out ?? (stateDir === undefined ? undefined : join(stateDir, feedbackFile));
  if (out === undefined) {
    throw new UsageError(
      "This needs to know the file of marks.",
      "Give --config FILE, or --out FILE and --records PATH.",
    );
  }
  return { out, records: input.records ?? (stateDir && join(stateDir, "log")) };
}

async function addMark(io: Io, path: string, mark: Mark): Promise<void> {
  try {
    await appendFile(resolve(io.cwd, path), `${JSON.stringify(mark)}\n`, { mode: 0o600 });
  } catch (error) {
    const reason = (error as NodeJS.ErrnoException).code ?? "unknown error";
    throw new UsageError(`Cannot write ${path}: ${reason}.`, "Check the path given with --out.");
  }
}

async function readMarks(io: Io, path: string): Promise<readonly Mark[]> {
  const lines = (await readInput(io, path, "--out")).split("\n");
  return lines.flatMap((line, index) => {
    if (line.trim() === "") return [];
    const mark = parseMark(line);
    if (mark !== undefined) return [mark];
    throw new UsageError(
      `${path}, line ${index + 1}, is no mark.`,
      "Give --out a file that `chancery feedback` wrote.",
    );
  });
}

function report(marks: readonly Mark[], format: string, io: Io): number {
  const classes = summarise(marks);
  io.stdout.write(
    format === "json" ? `${JSON.stringify({ classes }, undefined, 2)}\n` : renderReport(classes),
  );
  return exitCodes.done;
}
