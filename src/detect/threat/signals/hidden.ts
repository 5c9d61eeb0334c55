import type { Tokens } from "../tokens.ts";
import { mixedFlag } from "../tokens.ts";
import type { Signal } from "./signal.ts";

/** Any of what nobody sees. */
const unseenAtAll = /[\u200b-\u200d\u202d\u202e\u2060-\u2064\ufeff\u00ad\udb40]|[\ufe00-\ufe0f]/;
/** Tags spell ASCII; behind a black flag they name a country (UTS 51, ED-14a). */
const tags = /(\ud83c\udff4)?(?:\udb40[\udc20-\udc7e]){4,}(?:\udb40\udc7f)?/g;
/** Marks in a row that carry bits or bytes: no script needs as many. */
const carriers =
  /[\u200b-\u200d\u2060-\u2064\ufeff]{8,}|(?:[\ufe00-\ufe0f]|\udb40[\udd00-\uddef]){4,}/g;
/** Overrides of direction show a text in another order than it has. */
const overrides = /[\u202d\u202e]/g;
/** Nobody writes a word with as many seams. */
const seamed = /[A-Za-z](?:[\u200b\u2060-\u2064\ufeff\u00ad]{1,3}[A-Za-z]){2,}/g;

/** A text that tags spell. */
export interface SpelledText {
  readonly text: string;
  readonly start: number;
  readonly end: number;
}

/** Finds what nobody sees and returns what it spells. */
export function findHidden(
  text: string,
  tokens: Tokens,
  signals: Signal[],
): readonly SpelledText[] {
  if ((tokens.flagsSeen & mixedFlag) !== 0) noteMixed(tokens, signals);
  if (tokens.isAscii || !unseenAtAll.test(text)) return [];
  const spelled: SpelledText[] = [];
  for (const { 0: run, 1: flag, index } of text.matchAll(tags)) {
    if (flag !== undefined) continue;
    const end = index + run.length;
    signals.push({ name: "hidden_text", start: index, end });
    spelled.push({ text: spelledBy(run), start: index, end });
  }
  for (const pattern of [carriers, overrides, seamed]) {
    for (const { 0: run, index } of text.matchAll(pattern)) {
      signals.push({
        name: pattern === seamed ? "disguised_words" : "hidden_text",
        start: index,
        end: index + run.length,
      });
      if (signals.length > 800) return spelled;
    }
  }
  return spelled;
}

function spelledBy(run: string): string {
  let text = "";
  for (let at = 1; at < run.length; at += 2) {
    const character = run.charCodeAt(at) - 0xdc00;
    if (character < 0x7f) text += String.fromCharCode(character);
  }
  return text;
}

function noteMixed(tokens: Tokens, signals: Signal[]): void {
  let noted = 0;
  for (let at = 0; at < tokens.count && noted < 16; at += 1) {
    if (((tokens.flags[at] ?? 0) & mixedFlag) === 0) continue;
    signals.push({
      name: "disguised_words",
      start: tokens.start[at] ?? 0,
      end: tokens.end[at] ?? 0,
    });
    noted += 1;
  }
}
