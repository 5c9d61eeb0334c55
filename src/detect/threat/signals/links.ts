import { roles } from "../roles.ts";
import { sentenceFlag, type Tokens } from "../tokens.ts";
import type { Signal } from "./signal.ts";

/** An address that somebody is to open or that opens itself. */
const addresses =
  /(!?\[[^\]\n]{0,120}\]\(\s?|<img\b[^<>]{0,80}?src\s?=\s?["']?)?https?:\/\/[^\s)"'<>]{3,400}(?:<[^<>\n]{1,40}>|\{[^}\n]{1,40}\}|\[[^\]\n]{1,40}\])?/gi;
/** A place in the query for something that is to be filled in. */
const placeholder =
  /[?&/][^?&=\s]{0,40}=?(?:\{\{?[^}]{1,40}\}|<[^>]{1,40}>|\[[^\]]{1,40}\]|\$\{?[A-Za-z_]{2,40}|%7B|[A-Z]{3,}(?:_[A-Z]{2,}){1,5}\b|\.\.\.)/;
/** A parameter made to take whatever there is, with nothing or much behind it. */
const carrier =
  /[?&](?:data|d|q|c|payload|p|msg|secret|leak|exfil|history|conversation|log|info|key|token|content|steal|x)=(?:$|[A-Za-z0-9+/_%=-]{32,}$)/i;

/** What has as many signals is not in doubt. */
const signalsMax = 640;
/** How many words after the verb the destination may stand. */
const destinationReach = 24;

/** Finds links that carry data, and orders to send it somewhere. */
export function findLinks(text: string, tokens: Tokens, signals: Signal[]): void {
  const hasAddress = text.includes("://");
  if (hasAddress) findCarriers(text, signals);
  const wanted = roles.send | roles.data;
  if ((tokens.rolesSeen & wanted) !== wanted) return;
  if (hasAddress || text.includes("@")) findOrders(text, tokens, signals);
}

function findCarriers(text: string, signals: Signal[]): void {
  for (const { 0: link, 1: opening = "", index } of text.matchAll(addresses)) {
    if (signals.length > signalsMax) return;
    const isShown = opening.startsWith("!") || opening.startsWith("<");
    const carries = placeholder.test(link) || (isShown && carrier.test(link));
    const end = index + link.length;
    if (carries) signals.push({ name: "data_link", start: index, end });
    else if (isShown && link.includes("?"))
      signals.push({ name: "image_query", start: index, end });
  }
}

function findOrders(text: string, tokens: Tokens, signals: Signal[]): void {
  let added = 0;
  for (let mark = 0; mark < tokens.markedCount && added < 64; mark += 1) {
    const at = tokens.marked[mark] ?? 0;
    if (((tokens.roles[at] ?? 0) & roles.send) === 0) continue;
    const end = orderEnd(text, tokens, at);
    if (end === 0) continue;
    signals.push({ name: "carry_data_out", start: tokens.start[at] ?? 0, end });
    added += 1;
  }
}

/** Where the order ends that begins with this verb; 0: it is none, for want of goods or a destination. */
function orderEnd(text: string, tokens: Tokens, verb: number): number {
  let hasData = false;
  const last = Math.min(tokens.count, verb + destinationReach);
  for (let at = verb + 1; at < last; at += 1) {
    if (((tokens.flags[at] ?? 0) & sentenceFlag) !== 0) return 0;
    if (((tokens.roles[at] ?? 0) & roles.data) !== 0) hasData = true;
    if (!hasData) continue;
    const end = tokens.end[at] ?? 0;
    const next = text.charCodeAt(end);
    if (next === 0x40 || (next === 0x3a && text.startsWith("://", end))) return end;
  }
  return 0;
}
