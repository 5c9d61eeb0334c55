import { runPolicyTests } from "../../policy/index.ts";
import { defineCommand } from "../command.ts";
import { exitCodes } from "../exit-codes.ts";
import { formatOption } from "../format-option.ts";
import { renderJunit } from "../junit-report.ts";
import { loadPolicies, reportNotCompiled } from "../load-policies.ts";
import { createPaint } from "../paint.ts";
import { renderTap } from "../tap-report.ts";
import { renderTestRun, testRunToJson } from "../test-report.ts";

/** Runs the tests that lie beside policies. */
export const test = defineCommand({
  name: "test",
  summary: "Run the tests that lie beside policies",
  details: [
    "Every PolicyTest of DIR is asked of the whole directory, by the engine that serves. Shadow\ndecisions are always computed. JSON output holds the coverage without being asked for it.",
  ],
  positionals: {
    directory: { placeholder: "DIR", summary: "Policies, one folder for each namespace" },
  },
  options: {
    coverage: { type: "boolean", summary: "Show how often rules and conditions were reached" },
    format: { ...formatOption, choices: ["text", "tap", "junit", "json"] },
  },
  exitCodes: [
    [exitCodes.done, "every case is as expected"],
    [exitCodes.failed, "a case is not"],
    [exitCodes.notCompiled, "the policies or their tests do not compile; nothing is evaluated"],
    [exitCodes.usage, "the command line was not understood, or something could not be read"],
  ],
  examples: [
    "chancery test policies",
    "chancery test policies --coverage",
    "chancery test policies --format junit > policies.xml",
  ],
  async run({ directory, format, coverage }, io) {
    const loaded = await loadPolicies(io, directory);
    if (loaded === undefined) return exitCodes.notCompiled;
    const run = runPolicyTests(loaded.snapshot, loaded.documents);
    if (run.problems.length > 0) {
      reportNotCompiled(io, directory, run.problems);
      return exitCodes.notCompiled;
    }
    const versionsFor = loaded.snapshot.versionsFor;
    switch (format) {
      case "json":
        io.stdout.write(testRunToJson(run, versionsFor));
        break;
      case "tap":
        io.stdout.write(renderTap(run, coverage));
        break;
      case "junit":
        io.stdout.write(renderJunit(run, coverage));
        break;
      default:
        io.stdout.write(renderTestRun(run, { coverage, paint: createPaint(io) }));
    }
    return run.cases.every(({ isKept }) => isKept) ? exitCodes.done : exitCodes.failed;
  },
});
