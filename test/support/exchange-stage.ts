import { createSecretKey, randomFillSync } from "node:crypto";
import { createUuidV7, defaultLimits, type FaultCode } from "../../src/base/index.ts";
import { createRuleDetector, createThreatFinder, joinFindings } from "../../src/detect/index.ts";
import type { Identity } from "../../src/domain/index.ts";
import { createExchanges, type ExchangeDeps, type OpenExchange } from "../../src/exchange/index.ts";
import { loadSnapshot, type PolicyFile, type Snapshot } from "../../src/policy/index.ts";
import { Ledger } from "../../src/quota/index.ts";
import { MemoryQuotaStore } from "../../src/stores/index.ts";
import { FakeClock } from "./fake-clock.ts";

/** A record as it was written, parsed again. */
export type WrittenRecord = Readonly<Record<string, unknown>> & {
  readonly kind: string;
  readonly outcome?: string;
  readonly verdict?: string;
  readonly end?: string;
  readonly reason?: string;
  readonly final?: boolean;
};

const rules = `apiVersion: chancery/v1alpha1
kind: Platform
metadata: { name: platform, namespace: platform }
spec: { fallback: deny }
---
apiVersion: chancery/v1alpha1
kind: Tenant
metadata: { name: acme, namespace: platform }
spec: {}
---
apiVersion: chancery/v1alpha1
kind: ModelCatalog
metadata: { name: models, namespace: platform }
spec:
  models:
    - { id: cloud/large, tags: [approved] }
    - { id: local/small, tags: [approved], aliases: [fast] }
    - { id: cloud/preview, tags: [preview] }
---
apiVersion: chancery/v1alpha1
kind: Policy
metadata: { name: baseline, namespace: platform }
spec:
  version: 1.0.0
  attach: { layer: global }
  overrides:
    rules:
      - { id: no-secrets, effect: deny, exemptible: never, dataClasses: { anyOf: [secret] }, message: { code: secret_detected, text: "Credentials must not be sent to a model." } }
  rules:
    - { id: mask, effect: redact, redact: { method: mask, classes: [pii, pci, phi, financial, network], directions: [request, response, log] } }
    - { id: approved, effect: allow, actions: [llm.generate], models: { tags: [approved] }, dataClasses: { permitted: [public, internal] } }
    - { id: note-iban, effect: warn, dataClasses: { anyOf: [financial.iban] } }
`;

const app = `apiVersion: chancery/v1alpha1
kind: App
metadata: { name: bot, namespace: acme }
spec: {}
`;

/** The policies the exchange tests run under: secrets denied, all other data masked. */
export const stagePolicies: readonly PolicyFile[] = [
  { path: "platform/baseline.yaml", namespace: "platform", text: rules },
  { path: "acme/app.yaml", namespace: "acme", text: app },
];

let compiled: Snapshot | undefined;

/** The snapshot of `stagePolicies`. */
export function stageSnapshot(): Snapshot {
  if (compiled === undefined) {
    const { problems, snapshot } = loadSnapshot(stagePolicies, { engineVersion: "0.0.0" });
    if (snapshot === undefined) throw new Error(JSON.stringify(problems, undefined, 2));
    compiled = snapshot;
  }
  return compiled;
}

const identity: Identity = {
  tenant: "acme",
  app: "bot",
  principal: { id: "app:acme/bot", kind: "workload" },
  source: "static",
};

/** Everything an exchange needs, in memory, with what it wrote and met. */
export interface ExchangeStage {
  readonly open: OpenExchange;
  readonly clock: FakeClock;
  readonly records: readonly WrittenRecord[];
  readonly faults: readonly FaultCode[];
  readonly deps: ExchangeDeps;
  /** Undoes the records of the current turn, as a full disk would. */
  loseTurn(): void;
}

function createMemoryLedger(): Ledger {
  const store = new MemoryQuotaStore();
  return new Ledger({ store, local: store, localShare: 1 });
}

const threats = createThreatFinder();

/** Builds a stage; `changes` replaces single dependencies. */
export function setExchangeStage(changes: Partial<ExchangeDeps> = {}): ExchangeStage {
  const clock = new FakeClock();
  const records: WrittenRecord[] = [];
  const faults: FaultCode[] = [];
  const detector = createRuleDetector();
  const createId = changes.createId ?? createUuidV7(() => clock.nowMicros(), randomFillSync);
  const deps: ExchangeDeps = {
    clock,
    timers: clock,
    createId,
    snapshot: stageSnapshot,
    identity,
    stripsHeaders: new Set(),
    pseudonymKey: () => ({ number: 1, secret: createSecretKey(new Uint8Array(32)) }),
    credentialOf: () => undefined,
    killSwitches: undefined,
    ramps: undefined,
    offeredTools: "remove",
    classify: (spans) =>
      spans.map(({ place, text }) =>
        joinFindings([detector.scan(text), threats.find(text, place)]),
      ),
    detector,
    classifiers: undefined,
    records: {
      origin: "test/0/00000000",
      get nextSeq() {
        return records.length;
      },
      append: (encode, _, at = "2026-03-02T10:00:00.000000Z") => {
        const seq = records.length;
        const line = encode({ log: "test/0/00000000", seq, id: createId(), at });
        records.push(JSON.parse(line) as WrittenRecord);
        return seq;
      },
    },
    auditRules: () => ({ wait: "written", onFailure: "refuse" }),
    retentionDays: 400,
    observer: {
      wentUnrecorded() {},
      decided() {},
      closed() {},
      bypassed() {},
      faulted: (code) => faults.push(code),
      quotaRefused() {},
      held() {},
      truncated() {},
    },
    quotas: createMemoryLedger(),
    limits: defaultLimits,
    deadlines: { phaseMs: 2000, exchangeIdleSeconds: 600 },
    content: { unrecognised: "refuse", modelList: "pass" },
    region: undefined,
    isUnsigned: true,
    heldBytes: { total: 0 },
    ...changes,
  };
  return {
    open: createExchanges(deps),
    clock,
    records,
    faults,
    deps,
    loseTurn: () => {
      records.length = 0;
    },
  };
}
