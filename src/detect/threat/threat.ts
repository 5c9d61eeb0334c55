import type { Place } from "../../domain/index.ts";

/** What a text may try to do to a model that reads it. */
export type ThreatClass =
  /** Gives instructions in the place of those whose turn it is. */
  | "threat.prompt_injection"
  /** Talks a model out of its limits. */
  | "threat.jailbreak"
  /** Makes a model carry data out. */
  | "threat.exfiltration"
  /** Says something only a machine reads. */
  | "threat.obfuscation"
  /** Asks for the instructions of the operator. */
  | "threat.system_prompt_leak";

/** Why a text counts as a threat; a fixed name, never words of the text. */
export interface ThreatReason {
  readonly reason: string;
  /** UTF-16 code units into the text, end exclusive. */
  readonly start: number;
  readonly end: number;
}

/** How likely a text is a threat of one class. */
export interface Threat {
  readonly dataClass: ThreatClass;
  /** Whole percent, 1 to 99. */
  readonly scorePct: number;
  /** Sorted by start; at least one. */
  readonly reasons: readonly ThreatReason[];
}

/** Scores texts. Pure: the same text at the same place has the same threats. */
export interface ThreatDetector {
  /** The threats of a text, one for each class, in the order of their names. */
  score(text: string, place: Place): readonly Threat[];
}
