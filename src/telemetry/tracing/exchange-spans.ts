import type { Clock } from "../../base/index.ts";
import type { ExchangeTrace, Recorded, StageRun, TraceOpening } from "../../exchange/index.ts";
import type { BypassRecord, ClosingRecord, DecisionRecord } from "../../record/index.ts";
import { findingEvent, type Guardrail, guardrailsOf } from "./guardrails.ts";
import { attributesOf, attributesOfBypass } from "./record-attributes.ts";
import type { Attributes, Span, SpanEvent } from "./span.ts";

/** As many as OpenTelemetry lets a span keep. */
const eventsMax = 128;

const noEvents: readonly SpanEvent[] = [];

type Run = Pick<StageRun, "fromMicros" | "toMicros">;

/** What the spans of an exchange are made with. */
export interface SpanMaking {
  readonly clock: Clock;
  readonly createSpanId: () => string;
  /** Each point that was judged is a span too, by names that are still experimental. */
  readonly hasGuardrails: boolean;
  /** Takes all spans of an exchange that is over. */
  readonly onEnd: (spans: readonly Span[]) => void;
}

/**
 * The spans of one exchange: the exchange, its stages on both sides, the classifiers asked, and where
 * that is wanted the points at which it was judged.
 */
export class ExchangeSpans implements ExchangeTrace {
  readonly traceId: string;
  readonly #making: SpanMaking;
  readonly #opening: TraceOpening;
  readonly #spanId: string;
  /** From the monotonic clock to the time since 1970, in microseconds. */
  readonly #offsetMicros: number;
  readonly #children: Span[] = [];
  readonly #events: SpanEvent[] = [];
  #droppedEvents = 0;
  #attributes: Attributes = {};
  #isError = false;
  #isOver = false;

  constructor(opening: TraceOpening, making: SpanMaking) {
    this.#opening = opening;
    this.#making = making;
    this.traceId = opening.parent?.traceId ?? traceIdOf(opening.exchange);
    this.#spanId = making.createSpanId();
    this.#offsetMicros = making.clock.nowMicros() - making.clock.monotonicMicros();
  }

  answered(event: string): void {
    this.#happened("answer", { event });
  }

  asked(classifier: string, fromMicros: number, fault: string | undefined): void {
    const toMicros = this.#making.clock.monotonicMicros();
    const attributes = { "chancery.classifier": classifier, "error.type": fault };
    this.#child("chancery.classifier", { fromMicros, toMicros }, attributes);
  }

  decided(recorded: Recorded<DecisionRecord>): void {
    this.#recorded(recorded, "decision");
    if (recorded.record.final === true) this.#end();
  }

  closed(recorded: Recorded<ClosingRecord>): void {
    this.#recorded(recorded, "closing");
    this.#end();
  }

  bypassed({ record, seq }: Recorded<BypassRecord>): void {
    this.#attributes = attributesOfBypass(record);
    this.#happened("audit", { kind: "bypass", seq });
    this.#end();
  }

  abandoned(reason: string): void {
    this.#attributes = { ...this.#attributes, "chancery.reason": reason };
    this.#isError = true;
    this.#end();
  }

  #recorded(
    { isWatched, record, seq, stages }: Recorded<DecisionRecord | ClosingRecord>,
    kind: "decision" | "closing",
  ): void {
    // What the answer has nothing to say about stays as the request had it.
    this.#attributes = { ...this.#attributes, ...attributesOf(record) };
    this.#isError ||= record.end === "server_error" || record.end === "deadline";
    const point = { "chancery.point": record.point };
    for (const run of stages) this.#child(`chancery.${run.stage}`, run, point);
    if (this.#making.hasGuardrails) {
      const run = this.#spanOf(stages);
      for (const guardrail of guardrailsOf(record, isWatched)) this.#guarded(guardrail, run);
    }
    for (const { effect, id, layer } of record.rules ?? []) {
      this.#happened("rule.match", { rule: id, layer, effect });
    }
    this.#happened("audit", { kind, seq });
  }

  #happened(name: string, attributes: Attributes): void {
    if (this.#isOver) return;
    if (this.#events.length >= eventsMax) {
      this.#droppedEvents += 1;
      return;
    }
    this.#events.push({ name, atMicros: this.#making.clock.nowMicros(), attributes });
  }

  /** From the first start to the last end; a moment where nothing ran. */
  #spanOf(stages: readonly StageRun[]): Run {
    const now = this.#making.clock.monotonicMicros();
    return {
      fromMicros: Math.min(now, ...stages.map(({ fromMicros }) => fromMicros)),
      toMicros: stages.length === 0 ? now : Math.max(...stages.map(({ toMicros }) => toMicros)),
    };
  }

  #guarded({ attributes, findings, name }: Guardrail, run: Run): void {
    const atMicros = run.toMicros + this.#offsetMicros;
    const events = findings.map((found) => ({ name: findingEvent, atMicros, attributes: found }));
    this.#child(name, run, attributes, events);
  }

  #child(
    name: string,
    run: Run,
    attributes: Attributes,
    events: readonly SpanEvent[] = noEvents,
  ): void {
    if (this.#isOver) return;
    this.#children.push({
      traceId: this.traceId,
      spanId: this.#making.createSpanId(),
      parentSpanId: this.#spanId,
      link: undefined,
      name,
      kind: name === "chancery.classifier" ? "client" : "internal",
      startMicros: run.fromMicros + this.#offsetMicros,
      endMicros: run.toMicros + this.#offsetMicros,
      attributes,
      events,
      droppedEvents: 0,
      isError: attributes["error.type"] !== undefined,
    });
  }

  /** Once this turn of the loop is over: what is answered in it comes after the record. */
  #end(): void {
    setImmediate(() => {
      if (this.#isOver) return;
      this.#isOver = true;
      this.#making.onEnd([this.#root(), ...this.#children]);
    });
  }

  #root(): Span {
    const { exchange, link, parent, startedMicros } = this.#opening;
    return {
      traceId: this.traceId,
      spanId: this.#spanId,
      parentSpanId: parent?.spanId,
      link,
      name: "chancery.exchange",
      kind: "server",
      startMicros: startedMicros + this.#offsetMicros,
      endMicros: this.#making.clock.nowMicros(),
      attributes: { ...callAttributes, "chancery.exchange": exchange, ...this.#attributes },
      events: this.#events,
      droppedEvents: this.#droppedEvents,
      isError: this.#isError,
    };
  }
}

/** Of every call that Envoy makes. */
const callAttributes = {
  "rpc.system": "grpc",
  "rpc.service": "envoy.service.ext_proc.v3.ExternalProcessor",
  "rpc.method": "Process",
};

/** Of an exchange whose trace begins here: its own id, so that either leads to the other. */
function traceIdOf(exchange: string): string {
  return exchange.replaceAll("-", "");
}
