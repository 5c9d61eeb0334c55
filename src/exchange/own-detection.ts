import {
  createJoinedDetector,
  type Detector,
  type DetectorPart,
  IgnoredValues,
  tenantDetectorSteps,
} from "../detect/index.ts";
import type { Finding, Place, Span } from "../domain/index.ts";
import type { ClassifierTerms } from "../policy/index.ts";

/** What an app's own classifiers, which nobody has to be asked for, come to in texts of one place. */
interface OwnDetection {
  readonly detectors: readonly DetectorPart[];
  /** All of these as one; undefined: there are none. */
  readonly together: Detector | undefined;
  /** Values that are nothing where the rules or the platform's classifiers find them. */
  readonly ignoredByPlatform: IgnoredValues | undefined;
  /** The same of the tenant, about what its own classifiers find and nothing else. */
  readonly ignoredByTenant: IgnoredValues | undefined;
  /** The rules and these, made once. */
  joined: { readonly rules: Detector; readonly detector: Detector } | undefined;
}

type Findings = readonly (readonly Finding[])[];

const nothing: readonly Finding[] = [];
const detectorsOf = new WeakMap<ClassifierTerms, readonly Detector[]>();
const placesOf = new WeakMap<readonly ClassifierTerms[], Map<Place, OwnDetection | undefined>>();

/**
 * Makes what is looked for by the classifiers that nobody has to be asked for, in small steps: what is
 * not made by the time a text comes is made then, in one go.
 */
export function* ownDetectionSteps(
  classifiers: readonly ClassifierTerms[],
): Generator<undefined, void> {
  for (const terms of classifiers) {
    if (detectorsOf.has(terms)) continue;
    detectorsOf.set(terms, yield* detectorSteps(terms));
    yield;
  }
}

/** Finds in texts of one place what the rules find and what classifiers bring along themselves. */
export function detectorAt(
  rules: Detector,
  classifiers: readonly ClassifierTerms[],
  place: Place,
): Detector {
  const own = ownAt(classifiers, place);
  if (own === undefined) return rules;
  if (own.joined?.rules !== rules) {
    const parts = [{ detector: rules, ignored: own.ignoredByPlatform }, ...own.detectors];
    own.joined = { rules, detector: createJoinedDetector(parts) };
  }
  return own.joined.detector;
}

/**
 * What was found in texts besides, one list of findings for each text. Only the first `bodyTexts` are
 * looked at.
 */
export function ownFindings(
  classifiers: readonly ClassifierTerms[],
  texts: readonly Span[],
  bodyTexts: number,
): Findings {
  return texts.map(({ place, text }, index) => {
    const own = index < bodyTexts ? ownAt(classifiers, place) : undefined;
    return own?.together?.scan(text) ?? nothing;
  });
}

/**
 * What the rules found, or a classifier that was asked, without the values that its own authority says
 * are nothing: the platform of the rules and of its classifiers, a tenant of its own alone.
 */
export function withoutIgnored(
  classifiers: readonly ClassifierTerms[],
  finder: Pick<ClassifierTerms, "tenant">,
  {
    bodyTexts,
    found,
    texts,
  }: {
    readonly texts: readonly Span[];
    readonly found: Findings;
    readonly bodyTexts: number;
  },
): Findings {
  return found.map((findings, index) => {
    const span = texts[index];
    if (findings.length === 0 || span === undefined || index >= bodyTexts) return findings;
    const own = ownAt(classifiers, span.place);
    const ignored = finder.tenant === undefined ? own?.ignoredByPlatform : own?.ignoredByTenant;
    return ignored === undefined ? findings : ignored.without(findings, span.text);
  });
}

function ownAt(classifiers: readonly ClassifierTerms[], place: Place): OwnDetection | undefined {
  if (classifiers.length === 0) return undefined;
  const places = placesOf.get(classifiers) ?? new Map<Place, OwnDetection | undefined>();
  placesOf.set(classifiers, places);
  if (!places.has(place)) places.set(place, createOwn(classifiers, place));
  return places.get(place);
}

function createOwn(
  classifiers: readonly ClassifierTerms[],
  place: Place,
): OwnDetection | undefined {
  const here = classifiers.filter(
    ({ places, source }) => source.kind !== "endpoint" && places.includes(place),
  );
  if (here.length === 0) return undefined;
  const ignoredByPlatform = ignoredBy(here.filter(({ tenant }) => tenant === undefined));
  const ignoredByTenant = ignoredBy(here.filter(({ tenant }) => tenant !== undefined));
  const detectors = here.flatMap((terms) => {
    const ignored = terms.tenant === undefined ? ignoredByPlatform : ignoredByTenant;
    return detectorsFor(terms).map((detector) => ({ detector, ignored }));
  });
  const together = detectors.length === 0 ? undefined : createJoinedDetector(detectors);
  return { detectors, together, ignoredByPlatform, ignoredByTenant, joined: undefined };
}

function ignoredBy(classifiers: readonly ClassifierTerms[]): IgnoredValues | undefined {
  const sources = classifiers.flatMap(({ source }) => (source.kind === "ignore" ? source : []));
  return sources.length === 0 ? undefined : new IgnoredValues(sources);
}

function detectorsFor(terms: ClassifierTerms): readonly Detector[] {
  const known = detectorsOf.get(terms);
  if (known !== undefined) return known;
  const steps = detectorSteps(terms);
  for (;;) {
    const { done, value } = steps.next();
    if (done !== true) continue;
    detectorsOf.set(terms, value);
    return value;
  }
}

function* detectorSteps({
  confidencePctMin,
  name,
  source,
  version,
}: ClassifierTerms): Generator<undefined, readonly Detector[]> {
  if (source.kind === "endpoint" || source.kind === "ignore") return [];
  return yield* tenantDetectorSteps(source, { confidencePctMin, detector: `${name}@${version}` });
}
