import type { Finding } from "../domain/index.ts";
import { typeOfClass } from "./type-of-class.ts";

/** What a classifier is asked, all in one go. */
export interface ClassifierQuestion {
  readonly texts: readonly string[];
  /** The words in which it may answer; what it says beyond them does not count. */
  readonly labels: readonly string[];
  /** Whose texts they are: no tenant's calls stand in the way of another's. */
  readonly tenant: string;
  /** Of the reading that is asked for; answers to a question with another one may differ. */
  readonly version?: string | undefined;
  /** From now on; an answer after that is none. */
  readonly deadlineMs: number;
}

/** One thing a classifier says of one text. */
export interface ClassifierLabel {
  /** Index of the text in the question. */
  readonly text: number;
  /** In the classifier's own words. */
  readonly label: string;
  /** 0 to 1. */
  readonly confidence: number;
  /** UTF-16 code units into the text, end exclusive; absent: it is said of the text as a whole. */
  readonly range?: { readonly start: number; readonly end: number } | undefined;
}

/** Why a classifier gave no answer that counts. */
export type ClassifierFault =
  /** Not in time. */
  | "timeout"
  /** Not reached, refused, or not understood. */
  | "failed"
  /** Not asked: others wait already. */
  | "overloaded"
  /** Not asked: it failed so often that it is left alone for a while. */
  | "open"
  /** Not asked: there is more text than it is given at once. */
  | "too_long";

export type ClassifierReply =
  | { readonly kind: "labels"; readonly labels: readonly ClassifierLabel[] }
  | { readonly kind: "fault"; readonly fault: ClassifierFault };

/** Asks a model about texts. Never rejects, and answers by the deadline of the question. */
export interface Classifier {
  ask(question: ClassifierQuestion): Promise<ClassifierReply>;
}

/** How what a classifier says is read. */
export interface ClassifierReading {
  /** Who is said to have found it, with its version: `platform/names@3`. */
  readonly detector: string;
  /** Classes by the words for them. */
  readonly classOf: Readonly<Record<string, string>>;
  /** Whole percent; what it is less sure of is nothing. */
  readonly confidencePctMin: number;
}

/**
 * What the labels of an answer come to, for each text; sorted by start, and they may overlap. Offsets
 * that do not lie in the text, or would part a character, are widened or cut to whole characters.
 */
export function toFindings(
  labels: readonly ClassifierLabel[],
  texts: readonly string[],
  reading: ClassifierReading,
): readonly (readonly Finding[])[] {
  const found: Finding[][] = texts.map(() => []);
  for (const said of labels) {
    const text = texts[said.text];
    const finding = text === undefined ? undefined : toFinding(said, text, reading);
    if (finding !== undefined) found[said.text]?.push(finding);
  }
  for (const list of found) list.sort((a, b) => a.start - b.start || b.end - a.end);
  return found;
}

function toFinding(
  { confidence, label, range }: ClassifierLabel,
  text: string,
  { classOf, confidencePctMin, detector }: ClassifierReading,
): Finding | undefined {
  if (!Object.hasOwn(classOf, label)) return undefined;
  const dataClass = classOf[label] ?? label;
  const confidencePct = Math.round(Math.min(1, Math.max(0, confidence)) * 100);
  if (!(confidencePct >= confidencePctMin)) return undefined;
  const start = wholeStart(text, Math.max(0, range?.start ?? 0));
  const end = wholeEnd(text, Math.min(text.length, range?.end ?? text.length));
  if (!(start < end)) return undefined;
  return { dataClass, type: typeOfClass(dataClass), detector, confidencePct, start, end };
}

/** Both halves of a character belong to whoever holds one of them. */
function wholeStart(text: string, at: number): number {
  return isWithinPair(text, at) ? at - 1 : at;
}

function wholeEnd(text: string, at: number): number {
  return isWithinPair(text, at) ? at + 1 : at;
}

function isWithinPair(text: string, at: number): boolean {
  return (text.charCodeAt(at - 1) & 0xfc00) === 0xd800 && (text.charCodeAt(at) & 0xfc00) === 0xdc00;
}
