import type { NormalStep } from "./normal-text.ts";

/** Which steps a `BertNormalizer` consists of. */
export interface BertNormalizerTerms {
  readonly clean_text: boolean;
  readonly handle_chinese_chars: boolean;
  /** Null: where it makes lower case. */
  readonly strip_accents: boolean | null;
  readonly lowercase: boolean;
}

const ascii = /^[\0-\x7f]*$/;

/** Unicode normalisation in one of its forms. */
export function unicodeForm(form: "NFC" | "NFD" | "NFKC" | "NFKD"): NormalStep {
  return (cluster) => (ascii.test(cluster) ? cluster : cluster.normalize(form));
}

/** Lower case, each character by itself: no final form of a letter, no rule of a language. */
export function lowerCase(cluster: string): string {
  if (cluster.length === 1) return cluster.toLowerCase();
  let lower = "";
  for (const character of cluster) lower += character.toLowerCase();
  return lower;
}

/** All marks go, those that are part of a letter stay. */
export function withoutMarks(cluster: string): string {
  return cluster.replace(/\p{M}/gu, "");
}

/** The steps of BERT's own normaliser, in its order. */
export function bertSteps(terms: BertNormalizerTerms): readonly NormalStep[] {
  return [
    ...(terms.clean_text ? [cleaned] : []),
    ...(terms.handle_chinese_chars ? [spacedIdeograph] : []),
    ...((terms.strip_accents ?? terms.lowercase) ? [withoutAccents] : []),
    ...(terms.lowercase ? [lowerCase] : []),
  ];
}

const unseen = /(?![\t\n\r])[\p{C}\ufffd]/gu;
const blanks = /\p{White_Space}/gu;

/** What cannot be seen goes, of white space too where it is a control; the rest of that is blanks. */
function cleaned(cluster: string): string {
  if (cluster.length === 1 && cluster > " " && cluster < "\x7f") return cluster;
  return cluster.replace(unseen, "").replace(blanks, " ");
}

/** The blocks that BERT reads ideograph by ideograph. */
const ideograph =
  /^[\u{4e00}-\u{9fff}\u{3400}-\u{4dbf}\u{20000}-\u{2a6df}\u{2a700}-\u{2b73f}\u{2b740}-\u{2b81f}\u{2b920}-\u{2ceaf}\u{f900}-\u{faff}\u{2f800}-\u{2fa1f}]/u;

function spacedIdeograph(cluster: string): string {
  const found = cluster < "\u3400" ? undefined : ideograph.exec(cluster)?.[0];
  return found === undefined ? cluster : ` ${found} ${cluster.slice(found.length)}`;
}

function withoutAccents(cluster: string): string {
  return ascii.test(cluster) ? cluster : cluster.normalize("NFD").replace(/\p{Mn}/gu, "");
}
