import { asciiWordBits, digitBit, lowerBit, upperBit } from "../text/character-kind.ts";
import { unitAt, unitKindAt } from "../text/units.ts";

/** How far back a key is read, and what stands between it and its value at most. */
const nameUnitsMax = 48;
const joinUnitsMax = 8;

/**
 * The key or label whose value begins at `start`, in small letters with its parts set apart by spaces:
 * `max tokens`, `client secret`; empty if the value stands in no `key: value`.
 */
export function keyNameBefore(text: string, start: number): string {
  let end = start;
  const joinFloor = Math.max(0, start - joinUnitsMax);
  while (end > joinFloor && !isNameUnit(end - 1)) end -= 1;
  let from = end;
  const floor = Math.max(0, end - nameUnitsMax);
  while (from > floor && isNameUnit(from - 1)) from -= 1;
  return inWords(text, from, end);
}

// In small letters, with one space for the marks between two words, and before the capital of one.
function inWords(text: string, start: number, end: number): string {
  let words = "";
  let from = start;
  let last = 0;
  for (let at = start; at < end; at += 1) {
    const kind = unitKindAt(at) & asciiWordBits;
    if (kind === 0) {
      if (last !== 0 || at === start) words += `${text.slice(from, at)} `;
      from = at + 1;
    } else if (kind === upperBit && (last & (lowerBit | digitBit)) !== 0) {
      words += `${text.slice(from, at)} `;
      from = at;
    }
    last = kind;
  }
  return (words + text.slice(from, end)).toLowerCase();
}

function isNameUnit(at: number): boolean {
  if ((unitKindAt(at) & asciiWordBits) !== 0) return true;
  const code = unitAt(at);
  return code === 0x5f || code === 0x2d || code === 0x2e;
}

/**
 * Whether a key says something about a secret instead of holding one: `token_type`, `secretName`,
 * `max_tokens`, `password_policy`, `api_key_id`.
 */
export function isAboutSecret(name: string): boolean {
  return about.test(name);
}

const about =
  /\b(?:names?|refs?|url|uri|urls|endpoint|host|type|counts?|length|len|size|min|max|expir\w*|ttl|lifetime|policy|hint|field|label|path|file|filename|dir|regex|pattern|format|header|page|next|cursor|continuation|usage|limit|index|reset|required|enabled|strength|version|algorithm|alg|method|scope|status|public|checksum|digest|fingerprint|arn|manager|store|provider|issuer|audience|at|date|time|rotation|template|placeholder|error|message|requirements?|rules?|settings?|options?|id)$|\b(?:max|min|num|total|public|publishable|next|page|prompt|completion)\b|^(?:has|is|no|use|show|hide|set|get|reset|forgot) /;
