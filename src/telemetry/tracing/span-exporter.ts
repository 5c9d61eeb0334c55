import { setTimeout as delay } from "node:timers/promises";
import type { HttpAnswer, HttpClient } from "../../base/index.ts";
import { encodeSpans, type SpanSource } from "./otlp-json.ts";
import type { Span } from "./span.ts";

/** Where spans go, and what is told of them. */
export interface SpanExporterOptions {
  /** Base of an OTLP receiver over HTTP; `/v1/traces` is added. */
  readonly endpoint: string;
  readonly http: HttpClient;
  /** Further headers of each request, asked anew for each. */
  readonly headers: () => Readonly<Record<string, string>>;
  readonly source: SpanSource;
  readonly observer: SpanObserver;
  readonly waits?: ExportWaits;
}

/** Told what became of spans; calls are cheap and never throw. */
export interface SpanObserver {
  /** `dropped`: here, because too many waited or the receiver is away; `rejected`: by the receiver. */
  spans(result: "exported" | "dropped" | "rejected", count: number): void;
  /** The receiver did not take a batch. */
  failed(error: ExportFailed): void;
}

/** In milliseconds. */
export interface ExportWaits {
  /** A batch that is not full leaves after. */
  readonly batchMs: number;
  readonly requestMs: number;
  readonly retryMs: number;
  /** At most, whatever a receiver asks for. */
  readonly retryMsMax: number;
}

const usualWaits: ExportWaits = {
  batchMs: 5_000,
  requestMs: 10_000,
  retryMs: 1_000,
  retryMsMax: 30_000,
};

const batchMax = 512;
/** Four batches; beyond that a receiver is too slow, and spans are what can be done without. */
const waitingMax = 2_048;
const triesMax = 3;
/** Whatever else a receiver says cannot be mended by asking again (OTLP/HTTP, "Failures"). */
const retryable: ReadonlySet<number> = new Set([429, 502, 503, 504]);

/** The receiver did not take a batch: its status, or that there was no answer. */
export class ExportFailed extends Error {
  override readonly name = "ExportFailed";
  readonly code: string;

  constructor(code: string, options?: ErrorOptions) {
    super(code, options);
    this.code = code;
  }
}

/**
 * Sends spans in batches by OTLP over HTTP, one request at a time. Nothing waits for it: what a
 * receiver does not take in time is dropped and counted.
 */
export class SpanExporter {
  readonly #options: SpanExporterOptions;
  readonly #waits: ExportWaits;
  readonly #url: string;
  #waiting: Span[] = [];
  #timer: NodeJS.Timeout | undefined;
  #sending: Promise<void> | undefined;
  readonly #closing = new AbortController();

  constructor(options: SpanExporterOptions) {
    this.#options = options;
    this.#waits = options.waits ?? usualWaits;
    this.#url = `${options.endpoint.replace(/\/+$/, "")}/v1/traces`;
  }

  /** Takes the spans of one exchange, all of them or none. */
  add(spans: readonly Span[]): void {
    if (this.#waiting.length + spans.length > waitingMax || this.#closing.signal.aborted) {
      return this.#options.observer.spans("dropped", spans.length);
    }
    this.#waiting.push(...spans);
    if (this.#waiting.length >= batchMax) this.#send();
    else this.#timer ??= setTimeout(() => this.#send(), this.#waits.batchMs).unref();
  }

  /** Sends what waits until it is told to hurry, and takes no more. */
  async close(hurry: AbortSignal): Promise<void> {
    const abort = () => this.#closing.abort();
    hurry.addEventListener("abort", abort, { once: true });
    if (hurry.aborted) abort();
    this.#send();
    await this.#sending;
    hurry.removeEventListener("abort", abort);
    abort();
  }

  #send(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#sending ??= this.#sendAll().finally(() => {
      this.#sending = undefined;
    });
  }

  async #sendAll(): Promise<void> {
    while (this.#waiting.length > 0) {
      const batch = this.#waiting.splice(0, batchMax);
      const rejected = await this.#sendBatch(batch).catch((error: unknown) => {
        const failure = error instanceof ExportFailed ? error : new ExportFailed("no_answer");
        this.#options.observer.failed(failure);
        this.#options.observer.spans("dropped", batch.length);
        return undefined;
      });
      if (rejected === undefined) continue;
      if (rejected > 0) this.#options.observer.spans("rejected", rejected);
      this.#options.observer.spans("exported", batch.length - rejected);
    }
  }

  /** Gives how many the receiver took none of. Rejects with `ExportFailed`. */
  async #sendBatch(batch: readonly Span[]): Promise<number> {
    const body = encodeSpans(batch, this.#options.source);
    for (let attempt = 1; ; attempt += 1) {
      const outcome = await this.#post(body);
      if (typeof outcome === "number") return outcome;
      if (attempt === triesMax || outcome.retryMs === undefined) throw outcome.failure;
      const signal = this.#closing.signal;
      await delay(outcome.retryMs * attempt, undefined, { ref: false, signal });
    }
  }

  async #post(body: string): Promise<number | Refusal> {
    const { requestMs, retryMs, retryMsMax } = this.#waits;
    const { headers, http } = this.#options;
    let answer: HttpAnswer;
    try {
      answer = await http.post(
        { url: this.#url, headers: { "content-type": "application/json", ...headers() }, body },
        AbortSignal.any([AbortSignal.timeout(requestMs), this.#closing.signal]),
      );
    } catch (cause) {
      return { failure: new ExportFailed("no_answer", { cause }), retryMs };
    }
    const { retryAfter, status, text } = answer;
    if (status >= 200 && status < 300) return rejectedIn(text);
    const failure = new ExportFailed(`status_${status}`);
    if (!retryable.has(status)) return { failure, retryMs: undefined };
    const asked = Number(retryAfter ?? Number.NaN) * 1000;
    return { failure, retryMs: Math.min(Number.isNaN(asked) ? retryMs : asked, retryMsMax) };
  }
}

interface Refusal {
  readonly failure: ExportFailed;
  /** Undefined: asking again is of no use. */
  readonly retryMs: number | undefined;
}

/** Spans that a partial success names as rejected; they must not be sent again. */
function rejectedIn(text: string): number {
  try {
    const { partialSuccess } = JSON.parse(text) as {
      readonly partialSuccess?: { readonly rejectedSpans?: string | number };
    };
    const rejected = Number(partialSuccess?.rejectedSpans ?? 0);
    return Number.isSafeInteger(rejected) && rejected > 0 ? rejected : 0;
  } catch {
    // A receiver that says yes and nothing else.
    return 0;
  }
}
