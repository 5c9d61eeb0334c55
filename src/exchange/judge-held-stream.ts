import type { Finding, RedactionMethod, Usage } from "../domain/index.ts";
import {
  findingsApart,
  redactionFor,
  replacementOf,
  type ToolRedactions,
} from "../effects/index.ts";
import { type Format, openStreamOrJson, type StreamEvent } from "../formats/index.ts";
import { classifyAnswer } from "./classify-answer.ts";
import { type ExchangeCore, waitsForEnd } from "./core.ts";
import { FindingTally } from "./finding-tally.ts";
import { HoldBack } from "./hold-back.ts";
import { judgeHeldCalls, requireShown } from "./judge-calls.ts";
import { decideOnAnswer, type JudgedAnswer } from "./judged-answer.ts";
import { KnownFindings, TextReader } from "./known-findings.ts";
import { type ClosedCall, OpenCalls } from "./open-calls.ts";
import { tokensOf } from "./tokens.ts";
import { judgesTools } from "./tool-judge.ts";

/** An event stream that is there as a whole, and what its events say together. */
interface HeldStream {
  readonly events: readonly StreamEvent[];
  /** As clients join them, in the order they begin. */
  readonly texts: readonly string[];
  readonly calls: readonly ClosedCall[];
  readonly usage: Usage | undefined;
  readonly finishReason: string | undefined;
}

/**
 * Judges an event stream that is there from its first event to its last, because classifiers read its
 * texts whole: they have no say on the beginning of one.
 * @throws Fault those of the decoders and redaction_impossible
 */
export function judgeHeldStream(
  core: ExchangeCore,
  { format, plain }: { readonly format: Format; readonly plain: Buffer },
  goOn: (judged: JudgedAnswer) => void,
): void {
  const stream = readStream(core, format, plain);
  core.evidence.stopwatch.start("detect");
  const spans = stream.texts.map((text) => ({ place: "response", text }) as const);
  core.whenReady(
    classifyAnswer(core, spans, () => stream.calls),
    (found) => judge(core, stream, found, goOn),
  );
}

/** Reads all events; quotas hear of each, as of one that runs. */
function readStream(core: ExchangeCore, format: Format, plain: Buffer): HeldStream {
  const { limits } = core.deps;
  const openCalls = judgesTools(core) ? new OpenCalls() : undefined;
  const readsCalls = openCalls !== undefined || waitsForEnd(core);
  const decoder = openStreamOrJson(format, limits, readsCalls);
  const events = [...decoder.push(plain), ...decoder.end()];
  const reader = new TextReader();
  const holdBack = new HoldBack(reader, limits.bodyBytesMax);
  let usage: Usage | undefined;
  let finishReason: string | undefined;
  for (const event of events) {
    if (event.usage !== undefined) usage = { ...usage, ...event.usage };
    core.evidence.usage(event.usage);
    core.knowledge.quotas?.ran(event);
    finishReason = event.finishReason ?? finishReason;
    openCalls?.push(event);
    holdBack.push(event);
  }
  return { events, texts: reader.texts, calls: openCalls?.take([""]) ?? [], usage, finishReason };
}

function judge(
  core: ExchangeCore,
  stream: HeldStream,
  found: readonly (readonly Finding[])[],
  goOn: (judged: JudgedAnswer) => void,
): void {
  const { evidence, knowledge } = core;
  const { calls, finishReason, usage } = stream;
  evidence.stopwatch.start("evaluate");
  const findings = new FindingTally();
  for (const list of found) for (const finding of list) findings.add(finding, "response");
  knowledge.response = {
    ...(finishReason === undefined ? {} : { finishReason }),
    ...(usage?.out === undefined ? {} : { outputTokens: usage.out }),
    toolCalls: calls.map(({ name }) => name),
  };
  const ofTools = new Map<string, ToolRedactions>();
  const note = (call: ClosedCall, redactions: ToolRedactions) => {
    const own = found.filter((_, index) => stream.texts[index] === call.args);
    requireShown(core, call, { redactions, found: own });
    ofTools.set(call.args, redactions);
  };
  core.whenReady(judgeHeldCalls(core, calls, note), (denied) => {
    const decision = denied ?? decideOnAnswer(core, findings.groups());
    const common = { findings, decision, usage };
    if (decision === undefined || decision.outcome === "deny") {
      return goOn({ ...common, bytes: Buffer.alloc(0), edited: 0 });
    }
    const { redact } = decision.obligations;
    goOn({ ...common, ...edit(core, stream, { found, redact, ofTools }) });
  });
}

interface Redacted {
  readonly found: readonly (readonly Finding[])[];
  readonly redact: Parameters<typeof redactionFor>[1]["redact"];
  /** By the arguments of a call, what is to be done to them besides. */
  readonly ofTools: ReadonlyMap<string, ToolRedactions>;
}

/** The events again, with what a decision has replaced in their texts. */
function edit(
  core: ExchangeCore,
  { events, texts }: HeldStream,
  { found, ofTools, redact }: Redacted,
): Pick<JudgedAnswer, "bytes" | "edited"> {
  const methods = new Map<Finding, RedactionMethod>();
  const known = new KnownFindings(
    texts.map((text, index) => {
      const ofTool = ofTools.get(text);
      const scope = { place: "response", direction: "response", redact, ofTool } as const;
      const methodOf = (finding: Finding) => redactionFor(finding, scope)?.method;
      const findings = findingsApart(found[index] ?? [], methodOf);
      for (const finding of findings) {
        const method = methodOf(finding);
        if (method !== undefined) methods.set(finding, method);
      }
      return { text, findings };
    }),
  );
  const holdBack = new HoldBack(known, core.deps.limits.bodyBytesMax);
  const tokenOf = tokensOf(core);
  const bytes: Buffer[] = [];
  let edited = 0;
  for (const event of events) holdBack.push(event);
  holdBack.end();
  const replace = (finding: Finding) => {
    const origin = known.originOf(finding);
    const method = origin && methods.get(origin.finding);
    if (method === undefined) return undefined;
    edited += 1;
    return replacementOf(finding, method, { value: origin?.value ?? "", tokenOf });
  };
  holdBack.release(replace, bytes);
  return { bytes: Buffer.concat(bytes), edited };
}
