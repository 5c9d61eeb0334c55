import type { Place } from "../../domain/index.ts";
import {
  type DocumentOfKind,
  documentsOf,
  type PolicyDocument,
  platformNamespace,
} from "../documents/document.ts";

/** What does a classifier's work. */
export type ClassifierSource =
  | {
      readonly kind: "endpoint";
      /** As the operator's configuration names it. */
      readonly endpoint: string;
    }
  | { readonly kind: "patterns"; readonly patterns: readonly PatternTerms[] }
  | {
      readonly kind: "terms";
      readonly dataClass: string;
      /** One to a line. */
      readonly lines: string;
    }
  | {
      readonly kind: "values";
      readonly dataClass: string;
      /** In base64url. */
      readonly key: string;
      /** Of ten characters each; white space counts nothing. */
      readonly digests: string;
    }
  | {
      readonly kind: "ignore";
      readonly classes: readonly string[];
      readonly values: readonly string[];
    };

/** One pattern of a classifier. */
export interface PatternTerms {
  readonly id: string;
  readonly dataClass: string;
  /** In the syntax of RE2. */
  readonly pattern: string;
  /** Whole percent. */
  readonly confidencePct: number;
  /** One of them stands before each match; empty: none has to. */
  readonly words: readonly string[];
}

/** What an exchange needs to know to have texts classified (policy-model 2 `Classifier`). */
export interface ClassifierTerms {
  /** `<namespace>/<name>`. */
  readonly name: string;
  readonly version: string;
  /** The tenant whose classifier it is; undefined: the platform's, for all of `tenants`. */
  readonly tenant: string | undefined;
  /** Undefined: all. Sorted, as `apps` are. */
  readonly tenants: readonly string[] | undefined;
  readonly apps: readonly string[] | undefined;
  readonly source: ClassifierSource;
  /** Classes by the words of the classifier for them; each listed class is a word for itself. */
  readonly classOf: Readonly<Record<string, string>>;
  readonly places: readonly Place[];
  /** Whole percent; what it is less sure of is nothing. */
  readonly confidencePctMin: number;
  readonly timeoutMs: number;
}

/** As of the rules: below it a finding is not worth reporting. */
const confidenceMin = 0.4;
/** Recommended for detectors that a request waits for (policy-model 14). */
const timeoutMsUnlessGiven = 150;

/** Of a pattern that does not say: enough for rules that do not say either. */
const patternConfidence = 0.8;

/** The classifiers among documents, sorted by name. */
export function compileClassifiers(
  documents: readonly PolicyDocument[],
): readonly ClassifierTerms[] {
  return documentsOf(documents, "Classifier")
    .map(termsOf)
    .sort((a, b) => (a.name < b.name ? -1 : 1));
}

/** Whether a classifier is asked about the texts of an app. */
export function isClassifierOnPath(
  { apps, tenant, tenants }: ClassifierTerms,
  path: { readonly tenant: string; readonly app: string },
): boolean {
  if (tenant !== undefined && tenant !== path.tenant) return false;
  return (tenants?.includes(path.tenant) ?? true) && (apps?.includes(path.app) ?? true);
}

/** Milliseconds of an answer's time as documents write it, such as `150ms` or `2s`. */
export function answerTimeMs(text: string): number {
  return text.endsWith("ms") ? Number(text.slice(0, -2)) : Number(text.slice(0, -1)) * 1000;
}

function termsOf({ metadata, source, spec }: DocumentOfKind<"Classifier">): ClassifierTerms {
  const { namespace, name } = metadata;
  return {
    name: `${namespace}/${name}`,
    version: spec.version,
    tenant: source.namespace === platformNamespace ? undefined : source.namespace,
    tenants: sorted(spec.scope?.tenants),
    apps: sorted(spec.scope?.apps),
    source: sourceOf(spec),
    classOf: Object.fromEntries([
      ...spec.classes.map((dataClass) => [dataClass, dataClass] as const),
      ...Object.entries(spec.map ?? {}),
    ]),
    places: [...new Set(spec.in)].sort(),
    confidencePctMin: Math.round((spec.minConfidence ?? confidenceMin) * 100),
    timeoutMs: spec.timeout === undefined ? timeoutMsUnlessGiven : answerTimeMs(spec.timeout),
  };
}

function sourceOf(spec: DocumentOfKind<"Classifier">["spec"]): ClassifierSource {
  const { classes, endpoint = "", ignore, patterns, terms, values } = spec;
  if (patterns !== undefined) return { kind: "patterns", patterns: patterns.map(patternOf) };
  if (terms !== undefined) {
    const lines = terms.lines ?? (terms.list ?? []).join("\n");
    return { kind: "terms", dataClass: terms.class, lines };
  }
  if (values !== undefined) {
    const { class: dataClass, digests, key } = values;
    return { kind: "values", dataClass, key, digests };
  }
  if (ignore === undefined) return { kind: "endpoint", endpoint };
  return { kind: "ignore", classes: [...new Set(classes)].sort(), values: ignore.values };
}

type WrittenPattern = NonNullable<DocumentOfKind<"Classifier">["spec"]["patterns"]>[number];

function patternOf({ class: dataClass, confidence, id, pattern, words }: WrittenPattern) {
  const confidencePct = Math.round((confidence ?? patternConfidence) * 100);
  return { id, dataClass, pattern, confidencePct, words: [...new Set(words)].sort() };
}

function sorted(list: readonly string[] | undefined): readonly string[] | undefined {
  return list && [...new Set(list)].sort();
}
