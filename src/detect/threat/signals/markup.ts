import { roles } from "../roles.ts";
import type { Tokens } from "../tokens.ts";
import type { Signal } from "./signal.ts";

/** Tokens that only the template of a model writes. */
const templates =
  /<\|[a-z_]{2,24}\|>|\[\/?INST\]|<<\/?SYS>>|<\/?(?:system|assistant|instructions?|admin)(?:[_ -](?:prompt|message|override|note))?>|<(?:start|end)_of_turn>|"role"\s{0,2}:\s{0,2}"(?:system|developer)"/gi;
/** A turn that somebody else is said to have. */
const turns =
  /^[ \t>*#-]{0,6}\[?(?:system|assistant|human|developer|admin|ai|instruction)(?: (?:prompt|message|note|override|update|instructions?|notice|command))?\]?\*{0,2}[ \t]?[:>\]]/gim;
/** Comments, by what opens and what closes them. */
const comments = [
  ["<!--", "-->"],
  ["/*", "*/"],
] as const;
/** Parts of a document that its readers do not see; what is written in them is looked at again. */
const unseenParts =
  /<[a-z]{1,10}\b[^<>]{0,300}?(?:display\s?:\s?none|visibility\s?:\s?hidden|font-size\s?:\s?0|opacity\s?:\s?0|color\s?:\s?(?:white|#fff)|\bhidden\b|aria-hidden)[^<>]{0,200}>[^<]{0,2000}|\b(?:alt|title|aria-label|content)\s?=\s?["'][^"'<>]{12,600}["']|!\[[^\]\n]{12,600}\]|^[ \t]{0,8}(?:\/\/|--|#)[^\n]{12,400}/gim;

/** What has as many signals is not in doubt. */
const signalsMax = 512;

const instructing =
  roles.override |
  roles.reveal |
  roles.send |
  roles.call |
  roles.tell |
  roles.persona |
  roles.unlimited;
const addressing = roles.ai | roles.object | roles.unlimited | roles.user;

/** Finds turns and tokens of chat templates, and instructions where nobody sees them. */
export function findMarkup(text: string, tokens: Tokens, signals: Signal[]): void {
  if (
    text.includes("<") ||
    text.includes("[/") ||
    text.includes("[INST") ||
    text.includes('"role"')
  ) {
    collect(text, templates, "chat_template", signals);
  }
  const { rolesSeen } = tokens;
  if ((rolesSeen & (roles.hidden | roles.ai | roles.user | roles.authority | roles.object)) !== 0) {
    if (text.includes(":") || text.includes("]") || text.includes(">"))
      collect(text, turns, "role_turn", signals);
  }
  if ((rolesSeen & instructing) === 0 || (rolesSeen & addressing) === 0) return;
  if (!mayHide(text)) return;
  for (const [open, close] of comments) findComments(text, tokens, { open, close }, signals);
  for (const part of text.matchAll(unseenParts)) {
    const end = part.index + part[0].length;
    if (instructs(tokens, part.index, end))
      signals.push({ name: "hidden_markup", start: part.index, end });
  }
}

function findComments(
  text: string,
  tokens: Tokens,
  { close, open }: { readonly open: string; readonly close: string },
  signals: Signal[],
): void {
  let start = text.indexOf(open);
  while (start >= 0 && signals.length <= signalsMax) {
    const closing = text.indexOf(close, start + open.length);
    const end = closing < 0 ? text.length : closing + close.length;
    if (instructs(tokens, start, end)) signals.push({ name: "hidden_markup", start, end });
    start = closing < 0 ? -1 : text.indexOf(open, end);
  }
}

function mayHide(text: string): boolean {
  return (
    text.includes("<") ||
    text.includes("/*") ||
    text.includes("//") ||
    text.includes("#") ||
    text.includes("![") ||
    text.includes("--")
  );
}

function collect(text: string, pattern: RegExp, name: Signal["name"], signals: Signal[]): void {
  for (const found of text.matchAll(pattern)) {
    signals.push({ name, start: found.index, end: found.index + found[0].length });
    if (signals.length > signalsMax) return;
  }
}

/** Whether a part of the text tells a model, or somebody, to do something. */
function instructs(tokens: Tokens, start: number, end: number): boolean {
  let seen = 0;
  for (let at = firstFrom(tokens, start); at < tokens.count; at += 1) {
    if ((tokens.start[at] ?? 0) >= end) break;
    seen |= tokens.roles[at] ?? 0;
  }
  return (seen & instructing) !== 0 && (seen & (roles.ai | roles.object)) !== 0;
}

/** The first token that begins at or after an offset. */
function firstFrom({ count, start }: Tokens, offset: number): number {
  let low = 0;
  let high = count;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((start[middle] ?? 0) < offset) low = middle + 1;
    else high = middle;
  }
  return low;
}
