import type { DecisionInput, FindingGroup, Principal } from "../domain/index.ts";
import type { Snapshot } from "../policy/index.ts";
import { RecordedFacts } from "./facts.ts";
import type { JudgedRecord, RecordedFinding, RecordedTool } from "./judged-record.ts";
import {
  type Seal,
  sealed,
  sealedParams,
  sealedPrincipal,
  sealedResponse,
  sealedTool,
} from "./sealed-facts.ts";

/** The records that one decision is on. */
export interface RecordedCase {
  readonly decision: JudgedRecord;
  /** Undefined for the request side. */
  readonly closing?: JudgedRecord;
  /** Of one of the two: the decision on this tool. */
  readonly tool?: RecordedTool;
}

/** How an input is made again. */
export interface InputTerms {
  readonly seal: Seal;
  /** The policies in force then, as far as they are known. */
  readonly snapshot: Snapshot;
  /**
   * Attributes that records hold only where the policies then in force read them: absent ones were
   * absent, or under other policies may have been there.
   */
  readonly absent: "was_absent" | "unknown";
}

/**
 * The input of a decision as its records have it (audit-and-operations 2.4). What no record holds is
 * sealed.
 */
export function inputOf(given: RecordedCase, terms: InputTerms): DecisionInput {
  const { closing, decision, tool } = given;
  const record = closing ?? decision;
  const facts = new RecordedFacts(decision);
  const common = {
    tenant: decision.tenant,
    app: decision.app,
    principal: principalOf(decision, facts, terms.seal),
    request: decision.facts && requestOf(facts, terms.seal),
    route: routeOf(decision, facts, terms),
  };
  if (tool !== undefined) return { ...common, ...toolParts(given, tool, terms) };
  const status = new RecordedFacts(record).text("data.status");
  // A closing on trailers of the request decides on the request once more.
  const answer = closing?.point === "request" ? undefined : closing;
  return {
    ...common,
    time: record.at,
    action: decision.action ?? "llm.generate",
    point: answer === undefined ? "request" : "response",
    model: answer === undefined ? decision.model?.requested : modelOfAnswer(given, terms.snapshot),
    quotas: decision.quotas,
    response: answer && responseOf(new RecordedFacts(answer), terms),
    data: { status: toStatus(status), findings: findingsOf(decision, closing?.findings) },
  };
}

function toolParts(
  { decision }: RecordedCase,
  { at, findings, name, point, quotas, status }: RecordedTool,
  { seal }: InputTerms,
): Pick<DecisionInput, "time" | "action" | "point" | "model" | "tool" | "quotas" | "data"> {
  return {
    time: at ?? decision.at,
    action: point,
    point,
    model: undefined,
    tool: point === "tool.call" ? sealedTool({ name }, seal) : { name },
    quotas: point === "tool.call" ? { ...decision.quotas, ...quotas } : decision.quotas,
    data: { status: toStatus(status), findings: findingsOf(decision, findings) },
  };
}

function principalOf(
  { principal }: JudgedRecord,
  facts: RecordedFacts,
  seal: Seal,
): Principal | undefined {
  if (principal === undefined) return undefined;
  const { groups, hidden = [], issuer, kind, roles } = principal;
  const mfa = facts.flag("principal.authn.mfa");
  const mtls = facts.flag("principal.authn.mtls");
  const authn = { ...(mfa === undefined ? {} : { mfa }), ...(mtls === undefined ? {} : { mtls }) };
  const known = {
    kind,
    ...(issuer === undefined ? {} : { issuer }),
    ...(groups === undefined ? {} : { groups }),
    ...(roles === undefined ? {} : { roles }),
    ...(Object.keys(authn).length === 0 ? {} : { authn }),
    claims: facts.below("principal.claims"),
    onRecord: {
      hidesNames: hidden.length > 0,
      claims: new Set(facts.texts("principal.claims")),
    },
  };
  return sealedPrincipal(known, hidden, seal);
}

function requestOf(facts: RecordedFacts, seal: Seal): NonNullable<DecisionInput["request"]> {
  const protocol = facts.text("request.protocol");
  const stream = facts.flag("request.stream");
  const inputTokens = facts.number("request.inputTokens");
  const maxTokens = facts.number("request.maxTokens");
  const region = facts.text("request.region");
  return {
    ...(protocol === undefined ? {} : { protocol }),
    ...(stream === undefined ? {} : { stream }),
    ...(inputTokens === undefined ? {} : { inputTokens }),
    ...(maxTokens === undefined ? {} : { maxTokens }),
    ...(region === undefined ? {} : { region }),
    params: sealedParams(facts.below("request.params"), seal),
    toolNames: facts.texts("request.toolNames"),
  };
}

function routeOf({ route }: JudgedRecord, facts: RecordedFacts, { absent, seal }: InputTerms) {
  const host = facts.text("route.host");
  const named = route === undefined ? {} : { name: route };
  if (host !== undefined) return { ...named, host };
  return absent === "unknown" ? sealed(named, ["host"], seal) : named;
}

const readOfAnswers = ["finishReason", "outputTokens"] as const;

function responseOf(facts: RecordedFacts, { absent, seal }: InputTerms) {
  const finishReason = facts.text("response.finishReason");
  const outputTokens = facts.number("response.outputTokens");
  const known = {
    ...(finishReason === undefined ? {} : { finishReason }),
    ...(outputTokens === undefined ? {} : { outputTokens }),
  };
  const response = sealedResponse(known, seal);
  if (absent === "was_absent") return response;
  const unknown = readOfAnswers.filter((name) => !facts.has(`response.${name}`));
  return sealed(response, unknown, seal);
}

/** Where the request went; one that was only watched went where it named. */
function modelOfAnswer({ decision }: RecordedCase, snapshot: Snapshot): string | undefined {
  const { app = "", model, tenant = "" } = decision;
  if (model?.used !== undefined || model?.requested === undefined) return model?.used;
  const choice = snapshot.scopeOf(tenant, app)?.models.choose(model.requested);
  return choice?.kind === "named" ? choice.model.id : model.requested;
}

function findingsOf(
  { findings = [] }: JudgedRecord,
  more: readonly RecordedFinding[] = [],
): readonly FindingGroup[] {
  return [...findings, ...more].map(
    ({ class: name, confidencePct, count, detector, in: place }) => ({
      class: name,
      ...(detector === undefined ? {} : { detector }),
      in: place,
      count,
      confidence: confidencePct / 100,
    }),
  );
}

function toStatus(text: string | undefined): DecisionInput["data"]["status"] {
  return text === "timeout" || text === "failed" || text === "truncated" ? text : "ok";
}
