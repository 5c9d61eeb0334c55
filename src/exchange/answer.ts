import type { HeaderField, Refusal } from "../domain/index.ts";
import type { AnswerHead } from "./answer-head.ts";
import type { HeaderEdit } from "./commands.ts";
import type { ExchangeCore } from "./core.ts";

/** The second half of an exchange, in one of its ways of being handled. */
export interface Answer {
  /** `isLast`: neither body nor trailers follow. */
  headers(isLast: boolean): void;
  /** `isWhole`: this is all of the body; `isLast`: nothing follows it, not even trailers. */
  body(bytes: Buffer, isWhole: boolean, isLast: boolean): void;
  trailers(): void;
  /**
   * Ends a running answer in its own format, calling `record` once its last size is known; false
   * where that cannot be done any more, and nothing was.
   */
  cut(refusal: Refusal, record: () => void): boolean;
  /** True while `cut` can be done. */
  readonly isRunning?: boolean;
  /** Stops reading for this reason and goes on as the answer came; only what is watched can. */
  giveUp?(reason: string): void;
  /** Frees what would not go with the exchange by itself. Nothing is asked of the answer after it. */
  release?(): void;
}

/** Codes for the caller, sorted: those of the permit, and of the decisions on its tools so far. */
export function warningsFor({ knowledge }: ExchangeCore): readonly string[] {
  const { isWatched, permit, toolWarnings } = knowledge;
  if (permit === undefined || isWatched) return [];
  if (toolWarnings.size === 0) return permit.warnings;
  return [...new Set([...permit.warnings, ...toolWarnings])].sort();
}

/** The header edit every answer gets: the decision id, warnings, nothing of ours from others. */
export function answerEdit(
  core: ExchangeCore,
  head: AnswerHead,
  changes: {
    readonly contentLength?: number;
    readonly isChanged: boolean;
    readonly isDecoded: boolean;
  },
): HeaderEdit {
  const set: HeaderField[] = [{ name: "x-chancery-decision", value: core.evidence.exchange }];
  const masked = core.knowledge.answerFields?.headers;
  if (masked !== undefined) set.push(...masked);
  const warnings = warningsFor(core);
  if (warnings.length > 0) set.push({ name: "x-chancery-warning", value: warnings.join(",") });
  if (changes.contentLength !== undefined && head.hasContentLength) {
    set.push({ name: "content-length", value: String(changes.contentLength) });
  }
  const remove = head.forged.filter((name) => !set.some((header) => header.name === name));
  const isUnpacked = head.isUnpacked || (changes.isDecoded && head.codings.length > 0);
  if (isUnpacked) remove.push("content-encoding");
  if ((changes.isChanged || isUnpacked) && head.hasEtag) remove.push("etag");
  return { set, remove };
}
