import {
  type ClassifierFault,
  type ClassifierReply,
  type Detector,
  joinFindings,
  toFindings,
} from "../detect/index.ts";
import type { DataStatus, Finding, Place, Span } from "../domain/index.ts";
import type { ClassifierTerms } from "../policy/index.ts";
import type { ExchangeCore } from "./core.ts";
import type { Eventually } from "./deps.ts";
import { andThen } from "./eventually.ts";
import { detectorAt, ownFindings, withoutIgnored } from "./own-detection.ts";

type Findings = readonly (readonly Finding[])[];

const none: readonly ClassifierTerms[] = [];
const nothing: readonly Finding[] = [];
/** Whose the rules are. */
const platform = { tenant: undefined };

/**
 * Findings of each text, in the order of the texts: those of the rules, and with them what the app's
 * classifiers find in the first `bodyTexts`, all who are asked at once. Where one of them gives no answer that
 * counts, `knowledge.dataStatus` says so from then on.
 */
export function classifyTexts(
  core: ExchangeCore,
  texts: readonly Span[],
  bodyTexts: number = texts.length,
): Eventually<Findings> {
  const found = core.deps.classify(texts, core.knowledge.identity?.tenant);
  const classifiers = classifiersOf(core);
  if (classifiers.length === 0) return found;
  const own = ownFindings(classifiers, texts, bodyTexts);
  const rules = andThen(found, (ofRules) =>
    joinLists([withoutIgnored(classifiers, platform, { texts, bodyTexts, found: ofRules }), own]),
  );
  const asked = classifiers.flatMap((terms) => {
    if (terms.source.kind !== "endpoint") return [];
    const { endpoint } = terms.source;
    const indexes = indexesFor(terms.places, texts, bodyTexts);
    return indexes.length === 0 ? [] : [{ terms, endpoint, indexes }];
  });
  if (asked.length === 0) return rules;
  // The wait is not the rules' doing, and each classifier's own time is counted where it is asked.
  if (!(rules instanceof Promise)) core.evidence.stopwatch.stop();
  const answers = asked.map(async (one) =>
    withoutIgnored(classifiers, one.terms, {
      texts,
      bodyTexts,
      found: await ask(core, one, texts),
    }),
  );
  return Promise.all([rules, ...answers]).then(joinLists);
}

/** Findings of each text, of what several have found in all of them; the first says of how many. */
function joinLists(lists: readonly Findings[]): Findings {
  const [first = []] = lists;
  return first.map((_, index) => joinFindings(lists.map((list) => list[index] ?? nothing)));
}

/** Whether a classifier of the app is asked about texts in this place. */
export function asksAboutPlace(core: ExchangeCore, place: Place): boolean {
  return classifiersOf(core).some(
    ({ places, source }) => source.kind === "endpoint" && places.includes(place),
  );
}

/**
 * Whether something is looked for in the arguments of calls and not in all texts of an answer, which
 * these are among on the wire.
 */
export function looksAtArgsAlone(core: ExchangeCore): boolean {
  return classifiersOf(core).some(
    ({ places, source }) =>
      source.kind !== "ignore" && places.includes("tool_args") && !places.includes("response"),
  );
}

/** Finds what is in texts of one place: what the rules find, and what classifiers bring along. */
export function detectorFor(core: ExchangeCore, place: Place): Detector {
  return detectorAt(core.deps.detector, classifiersOf(core), place);
}

/** Notes that data is not classified: what was known to be worse stays. */
export function noteStatus({ knowledge }: ExchangeCore, status: DataStatus): void {
  if (severity.indexOf(status) > severity.indexOf(knowledge.dataStatus)) {
    knowledge.dataStatus = status;
  }
}

/** The less of the three is known, the further behind. */
const severity: readonly DataStatus[] = ["ok", "truncated", "timeout", "failed"];

const statusOf: Readonly<Record<ClassifierFault, DataStatus>> = {
  timeout: "timeout",
  failed: "failed",
  overloaded: "failed",
  open: "failed",
  too_long: "truncated",
};

function classifiersOf({ knowledge, snapshot }: ExchangeCore): readonly ClassifierTerms[] {
  const { identity } = knowledge;
  if (snapshot === undefined || identity === undefined) return none;
  return snapshot.scopeOf(identity.tenant, identity.app)?.classifiers ?? none;
}

function indexesFor(
  places: readonly Place[],
  texts: readonly Span[],
  bodyTexts: number,
): readonly number[] {
  const indexes: number[] = [];
  texts.forEach(({ place, text }, index) => {
    if (index < bodyTexts && places.includes(place) && text.trim() !== "") indexes.push(index);
  });
  return indexes;
}

interface Asked {
  readonly terms: ClassifierTerms;
  readonly endpoint: string;
  readonly indexes: readonly number[];
}

async function ask(
  core: ExchangeCore,
  { endpoint, indexes, terms }: Asked,
  spans: readonly Span[],
): Promise<Findings> {
  const texts = indexes.map((index) => spans[index]?.text ?? "");
  const reply = await answerOf(core, { ...terms, endpoint }, texts);
  if (reply.kind === "fault") {
    noteStatus(core, statusOf[reply.fault]);
    return [];
  }
  const { classOf, confidencePctMin, name, version } = terms;
  const reading = { detector: `${name}@${version}`, classOf, confidencePctMin };
  const found = toFindings(reply.labels, texts, reading);
  const byText: (readonly Finding[])[] = spans.map(() => nothing);
  indexes.forEach((index, position) => {
    byText[index] = found[position] ?? nothing;
  });
  return byText;
}

async function answerOf(
  { deps, evidence, knowledge }: ExchangeCore,
  {
    classOf,
    endpoint,
    timeoutMs,
    version,
  }: Pick<ClassifierTerms, "classOf" | "timeoutMs" | "version"> & Pick<Asked, "endpoint">,
  texts: readonly string[],
): Promise<ClassifierReply> {
  const classifier = deps.classifiers?.of(endpoint);
  if (classifier === undefined) return { kind: "fault", fault: "failed" };
  const startedMicros = evidence.traces.spans === undefined ? 0 : deps.clock.monotonicMicros();
  const reply = await classifier.ask({
    texts,
    labels: Object.keys(classOf),
    tenant: knowledge.identity?.tenant ?? "",
    version,
    deadlineMs: timeoutMs,
  });
  evidence.traces.spans?.asked(
    endpoint,
    startedMicros,
    reply.kind === "fault" ? reply.fault : undefined,
  );
  return reply;
}
