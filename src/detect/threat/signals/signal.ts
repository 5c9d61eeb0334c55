import type { ThreatClass } from "../threat.ts";

/** What a signal points at, and how much. */
export interface SignalTerms {
  readonly dataClass: ThreatClass;
  /** Log odds it is taken for in a user's turn before samples have their say. */
  readonly points: number;
  /** Log odds more in data that nobody expects instructions in: results of tools, attachments. */
  readonly moreInData: number;
}

const injection = "threat.prompt_injection";
const jailbreak = "threat.jailbreak";
const exfiltration = "threat.exfiltration";
const obfuscation = "threat.obfuscation";
const leak = "threat.system_prompt_leak";

/** All signals by the name of their reason. */
export const signalTerms = {
  override_instructions: terms(injection, 3.4, 0.4),
  set_instructions_aside: terms(injection, 1.3, 0.3),
  new_instructions: terms(injection, 0.7, 0.5),
  keep_from_user: terms(injection, 1.6, 0.6),
  addressed_to_model: terms(injection, 0.8, 1.4),
  tool_command: terms(injection, 0.3, 0.9),
  claimed_authority: terms(injection, 0.8, 0.2),
  chat_template: terms(injection, 1.6, 0.6),
  role_turn: terms(injection, 1.2, 0.6),
  hidden_markup: terms(injection, 1.8, 0.6),
  reveal_instructions: terms(leak, 2.4, 0),
  repeat_above: terms(leak, 1.6, 0),
  ask_for_instructions: terms(leak, 1.2, 0.2),
  persona_without_limits: terms(jailbreak, 2.8, 0),
  without_limits: terms(jailbreak, 0.9, 0),
  set_limits_aside: terms(jailbreak, 1.6, 0),
  never_refuse: terms(jailbreak, 1.5, 0),
  carry_data_out: terms(exfiltration, 1.2, 1.2),
  data_link: terms(exfiltration, 2.4, 0.4),
  image_query: terms(exfiltration, 0.5, 0.5),
  hidden_text: terms(obfuscation, 2.4, 0.4),
  encoded_instructions: terms(obfuscation, 2.2, 0.2),
  disguised_words: terms(obfuscation, 1.2, 0),
} as const satisfies Readonly<Record<string, SignalTerms>>;

export type SignalName = keyof typeof signalTerms;

/** One signal in a text. */
export interface Signal {
  readonly name: SignalName;
  /** UTF-16 code units, end exclusive. */
  readonly start: number;
  readonly end: number;
}

function terms(dataClass: ThreatClass, points: number, moreInData: number): SignalTerms {
  return { dataClass, points, moreInData };
}
