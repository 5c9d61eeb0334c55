import { resolve } from "node:path";
import { type Problem, sortProblems } from "../../base/index.ts";
import { loadSnapshot } from "../../policy/index.ts";
import { parseConfig } from "../../server/index.ts";
import { readPolicyDirectory } from "../../sources/index.ts";
import { defineCommand } from "../command.ts";
import { exitCodes } from "../exit-codes.ts";
import type { Io } from "../io.ts";
import { createPaint } from "../paint.ts";
import { countProblems, plural, problemsToJson, renderProblems } from "../problem-report.ts";
import { readInput } from "../read-input.ts";
import { packageVersion } from "../version.ts";

/** Validates policies, and a configuration beside them; nothing is started or changed. */
export const check = defineCommand({
  name: "check",
  summary: "Validate policies and configuration, all problems at once",
  details: [
    "Each problem comes with its file, line and column, a stable code and the next step to take.\nFiles of policies are named from DIR.",
  ],
  positionals: {
    directory: { placeholder: "DIR", summary: "Policies, one folder for each namespace" },
  },
  options: {
    config: { type: "string", placeholder: "FILE", summary: "Validate this configuration as well" },
    strict: { type: "boolean", summary: "Let warnings fail as errors do" },
    format: {
      type: "string",
      placeholder: "FORMAT",
      summary: "How to print",
      choices: ["text", "json"],
      default: "text",
    },
  },
  exitCodes: [
    [exitCodes.done, "no errors; with --strict no warnings either"],
    [exitCodes.failed, "there are problems"],
    [exitCodes.usage, "the command line was not understood, or something could not be read"],
  ],
  examples: [
    "chancery check policies/quickstart",
    "chancery check policies --config chancery.yaml --strict",
    "chancery check policies --format json",
  ],
  async run(input, io) {
    const findings = await checkPolicies(input.directory, io);
    const configured = input.config === undefined ? [] : await checkConfig(input.config, io);
    const problems = [...findings.problems, ...configured];
    io.stdout.write(
      input.format === "json"
        ? problemsToJson(problems)
        : renderReport({ ...findings, problems }, input.config, io),
    );
    return exitCodeFor(problems, input.strict);
  },
});

interface PolicyFindings {
  readonly files: number;
  readonly namespaces: number;
  readonly problems: readonly Problem[];
}

async function checkPolicies(directory: string, io: Io): Promise<PolicyFindings> {
  const { files, problems } = await readPolicyDirectory(resolve(io.cwd, directory));
  // With a part of the documents missing, names would look undeclared that are not.
  const compiled = hasError(problems)
    ? []
    : loadSnapshot(files, { engineVersion: packageVersion() }).problems;
  return {
    files: files.length,
    namespaces: new Set(files.map(({ namespace }) => namespace)).size,
    problems: sortProblems([...problems, ...compiled]).map((problem) =>
      // What concerns the directory as a whole is told under the name it was given.
      problem.file === "." ? { ...problem, file: directory } : problem,
    ),
  };
}

async function checkConfig(path: string, io: Io): Promise<readonly Problem[]> {
  const text = await readInput(io, path, "--config");
  const { problems } = parseConfig({ path: resolve(io.cwd, path), text });
  // Shown as it was given, read as the file it is.
  return problems.map((problem) => ({ ...problem, file: path }));
}

function renderReport(findings: PolicyFindings, config: string | undefined, io: Io): string {
  const paint = createPaint(io);
  const { problems } = findings;
  const what = [
    `${plural(findings.files, "file")} in ${plural(findings.namespaces, "namespace")}`,
    ...(config === undefined ? [] : [config]),
  ].join(" and ");
  if (problems.length === 0) return `${what}: ${paint("good", "no problems")}\n`;
  const tone = hasError(problems) ? "bad" : "warning";
  const summary = `${what}: ${paint(tone, countProblems(problems))}\n`;
  return `${renderProblems(problems, paint, io.isTerminal)}\n${summary}`;
}

function exitCodeFor(problems: readonly Problem[], isStrict: boolean): number {
  const counted = problems.filter(({ severity }) => isStrict || severity === "error");
  if (counted.some(({ code, severity }) => code === "C04" && severity === "error")) {
    return exitCodes.usage;
  }
  return counted.length === 0 ? exitCodes.done : exitCodes.failed;
}

function hasError(problems: readonly Problem[]): boolean {
  return problems.some(({ severity }) => severity === "error");
}
