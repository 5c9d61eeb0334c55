import type { Decision, Finding, Span, ToolCall } from "../domain/index.ts";
import { planEdits, requireEditable, type ToolRedactions } from "../effects/index.ts";
import { decodeContent, type Format } from "../formats/index.ts";
import type { AnswerHead } from "./answer-head.ts";
import { classifiesAnswers, classifyAnswer } from "./classify-answer.ts";
import type { ExchangeCore } from "./core.ts";
import { FindingTally } from "./finding-tally.ts";
import { judgeHeldCalls, requireShown } from "./judge-calls.ts";
import { judgeHeldStream } from "./judge-held-stream.ts";
import { decideOnAnswer, type JudgedAnswer } from "./judged-answer.ts";
import { maskEverything } from "./local-reply.ts";
import { type AnswerContent, readAnswer } from "./read-answer.ts";
import { StreamJudge } from "./stream-judge.ts";
import { tokensOf } from "./tokens.ts";
import { judgesTools } from "./tool-judge.ts";

/** The body of an answer as it came, and what is known of it. */
export interface WholeBody {
  readonly raw: Buffer;
  readonly head: AnswerHead;
  readonly format: Format | undefined;
}

type JudgedContent = Extract<AnswerContent, { kind: "body" }>;

/**
 * Judges an answer that is there from its first byte to its last, whatever it is: JSON, text, or an
 * event stream.
 * @throws Fault those of the decoders, redaction_impossible, and those of the deadline
 */
export function judgeWhole(
  core: ExchangeCore,
  { format, head, raw }: WholeBody,
  goOn: (judged: JudgedAnswer) => void,
): void {
  const { deps, evidence } = core;
  evidence.stopwatch.start("parse");
  const plain = decodeContent(raw, head.codings, deps.limits);
  const content = readAnswer(plain, head, format, deps.limits);
  if (content.kind === "events") {
    if (!classifiesAnswers(core)) return judgeEvents(core, content.format, plain, goOn);
    return judgeHeldStream(core, { format: content.format, plain }, goOn);
  }
  evidence.stopwatch.start("detect");
  const readCalls = () => content.readToolCalls?.() ?? [];
  core.whenReady(classifyAnswer(core, content.body.spans, readCalls), (findings) => {
    judgeBody(core, content, findings, goOn);
  });
}

function judgeEvents(
  core: ExchangeCore,
  format: Format,
  plain: Buffer,
  goOn: (judged: JudgedAnswer) => void,
): void {
  const judge = new StreamJudge(core, format);
  const conclude = (bytes: readonly Buffer[], decision: Decision | undefined) => {
    const { findings, redacted, usage } = judge;
    goOn({ bytes: Buffer.concat(bytes), edited: redacted, findings, decision, usage });
  };
  core.whenReady(judge.push(plain), (first) => {
    if (first.fault !== undefined) throw first.fault;
    if (first.deny !== undefined) return conclude(first.bytes, first.deny);
    core.whenReady(judge.end(), (last) => {
      if (last.fault !== undefined) throw last.fault;
      conclude([...first.bytes, ...last.bytes], last.decision);
    });
  });
}

type Findings = readonly (readonly Finding[])[];

function judgeBody(
  core: ExchangeCore,
  content: JudgedContent,
  found: Findings,
  goOn: (judged: JudgedAnswer) => void,
): void {
  const { stopwatch } = core.evidence;
  stopwatch.start("evaluate");
  const redactions = new Map<number, ToolRedactions>();
  const note = (call: ToolCall, redaction: ToolRedactions) => {
    const { after, first } = call.texts;
    requireShown(core, call, { redactions: redaction, found: found.slice(first, after) });
    for (let index = first; index < after; index += 1) redactions.set(index, redaction);
  };
  const denied = judgeHeldCalls(core, readCalls(core, content), note);
  stopwatch.stop();
  core.whenReady(denied, (deny) => {
    stopwatch.start("evaluate");
    goOn(conclude(core, content, { found, deny, redactions }));
  });
}

interface JudgedParts {
  readonly found: Findings;
  /** Of a call. */
  readonly deny: Decision | undefined;
  /** By the index of the text they are about. */
  readonly redactions: ReadonlyMap<number, ToolRedactions>;
}

function conclude(
  core: ExchangeCore,
  { body, usage }: JudgedContent,
  { deny, found, redactions }: JudgedParts,
): JudgedAnswer {
  const { evidence, knowledge } = core;
  const findings = new FindingTally();
  findings.addAll(body.spans, found);
  knowledge.answerFindings = findings;
  const decision = deny ?? decideOnAnswer(core, findings.groups());
  const spans = body.spans.map(({ place, text }: Span, index) => ({
    place,
    text,
    findings: found[index] ?? [],
    ofTool: redactions.get(index),
  }));
  const redact = knowledge.isWatched ? undefined : decision?.obligations.redact;
  evidence.stopwatch.start("effects");
  const tokenOf = tokensOf(core);
  const { edits } =
    decision === undefined
      ? maskEverything(spans)
      : planEdits({ direction: "response", spans, redact, tokenOf });
  if (decision?.outcome !== "deny") requireEditable(edits, body.spans);
  const bytes = body.applyEdits(edits);
  evidence.stopwatch.stop();
  return { bytes, edited: edits.length, findings, decision, usage };
}

/** The calls to be judged; notes what the answer says about itself. */
function readCalls(
  core: ExchangeCore,
  { finishReason, readToolCalls, usage }: JudgedContent,
): readonly ToolCall[] {
  const { knowledge } = core;
  if (knowledge.permit === undefined) return [];
  const calls = readToolCalls?.() ?? [];
  knowledge.response = {
    ...(finishReason === undefined ? {} : { finishReason }),
    ...(usage?.out === undefined ? {} : { outputTokens: usage.out }),
    toolCalls: calls.map(({ name }) => name),
  };
  return judgesTools(core) ? calls : [];
}
