import type { Decision, Finding, FindingGroup, Span, Usage } from "../domain/index.ts";
import { planEdits, requireEditable } from "../effects/index.ts";
import { decodeContent, type Format } from "../formats/index.ts";
import type { AnswerHead } from "./answer-head.ts";
import { decisionInput, type ExchangeCore, evaluateNow } from "./core.ts";
import { FindingTally } from "./finding-tally.ts";
import { maskEverything } from "./local-reply.ts";
import { type AnswerContent, readAnswer } from "./read-answer.ts";
import { StreamJudge } from "./stream-judge.ts";
import { tokensOf } from "./tokens.ts";
import { judgeCall, judgesTools } from "./tool-judge.ts";

/** What the judgement of a whole answer came to. */
export interface JudgedAnswer {
  /** What may leave, unpacked. */
  readonly bytes: Buffer;
  readonly edited: number;
  readonly findings: FindingTally;
  /** Undefined for an answer to a request that no decision permitted. */
  readonly decision: Decision | undefined;
  readonly usage: Usage | undefined;
}

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
  if (content.kind === "events") return goOn(judgeEvents(core, content.format, plain));
  evidence.stopwatch.start("detect");
  core.whenReady(deps.classify(content.body.spans), (findings) => {
    goOn(judgeBody(core, content, findings));
  });
}

/**
 * The decision on an answer in which this was found. Undefined for one to a request that no decision
 * permitted: a local reply.
 */
export function decideOnAnswer(
  core: ExchangeCore,
  found: readonly FindingGroup[],
): Decision | undefined {
  const { knowledge, snapshot } = core;
  if (knowledge.permit === undefined || snapshot === undefined) return undefined;
  const groups = [...knowledge.requestFindings.groups(), ...found];
  return evaluateNow(core, decisionInput(core, "response", groups));
}

function judgeEvents(core: ExchangeCore, format: Format, plain: Buffer): JudgedAnswer {
  const judge = new StreamJudge(core, format);
  const first = judge.push(plain);
  const last = first.deny === undefined ? judge.end() : { ...first, decision: first.deny };
  const fault = first.fault ?? last.fault;
  if (fault !== undefined) throw fault;
  return {
    bytes: Buffer.concat([...(first.deny === undefined ? first.bytes : []), ...last.bytes]),
    edited: judge.redacted,
    findings: judge.findings,
    decision: last.decision,
    usage: judge.usage,
  };
}

function judgeBody(
  core: ExchangeCore,
  content: JudgedContent,
  found: readonly (readonly Finding[])[],
): JudgedAnswer {
  const { body, usage } = content;
  const { evidence, knowledge } = core;
  evidence.stopwatch.start("evaluate");
  const findings = new FindingTally();
  findings.addAll(body.spans, found);
  const decision = judgeCalls(core, content) ?? decideOnAnswer(core, findings.groups());
  const spans = body.spans.map(({ place, text }: Span, index) => ({
    place,
    text,
    findings: found[index] ?? [],
  }));
  const redact = knowledge.isWatched ? undefined : decision?.obligations.redact;
  const tokenOf = tokensOf(core);
  const { edits } =
    decision === undefined
      ? maskEverything(spans)
      : planEdits({ direction: "response", spans, redact, tokenOf });
  if (decision?.outcome !== "deny") requireEditable(edits, body.spans);
  evidence.stopwatch.stop();
  return { bytes: body.applyEdits(edits), edited: edits.length, findings, decision, usage };
}

/** The deny of a call of a tool, if there is one; notes what the answer says about itself. */
function judgeCalls(
  core: ExchangeCore,
  { finishReason, readToolCalls, usage }: JudgedContent,
): Decision | undefined {
  const { knowledge } = core;
  if (knowledge.permit === undefined) return undefined;
  const calls = readToolCalls?.() ?? [];
  knowledge.response = {
    ...(finishReason === undefined ? {} : { finishReason }),
    ...(usage?.out === undefined ? {} : { outputTokens: usage.out }),
    toolCalls: calls.map(({ name }) => name),
  };
  if (calls.length === 0 || !judgesTools(core)) return undefined;
  let denied: Decision | undefined;
  for (const call of calls) denied ??= judgeCall(core, call);
  return denied;
}
