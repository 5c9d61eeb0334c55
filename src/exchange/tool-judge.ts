import type {
  Decision,
  DecisionInput,
  FindingGroup,
  ToolCall,
  ToolFacts,
} from "../domain/index.ts";
import { governsTools } from "../policy/index.ts";
import type { RecordedTool } from "../record/index.ts";
import { decisionInput, type ExchangeCore, evaluateNow } from "./core.ts";
import { discreet } from "./discretion.ts";
import { FindingTally } from "./finding-tally.ts";
import { fullToolName, visibleTools } from "./tool-names.ts";
import { fitsAny } from "./tool-patterns.ts";

type ToolPoint = "tool.list" | "tool.call";

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
    const decision = decideOn(core, "tool.list", { name });
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

/** Decides on a call before it leaves; the deny that must stop it, if there is one. */
export function judgeCall(core: ExchangeCore, call: ToolCall): Decision | undefined {
  const name = fullToolName(core, call.name);
  const args = toArgs(call.args);
  const decision = decideOn(
    core,
    "tool.call",
    args === undefined ? { name } : { name, args },
    findingsIn(core, call.args),
  );
  core.knowledge.calledTools.push(toRecordedTool(core, "tool.call", { name, decision }));
  if (core.stops(decision)) return decision;
  noteWarnings(core, decision);
  return undefined;
}

function noteWarnings({ knowledge }: ExchangeCore, { warnings }: Decision): void {
  for (const warning of warnings) knowledge.toolWarnings.add(warning);
}

function decideOn(
  core: ExchangeCore,
  point: ToolPoint,
  tool: ToolFacts,
  found: readonly FindingGroup[] = [],
): Decision {
  const groups = [...core.knowledge.requestFindings.groups(), ...found];
  const asked: DecisionInput = decisionInput(core, "request", groups);
  const input: DecisionInput = { ...asked, action: point, point, model: undefined, tool };
  const decision = evaluateNow(core, input);
  core.deps.ramps?.judged("tools", decision);
  return decision;
}

/** What is found in the arguments of a call. */
function findingsIn({ deps }: ExchangeCore, args: string): readonly FindingGroup[] {
  const found = deps.detector.scan(args);
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

function toRecordedTool(
  core: ExchangeCore,
  point: ToolPoint,
  { decision, name }: { readonly name: string; readonly decision: Decision },
): RecordedTool {
  const { detector } = core.deps;
  const slash = name.indexOf("/");
  return {
    point,
    server: slash < 0 ? undefined : discreet(name.slice(0, slash), detector),
    name: discreet(name, detector),
    risk: visibleTools(core)?.riskOf(name),
    outcome: decision.outcome,
    verdict: decision.verdict,
    reason: decision.reason,
    decidedBy: decision.decidedBy,
  };
}
