import { LogBuilder } from "./log-builder.ts";

/** One exchange: what its records have beside what all have. */
interface ReportedExchange {
  readonly decision?: object;
  /** Absent: the decision is final, unless `isOpen`. */
  readonly closing?: object;
  readonly isOpen?: true;
}

const versions = {
  effective: `sha256:${"e".repeat(64)}`,
  engine: "1.0.0",
  layers: [
    { digest: `sha256:${"a".repeat(64)}`, id: "platform", version: "4.2.0" },
    { digest: `sha256:${"b".repeat(64)}`, id: "acme", version: "1.9.1" },
  ],
  semantics: 1,
  snapshot: `sha256:${"f".repeat(64)}`,
};

const asked = { requested: "fast" };
const sent = { provider: "cloud", region: "eu-west", requested: "fast", used: "cloud/large" };
const mail = { class: "pii.email", confidencePct: 95, count: 1, detector: "email@2", in: "prompt" };
const iban = { ...mail, class: "financial.iban", detector: "iban@2", in: "response" };
const key = { ...mail, class: "secret.api_key", detector: "api_key@2" };

let exchanges = 0;

/** Adds one exchange to a log, with every field that its records always have. */
export function addExchange(
  log: LogBuilder,
  { closing, decision, isOpen }: ReportedExchange,
): void {
  exchanges += 1;
  const exchange = log.idOf(500_000 + exchanges);
  const common = {
    ...{ app: "support-bot", exchange, outcome: "permit", tenant: "acme", verdict: "allow" },
    timeUs: { detect: 300, evaluate: 80, total: 900 },
  };
  const isFinal = closing === undefined && isOpen === undefined;
  log.add("decision", {
    ...common,
    ...{ action: "llm.generate", fallback: "none", mode: "enforce", model: sent, point: "request" },
    ...{ principal: { auth: "jwt", kind: "user", ref: "p1:ann" }, retainDays: 400, versions },
    ...(isFinal ? { end: "refused", final: true } : {}),
    ...decision,
  });
  if (closing === undefined) return;
  const output = { end: "complete", model: sent, point: "response", usage: { in: 100, out: 20 } };
  log.add("closing", { ...common, ...output, ...closing });
}

const floor = { effect: "deny", id: "platform/baseline/no-secrets", layer: "global", match: "T" };
const mask = { effect: "redact", id: "platform/baseline/mask", layer: "global", match: "T" };
const granted = { effect: "allow", id: "acme/pilot/models", layer: "grant", match: "T" };

/**
 * A log of which every figure is known: 3 exchanges allowed, 2 redacted, 1 refused for a secret, 1
 * answer cut, 1 stopped by a kill switch, 1 under a Grant, 1 lost, 1 bypassed, 4 shed, 1 still open.
 */
export function reportedLog(log = new LogBuilder()): LogBuilder {
  const [platform, acme] = versions.layers;
  log.open();
  log.add("policy", { event: "activated", layers: [platform], signers: ["p-2026"] });
  log.add("policy", { event: "activated", layers: [acme], signers: ["acme-1", "acme-2"] });
  for (let count = 0; count < 3; count += 1) addExchange(log, { closing: {} });
  const masked = {
    applied: { redactions: "ok", spans: 1 },
    controls: ["iso-42001:A.7"],
    rules: [mask],
  };
  for (let count = 0; count < 2; count += 1) {
    addExchange(log, {
      decision: { ...masked, findings: [mail], verdict: "redact" },
      closing: { ...masked, findings: [iban], usage: { costMicros: 250, in: 50, out: 10 } },
    });
  }
  log.commit();
  const refused = { outcome: "deny", reason: "rule", verdict: "deny" };
  addExchange(log, {
    decision: {
      ...refused,
      ...{ controls: ["eu-ai-act:15", "iso-42001:A.7"], decidedBy: floor.id, findings: [key] },
      ...{ model: asked, rules: [floor, mask], timeUs: { detect: 60_000, total: 61_000 } },
    },
  });
  const cut = { ...refused, controls: ["eu-ai-act:15"], end: "cut", rules: [floor] };
  addExchange(log, { closing: cut });
  log.add("policy", {
    event: "kill",
    killSwitch: { name: "platform/model-x", sequence: 3 },
    reason: "bad answers",
  });
  const stopped = {
    ...refused,
    decidedBy: "platform/model-x",
    model: asked,
    reason: "kill_switch",
  };
  addExchange(log, { decision: stopped });
  log.add("policy", { event: "unkill", killSwitch: { name: "platform/model-x", sequence: 4 } });
  const lifted = [{ by: "acme/pilot", rule: "acme/support/small-models" }];
  addExchange(log, { decision: { lifted, rules: [granted] }, closing: {} });
  addExchange(log, {
    closing: { end: "lost", outcome: "none", verdict: "none", usage: { in: 0 } },
  });
  log.add("bypass", {
    app: "files",
    exchange: log.idOf(700_000),
    reason: "route",
    tenant: "globex",
  });
  const at = "2026-11-21T08:00:00.000000Z";
  log.add("shed", { count: 4, from: at, reason: "inflight", to: at });
  log.add("policy", {
    event: "rejected",
    layers: [{ id: "acme" }],
    reason: "E02 acme/rules.yaml:3:5",
  });
  log.add("policy", { event: "rolled_back", layers: [{ ...acme, version: "1.9.0" }] });
  addExchange(log, {
    isOpen: true,
    decision: { principal: { auth: "mtls", kind: "workload", ref: "spiffe://acme.example/batch" } },
  });
  return log.commit();
}
