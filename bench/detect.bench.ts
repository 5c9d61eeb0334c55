/**
 * How good is detection, beside the redactors of npm, and what does it cost? Quality on two corpora made
 * by rule, prompt injection on attacks whose templates nobody trains on, speed as ratios to a bare loop
 * over the tokens of the same texts, and the cost of governing whole request bodies.
 *
 * `npm run bench detect -- [flags]`; `--help` lists them.
 */
import { argv } from "node:process";
import { parseArgs } from "node:util";
import { builtDetection } from "./built.ts";
import {
  createCorpus,
  createInjectionSet,
  createWilderCorpus,
  type LabelledDocument,
} from "./corpus/index.ts";
import { measureHistory } from "./detection-history.ts";
import type { Contestant } from "./detection-peers.ts";
import { measureQuality, type QualityResult } from "./detection-quality.ts";
import {
  atLeast,
  atMost,
  corpusGoals,
  type Goal,
  printComparison,
  printGoals,
  printMistakes,
  printTypes,
  wilderGoals,
} from "./detection-report.ts";
import { measureRequests } from "./detection-requests.ts";
import { measurePeer, measureSpeed, type SpeedKind, speedTexts } from "./detection-speed.ts";
import { areaUnderCurve, recallAtFalseAlarms } from "./injection-score.ts";
import { describeMachine } from "./statistics.ts";

const help = `npm run bench detect -- [flags]
  --only PART           quality, injection, speed or requests
  --documents N         documents of the corpus (2000)
  --wilder N            documents of the wilder corpus (2000)
  --seed TEXT           seed of both (chancery)
  --threshold N         least confidence in percent that counts as found (40)
  --no-peers            leave the npm packages out
  --types               also print how many values of each type were found
  --errors TYPE|fp|missed   also print mistakes on the corpus, up to --most
  --wilder-errors TYPE|fp|missed  the same for the wilder corpus. It is there to judge: whoever looks
                        must not change a detector for what is seen.
  --most N              mistakes to print (40)
  --json                everything as one JSON value instead`;

const { values: flags } = parseArgs({
  args: argv.slice(3),
  options: {
    only: { type: "string" },
    documents: { type: "string", default: "2000" },
    wilder: { type: "string", default: "2000" },
    seed: { type: "string", default: "chancery" },
    threshold: { type: "string", default: "40" },
    "no-peers": { type: "boolean", default: false },
    types: { type: "boolean", default: false },
    errors: { type: "string" },
    "wilder-errors": { type: "string" },
    most: { type: "string", default: "40" },
    json: { type: "boolean", default: false },
    help: { type: "boolean", default: false },
  },
});

const attacksJudged = 500;
const detection = await builtDetection();
const detector = detection.createRuleDetector();
const thresholdPct = Number(flags.threshold);
const chancery: Contestant = {
  name: "chancery",
  isGenerous: false,
  find: (text) => detector.scan(text).filter(({ confidencePct }) => confidencePct >= thresholdPct),
};
let loadedPeers: readonly Contestant[] | undefined;
/** What `--json` prints at the end. */
const results: Record<string, unknown> = { machine: describeMachine() };

if (flags.help) console.log(help);
else await measureAll();

async function measureAll(): Promise<void> {
  print(`machine: ${describeMachine()}`);
  // First, as in a process that does nothing else: what was loaded and run before costs up to a tenth.
  if (flags.only === undefined || flags.only === "speed") await judgeSpeed();
  if (flags.only === undefined || flags.only === "requests") judgeRequests();
  if (flags.only === undefined || flags.only === "quality") {
    const corpus = createCorpus(flags.seed, Number(flags.documents));
    await judge("corpus", corpus, corpusGoals, flags.errors);
    const wilder = createWilderCorpus(flags.seed, Number(flags.wilder));
    await judge("wilder corpus", wilder, wilderGoals, flags["wilder-errors"]);
  }
  if (flags.only === undefined || flags.only === "injection") judgeInjection();
  if (flags.json) console.log(JSON.stringify(results, null, 2));
}

/** Loaded when first asked for. */
async function peers(): Promise<readonly Contestant[]> {
  if (flags["no-peers"]) return [];
  loadedPeers ??= (await import("./detection-peers.ts")).createPeers();
  return loadedPeers;
}

async function judge(
  name: string,
  documents: readonly LabelledDocument[],
  goalsOf: (score: QualityResult["score"]) => Goal[],
  errors: string | undefined,
): Promise<void> {
  const own = await measureQuality(chancery, documents);
  const all = [own];
  for (const peer of await peers()) all.push(await measureQuality(peer, documents));
  results[name] = all.map(({ name: contestant, score }) => ({ contestant, score }));
  if (flags.json) return;
  const clean = documents.filter(({ spans }) => spans.length === 0).length;
  print(`\n${name}: ${documents.length} documents, ${clean} clean, ${own.score.values} values`);
  printGoals(goalsOf(own.score));
  printComparison(all);
  if (flags.types) printTypes(own.score);
  if (errors !== undefined) printMistakes(own, errors, Number(flags.most));
}

/** Attacks of the half that no model and nobody has seen, and twice as many harmless texts like them. */
function judgeInjection(): void {
  const threats = detection.createThreatDetector();
  const cases = createInjectionSet(flags.seed, "held-out", attacksJudged).map(
    ({ text, place, isAttack }) => {
      const scores = threats.score(text, place).map(({ scorePct }) => scorePct);
      return { score: Math.max(0, ...scores), isAttack };
    },
  );
  const goals = [
    atLeast("area under the curve", areaUnderCurve(cases), 0.92),
    atLeast("recall at 1 % false alarms", recallAtFalseAlarms(cases, 0.01) * 100, 65, "%"),
  ];
  results["injection"] = { cases: cases.length, goals };
  if (flags.json) return;
  print(`\nprompt injection, held out: ${cases.length} texts, ${attacksJudged} attacks`);
  printGoals(goals);
}

async function judgeSpeed(): Promise<void> {
  const scan = (text: string) => detector.scan(text);
  const kinds: readonly SpeedKind[] = ["mixed", "plain", "crammed"];
  const rows = kinds.flatMap((kind) => [measureSpeed(scan, kind, 4), measureSpeed(scan, kind, 64)]);
  const [small, large] = rows;
  const history = measureHistory(detection, detector);
  if (small === undefined || large === undefined) throw new Error("expected rows of mixed texts");
  const goals = [
    atMost("p50 of 4 KB to the loop", small.p50 / small.loopP50, 5, "x"),
    atMost("p99 of 4 KB to the loop", small.p99 / small.loopP50, 25, "x"),
    atMost("64 KB to 4 KB", large.mean / small.mean, 18, "x"),
    atLeast("cached history cheaper by", history.scannedMicros / history.cachedMicros, 5, "x"),
  ];
  results["speed"] = { rows, goals, history };
  print("\nspeed: microseconds for a text, and ratios to a bare loop over its tokens");
  if (!flags.json) printGoals(goals);
  print(
    `  ${"".padEnd(28)}${["p50", "p99", "mean", "loop"].map((each) => each.padStart(9)).join("")}`,
  );
  for (const { kind, kibibytes, p50, p99, mean, loopP50 } of rows) {
    const figures = [p50, p99, mean, loopP50].map((each) => each.toFixed(1).padStart(9)).join("");
    const ratios = [p50, p99].map((each) => `${(each / loopP50).toFixed(1)}x`.padStart(8)).join("");
    print(`  ${`${kind} ${kibibytes} KB`.padEnd(28)}${figures}${ratios}`);
  }
  const { cachedMicros, kibibytes, lastTurnMicros, scannedMicros } = history;
  print(
    `  a conversation of ${kibibytes} KB with a new turn: all scanned ${scannedMicros.toFixed(0)}, ` +
      `the rest known ${cachedMicros.toFixed(0)}, the new turn alone ${lastTurnMicros.toFixed(0)}`,
  );
  const texts = speedTexts("mixed", 4).slice(0, 8);
  for (const peer of await peers()) {
    const micros = await measurePeer(peer, texts);
    const ratio = (micros / small.p50).toFixed(1);
    results[`speed of ${peer.name}`] = { micros };
    print(
      `  ${peer.name.padEnd(28)}${micros.toFixed(0).padStart(9)}  ${ratio}x of ours on mixed 4 KB`,
    );
  }
}

function judgeRequests(): void {
  const rows = measureRequests(detector, 9, 2000);
  results["requests"] = rows;
  print("\nrequests: decode, scan, edit; microseconds per request: minimum, median, p99");
  for (const { name, bytes, edits, minimum, p50, p99 } of rows) {
    const figures = [minimum, p50, p99].map((each) => each.toFixed(1)).join(", ");
    print(`  ${name} (${bytes} bytes, ${edits} edits): ${figures}`);
  }
}

function print(line: string): void {
  if (!flags.json) console.log(line);
}
