import { resolve } from "node:path";
import { type Problem, sortProblems } from "../../base/index.ts";
import {
  analyse,
  findWidenings,
  loadSnapshot,
  type PolicyDocument,
  type PolicyFile,
  type PolicyUsage,
  parsePolicies,
  unusedDaysDefault,
} from "../../policy/index.ts";
import { type Config, endpointsOf, type ParsedConfig, parseConfig } from "../../server/index.ts";
import { readPolicyDirectory } from "../../sources/index.ts";
import { defineCommand } from "../command.ts";
import { exitCodes } from "../exit-codes.ts";
import { formatOption } from "../format-option.ts";
import type { Io } from "../io.ts";
import { loadPolicies } from "../load-policies.ts";
import { createPaint } from "../paint.ts";
import { countProblems, plural, problemsToJson, renderProblems } from "../problem-report.ts";
import { readInput } from "../read-input.ts";
import { readUsageOver, toUnusedDays } from "../usage/index.ts";
import { UsageError } from "../usage-error.ts";
import { packageVersion } from "../version.ts";

/** Validates policies, and a configuration beside them; nothing is started or changed. */
export const check = defineCommand({
  name: "check",
  summary: "Validate policies and configuration, all problems at once",
  details: [
    "Each problem comes with its file, line and column, a stable code and the next step to take.\nFiles of policies are named from DIR.",
    "Warnings are about rules that never matter, contradict each other, are open, untested or over; they\nare looked for where there are no errors. With --against, requests are made up to find what is\npermitted that OLD does not permit.",
    "With --usage, rules that matched nothing for --unused-days and Grants that nobody made use of are\ntold as well. Records show all of it; metrics show rules in force that have a series of their own,\nsince the start of the process. Where any source covers fewer days, nothing is called unused.",
    "With --config, rules about answers that no listener lets the proxy send are problems as well, and so\nare classifiers that the configuration does not have or does not open to a tenant.",
  ],
  positionals: {
    directory: { placeholder: "DIR", summary: "Policies, one folder for each namespace" },
  },
  options: {
    config: { type: "string", placeholder: "FILE", summary: "Validate this configuration as well" },
    against: {
      type: "string",
      placeholder: "OLD",
      summary: "Warn of what is permitted that these policies, a directory, do not permit",
    },
    at: {
      type: "string",
      placeholder: "TIME",
      summary: "Look at what ends by itself as of then, in RFC 3339; now where not given",
    },
    usage: {
      type: "string",
      multiple: true,
      placeholder: "FILE",
      summary: "What /metrics says, records, or a folder of them; - is standard input",
    },
    unusedDays: {
      type: "string",
      placeholder: "DAYS",
      default: String(unusedDaysDefault),
      summary: "With --usage: days without use after which something is called unused",
    },
    strict: { type: "boolean", summary: "Let warnings fail as errors do" },
    format: formatOption,
  },
  exitCodes: [
    [exitCodes.done, "no errors; with --strict no warnings either"],
    [exitCodes.failed, "there are problems"],
    [exitCodes.notCompiled, "the policies of --against do not compile"],
    [exitCodes.usage, "the command line was not understood, or something could not be read"],
  ],
  examples: [
    "chancery check policies/quickstart",
    "chancery check policies --config chancery.yaml --strict",
    "chancery check policies --against main/policies --strict",
    "chancery check policies --usage state/log --unused-days 90",
    "chancery check policies --format json",
  ],
  async run(input, io) {
    const configured = input.config === undefined ? undefined : await checkConfig(input.config, io);
    const old = input.against === undefined ? undefined : await loadPolicies(io, input.against);
    if (input.against !== undefined && old === undefined) return exitCodes.notCompiled;
    const nowMs = momentOf(input.at);
    const unusedDays = toUnusedDays(input.unusedDays);
    const usage = await readUsageOver(unusedDays, { io, paths: input.usage, nowMs });
    const against = old?.documents;
    const beside = { config: configured?.config, against, nowMs, usage, unusedDays };
    const findings = await checkPolicies(input.directory, beside, io);
    const problems = [...findings.problems, ...(configured?.problems ?? [])];
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

/** What policies are held against. */
interface Beside {
  readonly config: Config | undefined;
  /** Documents of the version before. */
  readonly against: readonly PolicyDocument[] | undefined;
  /** Milliseconds since the epoch. */
  readonly nowMs: number;
  readonly usage: readonly PolicyUsage[];
  readonly unusedDays: number;
}

function momentOf(at: string | undefined): number {
  if (at === undefined) return Date.now();
  const nowMs = /^\d{4}-\d\d-\d\dT/.test(at) ? Date.parse(at) : Number.NaN;
  if (!Number.isNaN(nowMs)) return nowMs;
  throw new UsageError(`\`${at}\` is no time.`, "Write one like 2026-03-02T10:00:00Z.");
}

async function checkPolicies(directory: string, beside: Beside, io: Io): Promise<PolicyFindings> {
  const { files, problems } = await readPolicyDirectory(resolve(io.cwd, directory));
  // With a part of the documents missing, names would look undeclared that are not.
  const compiled = hasError(problems) ? [] : compileAndAnalyse(files, beside);
  return {
    files: files.length,
    namespaces: new Set(files.map(({ namespace }) => namespace)).size,
    problems: sortProblems([...problems, ...compiled]).map((problem) =>
      // What concerns the directory as a whole is told under the name it was given.
      problem.file === "." ? { ...problem, file: directory } : problem,
    ),
  };
}

/** What could never matter or is too open is looked for where all else is in order. */
function compileAndAnalyse(
  files: readonly PolicyFile[],
  { config, against, nowMs, usage, unusedDays }: Beside,
): readonly Problem[] {
  const { snapshot, problems } = loadSnapshot(files, {
    engineVersion: packageVersion(),
    nowMs,
    modes: config && {
      response: config.listeners.flatMap(({ bodyModes }) => bodyModes.response),
    },
    endpoints: config && endpointsOf(config),
  });
  if (snapshot === undefined || hasError(problems)) return problems;
  const { documents } = parsePolicies(files);
  return [
    ...problems,
    ...analyse(documents, { snapshot, nowMs, usage, unusedDays }),
    ...(against === undefined ? [] : findWidenings(against, documents)),
  ];
}

/** `config` is undefined where it has errors. */
async function checkConfig(path: string, io: Io): Promise<ParsedConfig> {
  const text = await readInput(io, path, "--config");
  const { config, problems } = parseConfig({ path: resolve(io.cwd, path), text });
  // Shown as it was given, read as the file it is.
  return { config, problems: problems.map((problem) => ({ ...problem, file: path })) };
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
