import type { DecisionRecord } from "../record/index.ts";
import type { ExchangeMetadata } from "./commands.ts";

const nothingNew = {};

/**
 * What the proxy's access log is told of one exchange (audit-and-operations 9). The proxy keeps what
 * it was told, so only what changed since is told again.
 */
export class ToldMetadata {
  #current: ExchangeMetadata;
  #told: ExchangeMetadata | undefined;

  constructor(exchange: string) {
    this.#current = { exchange };
  }

  set(metadata: ExchangeMetadata): void {
    this.#current = metadata;
  }

  /** The same, but for these. */
  change(metadata: ExchangeMetadata): void {
    this.#current = { ...this.#current, ...metadata };
  }

  /** What the next answer tells, to be spread into it. */
  take(): { readonly metadata?: ExchangeMetadata } {
    const metadata = this.#current;
    if (metadata === this.#told) return nothingNew;
    this.#told = metadata;
    return { metadata };
  }

  /** The place of the record is another than was told, if it is to have one; gives what is told now. */
  takeWithoutPlace(): ExchangeMetadata {
    const { seq: _, ...metadata } = this.#current;
    this.#current = metadata;
    this.#told = metadata;
    return metadata;
  }
}

/** What a decision tells; `seq` is absent where its record is written late. */
export function metadataOf(
  record: DecisionRecord,
  log: string,
  seq: number | undefined,
): ExchangeMetadata {
  const { exchange, reason, verdict, versions } = record;
  const metadata: Record<string, string | number> = { exchange, verdict };
  if (typeof reason === "string") metadata["reason"] = reason;
  if (versions !== undefined) {
    metadata["effective"] = versions.effective.replace("sha256:", "").slice(0, 12);
  }
  metadata["log"] = log;
  if (seq !== undefined) metadata["seq"] = seq;
  return metadata;
}
