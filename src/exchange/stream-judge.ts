import { Fault } from "../base/index.ts";
import type { Decision, Usage } from "../domain/index.ts";
import { redactionFor, replacementOf } from "../effects/index.ts";
import {
  type AnswerStreamDecoder,
  type Format,
  openStreamOrJson,
  type StreamEvent,
} from "../formats/index.ts";
import { decisionInput, type ExchangeCore, evaluateNow, waitsForEnd } from "./core.ts";
import { FindingTally } from "./finding-tally.ts";
import { HoldBack, type Replace } from "./hold-back.ts";
import { OpenCalls } from "./open-calls.ts";
import { tokensOf } from "./tokens.ts";
import { judgeCall, judgesTools } from "./tool-judge.ts";

/** What may leave after a piece of a stream was judged. */
export interface StreamVerdict {
  readonly bytes: readonly Buffer[];
  /** The deny that ends the stream; nothing held may leave then. */
  readonly deny: Decision | undefined;
  /** Why the stream cannot go on after these bytes, though no policy denies it. */
  readonly fault?: Fault;
}

/**
 * Judges a running answer event by event. The outcome depends on the events alone, never on how
 * their bytes were cut: each event is decided on before the next is looked at.
 */
export class StreamJudge {
  readonly #core: ExchangeCore;
  readonly #decoder: AnswerStreamDecoder;
  readonly #holdBack: HoldBack;
  readonly #tally = new FindingTally();
  readonly #replace: Replace;
  /** Undefined where nobody judges the tools of this exchange. */
  readonly #calls: OpenCalls | undefined;
  /** Rules read how the answer ends, so none of it leaves before. */
  readonly #waitsForEnd: boolean;
  readonly #called: string[] = [];
  #finishReason: string | undefined;
  #decision: Decision | undefined;
  #redacted = 0;
  #partBytes = 0;
  #usage: Usage | undefined;

  constructor(core: ExchangeCore, format: Format) {
    this.#core = core;
    this.#calls = judgesTools(core) ? new OpenCalls() : undefined;
    this.#waitsForEnd = waitsForEnd(core);
    const readsCalls = this.#calls !== undefined || this.#waitsForEnd;
    this.#decoder = openStreamOrJson(format, core.deps.limits, readsCalls);
    this.#holdBack = new HoldBack(core.deps.detector, core.deps.limits.bodyBytesMax);
    const tokenOf = tokensOf(core);
    this.#replace = (finding, value) => {
      const redact = core.knowledge.isWatched ? undefined : this.#decision?.obligations.redact;
      const scope = { place: "response", direction: "response", redact } as const;
      const redaction = redactionFor(finding, scope);
      if (redaction === undefined) return undefined;
      this.#redacted += 1;
      return replacementOf(finding, redaction.method, { value, tokenOf });
    };
  }

  get findings(): FindingTally {
    return this.#tally;
  }

  get usage(): Usage | undefined {
    return this.#usage;
  }

  /** Of the event at the end of what came, which is not complete. */
  get partBytes(): number {
    return this.#partBytes;
  }

  /** Of events that are not complete or may not leave yet. */
  get heldBytes(): number {
    return this.#partBytes + this.#holdBack.heldBytes;
  }

  /** Edits made so far. */
  get redacted(): number {
    return this.#redacted;
  }

  push(chunk: Buffer): StreamVerdict {
    this.#partBytes += chunk.length;
    const bytes: Buffer[] = [];
    return this.#untilFault(bytes, () => this.#judge(this.#decoder.push(chunk), bytes));
  }

  /** The last decision, over the whole answer (audit-and-operations 2.4). */
  end(): StreamVerdict & { readonly decision: Decision | undefined } {
    const bytes: Buffer[] = [];
    const verdict = this.#untilFault(bytes, () => {
      const deny = this.#judge(this.#decoder.end(), bytes);
      return deny ?? this.#judgeRest(bytes);
    });
    return { ...verdict, decision: this.#decision };
  }

  /** What left before a fault leaves with it, however the bytes were cut. */
  #untilFault(bytes: readonly Buffer[], judge: () => Decision | undefined): StreamVerdict {
    try {
      return { bytes, deny: judge() };
    } catch (error) {
      if (error instanceof Fault) return { bytes, deny: undefined, fault: error };
      throw error;
    }
  }

  /** Adds what may leave to `bytes`, and gives the deny that ends the stream, if any. */
  #judge(events: readonly StreamEvent[], bytes: Buffer[]): Decision | undefined {
    for (const event of events) {
      this.#partBytes -= event.bytes.length;
      if (event.usage !== undefined) this.#usage = { ...this.#usage, ...event.usage };
      // A stream may break off at any time, and what it used until then is counted.
      this.#core.evidence.usage(event.usage);
      this.#core.knowledge.quotas?.ran(event);
      this.#finishReason = event.finishReason ?? this.#finishReason;
      const deny = this.#judgeEvent(event);
      if (deny !== undefined) return deny;
      if (!this.#waitsForEnd) this.#holdBack.release(this.#replace, bytes);
    }
    return undefined;
  }

  /** Judges what an event makes certain of texts and of calls. */
  #judgeEvent(event: StreamEvent): Decision | undefined {
    const found = this.#holdBack.push(event, this.#calls?.push(event));
    for (const finding of found) this.#tally.add(finding, "response");
    const isNews = found.length > 0 && !this.#waitsForEnd;
    return (isNews ? this.#evaluate() : undefined) ?? this.#judgeCalls(event.ends);
  }

  /** Judges the calls that are over, and gives the deny that ends the stream, if any. */
  #judgeCalls(ends: readonly string[]): Decision | undefined {
    if (this.#calls === undefined) return undefined;
    for (const call of this.#calls.take(ends)) {
      this.#called.push(call.name);
      const deny = judgeCall(this.#core, call);
      if (deny !== undefined) {
        this.#decision = deny;
        return deny;
      }
      call.isJudged = true;
    }
    return undefined;
  }

  #judgeRest(bytes: Buffer[]): Decision | undefined {
    for (const finding of this.#holdBack.end()) this.#tally.add(finding, "response");
    const ofCall = this.#judgeCalls([""]);
    if (ofCall !== undefined) return ofCall;
    this.#core.knowledge.response = {
      ...(this.#finishReason === undefined ? {} : { finishReason: this.#finishReason }),
      ...(this.#usage?.out === undefined ? {} : { outputTokens: this.#usage.out }),
      toolCalls: this.#called,
    };
    const deny = this.#evaluate();
    if (deny !== undefined) return deny;
    this.#holdBack.release(this.#replace, bytes);
    return undefined;
  }

  /** The deny that ends the stream, if there is one. */
  #evaluate(): Decision | undefined {
    const { snapshot, knowledge } = this.#core;
    if (snapshot === undefined) return undefined;
    const groups = [...knowledge.requestFindings.groups(), ...this.#tally.groups()];
    const decision = evaluateNow(this.#core, decisionInput(this.#core, "response", groups));
    this.#decision = decision;
    return this.#core.stops(decision) ? decision : undefined;
  }
}
