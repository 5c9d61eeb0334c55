import type { DecisionInput } from "../../domain/index.ts";
import { evaluate, type Snapshot, toDecisionDocument } from "../../policy/index.ts";
import { defineCommand } from "../command.ts";
import { renderDecision } from "../decision-report.ts";
import { exitCodes } from "../exit-codes.ts";
import { explainDecision } from "../explain-decision.ts";
import { formatOption } from "../format-option.ts";
import { readInputFile } from "../input-file.ts";
import { loadPolicies } from "../load-policies.ts";
import { placeOptions } from "../log/find-logs.ts";
import { readingOptions } from "../log/record-reading.ts";
import { createPaint } from "../paint.ts";
import { UsageError } from "../usage-error.ts";

/** Decides given inputs and shows why. */
export const explain = defineCommand({
  name: "explain",
  summary: "Decide one input, or what is on record, and show why",
  details: [
    "With --decision ID and the PATH of a log: what is on record of that exchange, in words, and which rule\nwould have to change. The policies that served are kept beside the log; --store names a copy.",
    'An input says who asks for what and what was found in it; `time` and `action` are required:\n  { "time": "2026-03-02T10:00:00Z", "tenant": "acme", "app": "chat", "action": "llm.generate",\n    "model": "openai/gpt-4o-mini", "principal": { "id": "user:ann" },\n    "data": { "findings": [{ "class": "pii.email", "in": "prompt", "count": 1, "confidence": 1 }] } }',
    "The same input under the same policies gives the same output, decision id included.",
  ],
  positionals: {
    path: {
      placeholder: "PATH",
      isOptional: true,
      summary: "With --decision: a log folder, a slot, `<stateDir>/log`, or an export",
    },
  },
  options: {
    decision: {
      type: "string",
      placeholder: "ID",
      summary: "An exchange on record, by the id that its caller was told",
    },
    store: {
      type: "string",
      placeholder: "DIR",
      summary: "With --decision: the policies that served, else those beside the log",
    },
    policies: {
      type: "string",
      placeholder: "DIR",
      summary: "Policies, one folder for each namespace",
    },
    input: {
      type: "string",
      placeholder: "FILE",
      summary: "One input as JSON or an array of them; - is standard input",
    },
    ...placeOptions,
    ...readingOptions,
    format: formatOption,
  },
  exitCodes: [
    [exitCodes.done, "decided; a deny is an answer"],
    [exitCodes.notCompiled, "the policies do not compile, or nothing is on record of the exchange"],
    [exitCodes.usage, "the command line was not understood, or the input is none"],
  ],
  examples: [
    "chancery explain --policies policies --input request.json",
    "chancery explain --policies policies --input - --format json < request.json",
    "chancery explain --decision 01a1fd1e-9060-7266-9625-1b601630ea14 state/log",
  ],
  async run(given, io) {
    const { decision, format, input, path, policies } = given;
    if (decision !== undefined) {
      return explainDecision(io, { ...given, id: decision, path, isJson: format === "json" });
    }
    if (policies === undefined) throw needs("--policies DIR");
    if (input === undefined) throw needs("--input FILE");
    const { inputs, isList } = await readInputFile(io, input, "--input");
    const loaded = await loadPolicies(io, policies);
    if (loaded === undefined) return exitCodes.notCompiled;
    const explained = inputs.map((one) => explainOne(loaded.snapshot, one));
    if (format === "json") {
      const documents = explained.map(({ document }) => document);
      const [only] = documents;
      io.stdout.write(`${JSON.stringify(isList ? documents : only, undefined, 2)}\n`);
      return exitCodes.done;
    }
    const paint = createPaint(io);
    const texts = explained.map(({ input: asked, document, decision }) =>
      renderDecision(document, { input: asked, details: decision, paint }),
    );
    io.stdout.write(texts.join("\n"));
    return exitCodes.done;
  },
});

function needs(what: string): UsageError {
  return new UsageError(
    `\`chancery explain\` needs ${what}.`,
    "Run `chancery explain --help` to see what it takes.",
  );
}

function explainOne(snapshot: Snapshot, input: DecisionInput) {
  const decision = evaluate(snapshot, input, { trace: true, shadow: true });
  const versions = snapshot.versionsFor(input.tenant);
  const document = toDecisionDocument(
    { ...decision, evaluated: decision.evaluated ?? [] },
    { input, versions },
  );
  return { input, document, decision };
}
