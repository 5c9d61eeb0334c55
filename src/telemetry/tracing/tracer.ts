import { randomBytes } from "node:crypto";
import type { Clock } from "../../base/index.ts";
import type { ExchangeTrace, TraceOpening, Tracer } from "../../exchange/index.ts";
import { ExchangeSpans } from "./exchange-spans.ts";
import type { Span } from "./span.ts";

/** What decides which exchanges are traced. */
export interface TracerOptions {
  readonly clock: Clock;
  /** Share, 0 to 1, of exchanges without a parent that are traced whatever comes of them. */
  readonly sampleRatio: number;
  /** Whether each point that was judged is a span too, by names that are still experimental. */
  readonly hasGuardrails: boolean;
  /** While it is true no trace is begun. */
  readonly isUnderPressure: () => boolean;
  /** Takes all spans of an exchange that is over. */
  readonly onEnd: (spans: readonly Span[]) => void;
}

const spanIdBytes = 8;

/**
 * Traces what its parent traces; without a parent a share of all exchanges, and each that is notable.
 */
export function createTracer(options: TracerOptions): Tracer {
  const { clock, hasGuardrails, onEnd } = options;
  const createSpanId = () => randomBytes(spanIdBytes).toString("hex");
  const making = { clock, hasGuardrails, onEnd, createSpanId };
  return {
    open(opening): ExchangeTrace | undefined {
      if (!isKept(opening, options.sampleRatio) || options.isUnderPressure()) return undefined;
      return new ExchangeSpans(opening, making);
    },
  };
}

function isKept({ exchange, isNotable, parent }: TraceOpening, sampleRatio: number): boolean {
  if (parent !== undefined) return parent.isSampled;
  return isNotable || shareOf(exchange) < sampleRatio;
}

/** The last digits of a UUIDv7 are random (RFC 9562 section 5.7): a number from 0 to below 1. */
function shareOf(exchange: string): number {
  return Number.parseInt(exchange.slice(-8), 16) / 2 ** 32;
}
