import type { DecisionInput } from "../../domain/index.ts";
import { evaluate, type Snapshot, toDecisionDocument } from "../../policy/index.ts";
import { defineCommand } from "../command.ts";
import { renderDecision } from "../decision-report.ts";
import { exitCodes } from "../exit-codes.ts";
import { formatOption } from "../format-option.ts";
import { readInputFile } from "../input-file.ts";
import { loadPolicies } from "../load-policies.ts";
import { createPaint } from "../paint.ts";

/** Decides given inputs and shows why. */
export const explain = defineCommand({
  name: "explain",
  summary: "Decide one input and show why, rule by rule",
  details: [
    'An input says who asks for what and what was found in it; `time` and `action` are required:\n  { "time": "2026-03-02T10:00:00Z", "tenant": "acme", "app": "chat", "action": "llm.generate",\n    "model": "openai/gpt-4o-mini", "principal": { "id": "user:ann" },\n    "data": { "findings": [{ "class": "pii.email", "in": "prompt", "count": 1, "confidence": 1 }] } }',
    "The same input under the same policies gives the same output, decision id included.",
  ],
  positionals: {},
  options: {
    policies: {
      type: "string",
      required: true,
      placeholder: "DIR",
      summary: "Policies, one folder for each namespace",
    },
    input: {
      type: "string",
      required: true,
      placeholder: "FILE",
      summary: "One input as JSON or an array of them; - is standard input",
    },
    format: formatOption,
  },
  exitCodes: [
    [exitCodes.done, "decided; a deny is an answer"],
    [exitCodes.notCompiled, "the policies do not compile; nothing is evaluated"],
    [exitCodes.usage, "the command line was not understood, or the input is none"],
  ],
  examples: [
    "chancery explain --policies policies --input request.json",
    "chancery explain --policies policies --input - --format json < request.json",
  ],
  async run({ policies, input, format }, io) {
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

function explainOne(snapshot: Snapshot, input: DecisionInput) {
  const decision = evaluate(snapshot, input, { trace: true, shadow: true });
  const versions = snapshot.versionsFor(input.tenant);
  const document = toDecisionDocument(
    { ...decision, evaluated: decision.evaluated ?? [] },
    { input, versions },
  );
  return { input, document, decision };
}
