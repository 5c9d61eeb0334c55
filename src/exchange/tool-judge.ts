import { Fault } from "../base/index.ts";
import type {
  Decision,
  DecisionInput,
  FindingGroup,
  ToolCall,
  ToolFacts,
  ToolResult,
} from "../domain/index.ts";
import type { ToolRedactions } from "../effects/index.ts";
import { governsResults, governsTools } from "../policy/index.ts";
import { type AdmittedCall, CallQuotas, type CountedCall } from "./call-quotas.ts";
import { detectorFor } from "./classify-texts.ts";
import { decisionInput, type ExchangeCore, evaluateNow } from "./core.ts";
import type { Eventually } from "./deps.ts";
import { andThen } from "./eventually.ts";
import { FindingTally } from "./finding-tally.ts";
import { toRecordedTool } from "./recorded-tool.ts";
import { fullToolName } from "./tool-names.ts";
import { fitsAny } from "./tool-patterns.ts";

/** What became of the tools that a request offers. */
export interface JudgedOffers {
  /** Indexes of those that must not reach the model. */
  readonly removed: ReadonlySet<number>;
  /** The first deny, if there was one. */
  readonly denied: Decision | undefined;
}

const noOffers: JudgedOffers = { removed: new Set(), denied: undefined };

/** Whether tools of this exchange are decided on at all. */
export function judgesTools({ knowledge, snapshot }: ExchangeCore): boolean {
  if (snapshot === undefined) return false;
  const { identity } = knowledge;
  return governsTools(snapshot, { tenant: identity?.tenant, app: identity?.app });
}

/**
 * Decides on each tool that a permitted request offers, as if it were listed (policy-model 3.1), and
 * on those that a transform rule takes out by name.
 */
export function judgeOffers(
  core: ExchangeCore,
  offered: readonly string[],
  permit: Decision,
): JudgedOffers {
  if (offered.length === 0) return noOffers;
  const unwanted = permit.obligations.tools?.remove ?? [];
  const isGoverned = judgesTools(core);
  if (!isGoverned && unwanted.length === 0) return noOffers;
  const removed = new Set<number>();
  let denied: Decision | undefined;
  offered.forEach((wireName, index) => {
    const name = fullToolName(core, wireName);
    if (fitsAny(unwanted, name)) removed.add(index);
    if (!isGoverned) return;
    const decision = decideOn(core, toolInput(core, "tool.list", { name }));
    core.knowledge.offeredTools.push(toRecordedTool(core, "tool.list", { name, decision }));
    if (decision.outcome === "permit") {
      noteWarnings(core, decision);
    } else {
      removed.add(index);
      denied ??= decision;
    }
  });
  return { removed, denied };
}

/** The results of tools that a permitted request tells the model. */
export interface JudgedResults {
  /** By the index of the text among those of the body; undefined where nothing is redacted. */
  readonly redactions: ReadonlyMap<number, ToolRedactions> | undefined;
  /** The first deny, if there was one. */
  readonly denied: Decision | undefined;
}

const noResults: JudgedResults = { redactions: undefined, denied: undefined };

/**
 * Decides on what tools gave back, once for each tool, where policies restrict that.
 * @throws Fault json_invalid where a result belongs to no call, so that nobody knows whose it is
 */
export function judgeResults(
  core: ExchangeCore,
  readResults: () => readonly ToolResult[],
): JudgedResults {
  if (!judgesResults(core)) return noResults;
  const byTool = new Map<string, Decision>();
  const redactions = new Map<number, ToolRedactions>();
  let denied: Decision | undefined;
  for (const { name: wireName, texts } of readResults()) {
    if (wireName === undefined) {
      throw new Fault("json_invalid", "expected the result of a tool to name a call before it");
    }
    const name = fullToolName(core, wireName);
    let decision = byTool.get(name);
    if (decision === undefined) {
      decision = decideOn(core, toolInput(core, "tool.result", { name }));
      core.knowledge.offeredTools.push(toRecordedTool(core, "tool.result", { name, decision }));
      byTool.set(name, decision);
      noteWarnings(core, decision);
    }
    if (decision.outcome === "deny") denied ??= decision;
    const { redact } = decision.obligations;
    if (redact === undefined) continue;
    for (let index = texts.first; index < texts.after; index += 1) {
      redactions.set(index, { place: "tool_result", redact });
    }
  }
  return { redactions, denied };
}

function judgesResults({ knowledge, snapshot }: ExchangeCore): boolean {
  if (snapshot === undefined) return false;
  const { identity } = knowledge;
  return governsResults(snapshot, { tenant: identity?.tenant, app: identity?.app });
}

/** What becomes of a call. */
export interface JudgedCall {
  /** The deny that must stop it, if there is one. */
  readonly denied: Decision | undefined;
  /** What is to be done to its arguments; undefined where they stay. */
  readonly redactions: ToolRedactions | undefined;
}

/**
 * Decides on a call before it leaves, and asks the quotas that it draws on. `mark` says whether it has
 * left, once that is known.
 */
export function judgeCall(
  core: ExchangeCore,
  call: Pick<ToolCall, "args" | "name">,
  mark: CountedCall,
): Eventually<JudgedCall> {
  const name = fullToolName(core, call.name);
  const args = toArgs(call.args);
  const tool = args === undefined ? { name } : { name, args };
  const findings = findingsIn(core, call.args);
  const at = core.evidence.now();
  const input = toolInput(core, "tool.call", tool, { at, findings });
  return andThen(admitCall(core, input, mark), ({ decision, results: quotas }) => {
    core.deps.ramps?.judged("tools", decision);
    const known = { name, decision, quotas, at, findings };
    const recorded = toRecordedTool(core, "tool.call", known);
    core.knowledge.calledTools.push(recorded);
    if (core.stops(decision)) return { denied: decision, redactions: undefined };
    noteWarnings(core, decision);
    const redact = core.knowledge.isWatched ? undefined : decision.obligations.redact;
    const redactions = redact && ({ place: "tool_args", redact } as const);
    return { denied: undefined, redactions };
  });
}

function admitCall(
  core: ExchangeCore,
  { quotas: _, ...input }: DecisionInput,
  call: CountedCall,
): Eventually<AdmittedCall> {
  const { deps, knowledge, snapshot } = core;
  if (snapshot === undefined) throw new Fault("policy_unavailable", "expected a snapshot");
  knowledge.callQuotas ??= new CallQuotas(deps, knowledge.quotas);
  const decide = (asked: DecisionInput) => evaluateNow(core, asked);
  return knowledge.callQuotas.admit({ snapshot, call, input, decide });
}

function noteWarnings({ knowledge }: ExchangeCore, { warnings }: Decision): void {
  for (const warning of warnings) knowledge.toolWarnings.add(warning);
}

function decideOn(core: ExchangeCore, input: DecisionInput): Decision {
  const decision = evaluateNow(core, input);
  core.deps.ramps?.judged("tools", decision);
  return decision;
}

function toolInput(
  core: ExchangeCore,
  point: "tool.list" | "tool.call" | "tool.result",
  tool: ToolFacts,
  // What a request tells of tools is decided in one moment with the request, and recorded so.
  { at, findings }: ToolMoment = { at: core.evidence.decidedAt, findings: [] },
): DecisionInput {
  const groups = [...core.knowledge.requestFindings.groups(), ...findings];
  const asked = decisionInput(core, "request", groups, at);
  return { ...asked, action: point, point, model: undefined, tool };
}

interface ToolMoment {
  readonly at: string;
  /** In the arguments of a call. */
  readonly findings: readonly FindingGroup[];
}

/** What is found in the arguments of a call. */
function findingsIn(core: ExchangeCore, args: string): readonly FindingGroup[] {
  const { classifiedArgs } = core.knowledge;
  const found = classifiedArgs?.get(args) ?? detectorFor(core, "tool_args").scan(args);
  if (found.length === 0) return [];
  const tally = new FindingTally();
  for (const finding of found) tally.add(finding, "tool_args");
  return tally.groups();
}

/** Undefined where they are no object: rules that read arguments cannot tell, and so restrict. */
function toArgs(text: string): ToolFacts["args"] {
  if (text.trim() === "") return {};
  try {
    const value: unknown = JSON.parse(text);
    const isObject = typeof value === "object" && value !== null && !Array.isArray(value);
    return isObject ? (value as ToolFacts["args"]) : undefined;
  } catch {
    return undefined;
  }
}
