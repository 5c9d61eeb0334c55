/**
 * What does a decision cost, and what do many rules and many other tenants add? Decides requests of one
 * app whose path holds 10 to 10,000 rules, one in ten with a condition, alone and with 1,000 tenants
 * loaded; then says what compiling costs, and how long the thread that serves is held up while other
 * policies are made ready for it. Where a Cerbos binary is found (CERBOS_BIN, or
 * `cerbos-linux-x64` on PATH), it decides by as many equivalent rules, asked over loopback.
 *
 * `npm run bench evaluate [decisions per round] [rounds]`
 */
import { performance } from "node:perf_hooks";
import { argv } from "node:process";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { inSlices, WorkerPreparer } from "../src/activation/index.ts";
import type { DecisionInput } from "../src/domain/index.ts";
import {
  compile,
  evaluate,
  loadSnapshot,
  type PolicyFile,
  parsePolicies,
  type Snapshot,
  snapshotSteps,
} from "../src/policy/index.ts";
import { benchCerbos } from "./cerbos.ts";
import { describeMachine, median, quantile } from "./statistics.ts";

const decisionsPerRound = Number(argv[3] ?? 500);
const rounds = Number(argv[4] ?? 9);
const ruleCounts = [10, 100, 1000, 10_000];
const otherTenants = 1000;
const rulesOfOthers = 20;
/** Decisions before measuring begins: compiling is not what is asked about. */
const warmUpDecisions = 2000;

console.log(`machine: ${describeMachine()}`);
console.log(`${rounds} rounds of ${decisionsPerRound} decisions, one request in turns of 16`);
console.log("microseconds per decision: minimum, p50, p99");
const others = filesOfOthers();
for (const rules of ruleCounts) {
  const alone = load(filesOf(rules));
  const crowded = load([...filesOf(rules), ...others]);
  const took = measure({ alone, crowded });
  console.log(`  ${rules} rules, 1 tenant:     ${show(took.alone)}`);
  console.log(`  ${rules} rules, ${otherTenants} tenants: ${show(took.crowded)}`);
  console.log(`    p50 with ${otherTenants} tenants / with one: ${ratio(took).toFixed(2)}`);
}
describeCompiling();
await describeActivation();
console.log(await benchCerbos({ rules: 1000, requests: 1000 }));

interface Took {
  readonly alone: number[];
  readonly crowded: number[];
}

/** Both in turns, so that what else the machine does falls on both alike. */
function measure(snapshots: { readonly alone: Snapshot; readonly crowded: Snapshot }): Took {
  const took: Took = { alone: [], crowded: [] };
  const inputs = Array.from({ length: 16 }, (_, index) => inputOf(index));
  drive(snapshots.alone, inputs, warmUpDecisions);
  drive(snapshots.crowded, inputs, warmUpDecisions);
  for (let round = 0; round < rounds; round += 1) {
    took.alone.push(...drive(snapshots.alone, inputs, decisionsPerRound));
    took.crowded.push(...drive(snapshots.crowded, inputs, decisionsPerRound));
  }
  return took;
}

/** Microseconds of each decision. */
function drive(
  snapshot: Snapshot,
  inputs: readonly DecisionInput[],
  decisions: number,
): readonly number[] {
  const micros: number[] = [];
  for (let index = 0; index < decisions; index += 1) {
    const input = inputs[index % inputs.length];
    if (input === undefined) continue;
    const start = performance.now();
    const { outcome } = evaluate(snapshot, input);
    micros.push((performance.now() - start) * 1000);
    if (outcome !== "permit") throw new Error("expected the request to be permitted");
  }
  return micros;
}

function show(micros: readonly number[]): string {
  return [quantile(micros, 0), median(micros), quantile(micros, 0.99)]
    .map((each) => each.toFixed(1))
    .join(", ");
}

function ratio({ alone, crowded }: Took): number {
  return median(crowded) / median(alone);
}

/** Time and memory for each 1,000 rules. */
function describeCompiling(): void {
  setFlagsFromString("--expose-gc");
  const collect: () => void = runInNewContext("gc");
  const files = filesOf(10_000);
  const start = performance.now();
  const { documents } = parsePolicies(files);
  const parsed = performance.now();
  collect();
  const heapBefore = process.memoryUsage().heapUsed;
  const begun = performance.now();
  const { snapshot } = compile(documents, { engineVersion: "bench" });
  const compileMs = performance.now() - begun;
  if (snapshot === undefined) throw new Error("expected the rules to compile");
  evaluate(snapshot, inputOf(0));
  collect();
  const bytes = process.memoryUsage().heapUsed - heapBefore;
  console.log(
    `per 1,000 rules, of 10,000: parse ${((parsed - start) / 10).toFixed(0)} ms, ` +
      `check and compile ${(compileMs / 10).toFixed(0)} ms, ` +
      `${(bytes / 1024 / 10).toFixed(0)} KiB in the snapshot with its index for one app and model`,
  );
}

/** Milliseconds of CPU in the longest turn of the loop, on one thread and with one to prepare. */
async function describeActivation(): Promise<void> {
  console.log(
    "longest turn of the loop of the serving thread, ms of its CPU: alone, with a worker",
  );
  const worlds = [
    ["1,000 rules", filesOf(1000)],
    ["10,000 rules", filesOf(10_000)],
    [
      `20 rules, and ${rulesOfOthers} of each of ${otherTenants - 1} tenants`,
      [...filesOf(20), ...others],
    ],
  ] as const;
  for (const [name, files] of worlds) {
    const alone = await longestTurn(() => Promise.resolve(load(files)));
    const preparer = new WorkerPreparer({
      onSetback: (setback) => {
        throw setback;
      },
    });
    const apart = await longestTurn(() => activate(preparer, files));
    await preparer.close();
    console.log(`  ${name}: ${alone.toFixed(1)}, ${apart.toFixed(1)}`);
  }
}

async function activate(preparer: WorkerPreparer, files: readonly PolicyFile[]): Promise<Snapshot> {
  const { compiled } = await preparer.prepare({
    files,
    lastGood: new Map(),
    readProblems: [],
    nowMs: Date.now(),
    engineVersion: "bench",
  });
  if (compiled === undefined) throw new Error("expected the rules to compile");
  return await inSlices(snapshotSteps(compiled.form, { ...compiled, engineVersion: "bench" }));
}

async function longestTurn(act: () => Promise<unknown>): Promise<number> {
  let isOn = true;
  let longestMs = 0;
  let before = threadCpuMs();
  const turn = () => {
    const now = threadCpuMs();
    longestMs = Math.max(longestMs, now - before);
    before = now;
    if (isOn) setImmediate(turn);
  };
  setImmediate(turn);
  await act();
  isOn = false;
  await new Promise(setImmediate);
  return longestMs;
}

/** Of this thread alone, whatever else the machine does. */
function threadCpuMs(): number {
  const { system, user } = process.threadCpuUsage();
  return (system + user) / 1000;
}

function load(files: readonly PolicyFile[]): Snapshot {
  const { snapshot, problems } = loadSnapshot(files, { engineVersion: "bench" });
  const errors = problems.filter(({ severity }) => severity === "error");
  if (snapshot === undefined || errors.length > 0) throw new Error(errors[0]?.message);
  return snapshot;
}

/** The platform's documents and those of the tenant asked about. */
function filesOf(rules: number): readonly PolicyFile[] {
  return [
    file("platform", "Tenant", "acme", {}),
    file("platform", "ModelCatalog", "models", {
      models: [{ id: "vendor/small", tags: ["approved"], regions: ["eu-central-1"] }],
    }),
    file("acme", "App", "chat", {}),
    file("acme", "Policy", "rules", {
      attach: { layer: "tenant" },
      rules: Array.from({ length: rules }, (_, index) => ruleOf(index)),
    }),
  ];
}

function filesOfOthers(): readonly PolicyFile[] {
  return Array.from({ length: otherTenants - 1 }, (_, index) => `other-${index}`).flatMap(
    (name) => [
      file("platform", "Tenant", name, {}),
      file(name, "App", "chat", {}),
      file(name, "Policy", "rules", {
        attach: { layer: "tenant" },
        rules: Array.from({ length: rulesOfOthers }, (_, index) => ruleOf(index)),
      }),
    ],
  );
}

/** Rules about groups, classes and requests such as tenants write, of which few match. */
function ruleOf(index: number): object {
  const id = `r${index}`;
  const condition = { name: "large", expression: `request.inputTokens > ${1000 + index}` };
  switch (index % 5) {
    case 0:
      return { id, effect: "allow", subjects: { groups: [`team-${index % 100}`] } };
    case 1:
      return { id, effect: "deny", dataClasses: { anyOf: ["secret"], minCount: 1 + (index % 7) } };
    case 2:
      return { id, effect: "deny", subjects: { groups: [`blocked-${index}`] } };
    case 3:
      return index % 2 === 1
        ? { id, effect: "deny", conditions: [condition] }
        : { id, effect: "deny", subjects: { principals: [`stranger-${index}*`] } };
    default:
      return {
        id,
        effect: "redact",
        dataClasses: { anyOf: ["financial"], in: ["prompt"] },
        redact: { method: "mask", classes: ["financial"] },
        models: { tags: ["approved"] },
      };
  }
}

function inputOf(index: number): DecisionInput {
  return {
    time: "2026-03-02T10:00:00.000000Z",
    tenant: "acme",
    app: "chat",
    action: "llm.generate",
    point: "request",
    model: "vendor/small",
    principal: {
      id: `user-${index}`,
      kind: "user",
      groups: ["team-0", `team-${index * 5}`],
      roles: [],
    },
    request: { inputTokens: 200 + index },
    data: {
      status: "ok",
      findings: [{ class: "pii.email", in: "prompt", count: 1 + (index % 3), confidence: 0.98 }],
    },
  };
}

function file(namespace: string, kind: string, name: string, spec: object): PolicyFile {
  const text = { apiVersion: "chancery/v1alpha1", kind, metadata: { name, namespace }, spec };
  return { path: `${namespace}/${kind}-${name}.json`, namespace, text: JSON.stringify(text) };
}
