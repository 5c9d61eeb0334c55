import { Fault } from "../base/index.ts";
import type { Decision, Usage } from "../domain/index.ts";
import { redactionFor, replacementOf } from "../effects/index.ts";
import {
  type AnswerStreamDecoder,
  type Format,
  openStreamOrJson,
  type StreamEvent,
} from "../formats/index.ts";
import { detectorFor } from "./classify-texts.ts";
import { decisionInput, type ExchangeCore, evaluateNow, waitsForEnd } from "./core.ts";
import type { Eventually } from "./deps.ts";
import { andThen, firstOf } from "./eventually.ts";
import { FindingTally } from "./finding-tally.ts";
import { HoldBack, type MethodOf, type Replace } from "./hold-back.ts";
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
  readonly #methodOf: MethodOf;
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
  #ready: Buffer[] = [];

  constructor(core: ExchangeCore, format: Format) {
    this.#core = core;
    core.knowledge.answerFindings = this.#tally;
    this.#calls = judgesTools(core) ? new OpenCalls() : undefined;
    this.#waitsForEnd = waitsForEnd(core);
    const readsCalls = this.#calls !== undefined || this.#waitsForEnd;
    this.#decoder = openStreamOrJson(format, core.deps.limits, readsCalls);
    this.#holdBack = new HoldBack(detectorFor(core, "response"), core.deps.limits.bodyBytesMax);
    const tokenOf = tokensOf(core);
    this.#methodOf = (finding, call) => {
      const redact = core.knowledge.isWatched ? undefined : this.#decision?.obligations.redact;
      const ofTool = call?.redactions;
      const scope = { place: "response", direction: "response", redact, ofTool } as const;
      return redactionFor(finding, scope)?.method;
    };
    this.#replace = (finding, value, call) => {
      const method = this.#methodOf(finding, call);
      if (method === undefined) return undefined;
      this.#redacted += 1;
      return replacementOf(finding, method, { value, tokenOf });
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

  /** What may leave already while a verdict is waited for. */
  get ready(): readonly Buffer[] {
    return this.#ready;
  }

  /** The next is to be asked for when the one before it is there. */
  push(chunk: Buffer): Eventually<StreamVerdict> {
    this.#partBytes += chunk.length;
    return this.#untilFault((bytes) => this.#judge(this.#decoder.push(chunk), bytes));
  }

  /** The last decision, over the whole answer (audit-and-operations 2.4). */
  end(): Eventually<StreamVerdict & { readonly decision: Decision | undefined }> {
    const judged = this.#untilFault((bytes) => {
      const events = this.#judge(this.#decoder.end(), bytes);
      return andThen(events, (deny) => deny ?? this.#judgeRest(bytes));
    });
    return andThen(judged, (verdict) => ({ ...verdict, decision: this.#decision }));
  }

  /** What left before a fault leaves with it, however the bytes were cut. */
  #untilFault(
    judge: (bytes: Buffer[]) => Eventually<Decision | undefined>,
  ): Eventually<StreamVerdict> {
    const bytes: Buffer[] = [];
    this.#ready = bytes;
    const failed = (error: unknown): StreamVerdict => {
      if (error instanceof Fault) return { bytes, deny: undefined, fault: error };
      throw error;
    };
    try {
      const judged = judge(bytes);
      if (!(judged instanceof Promise)) return { bytes, deny: judged };
      return judged.then((deny) => ({ bytes, deny }), failed);
    } catch (error) {
      return failed(error);
    }
  }

  /** Adds what may leave to `bytes`, and gives the deny that ends the stream, if any. */
  #judge(events: readonly StreamEvent[], bytes: Buffer[]): Eventually<Decision | undefined> {
    const release = (deny: Decision | undefined) => {
      const mayLeave = deny === undefined && !this.#waitsForEnd;
      if (mayLeave) this.#holdBack.release(this.#replace, bytes, this.#methodOf);
      return deny;
    };
    return firstOf(events, (event) => {
      this.#partBytes -= event.bytes.length;
      if (event.usage !== undefined) this.#usage = { ...this.#usage, ...event.usage };
      // A stream may break off at any time, and what it used until then is counted.
      this.#core.evidence.usage(event.usage);
      this.#core.knowledge.quotas?.ran(event);
      this.#finishReason = event.finishReason ?? this.#finishReason;
      return andThen(this.#judgeEvent(event), release);
    });
  }

  /** Judges what an event makes certain of texts and of calls. */
  #judgeEvent(event: StreamEvent): Eventually<Decision | undefined> {
    const found = this.#holdBack.push(event, this.#calls?.push(event));
    for (const finding of found) this.#tally.add(finding, "response");
    const isNews = found.length > 0 && !this.#waitsForEnd;
    return (isNews ? this.#evaluate() : undefined) ?? this.#judgeCalls(event.ends);
  }

  /** Judges the calls that are over, and gives the deny that ends the stream, if any. */
  #judgeCalls(ends: readonly string[]): Eventually<Decision | undefined> {
    if (this.#calls === undefined) return undefined;
    return firstOf(this.#calls.take(ends), (call) => {
      this.#called.push(call.name);
      return andThen(judgeCall(this.#core, call, call), ({ denied, redactions }) => {
        call.isJudged = denied === undefined;
        call.redactions = redactions;
        this.#decision = denied ?? this.#decision;
        return denied;
      });
    });
  }

  #judgeRest(bytes: Buffer[]): Eventually<Decision | undefined> {
    for (const finding of this.#holdBack.end()) this.#tally.add(finding, "response");
    return andThen(this.#judgeCalls([""]), (ofCall) => ofCall ?? this.#judgeEnd(bytes));
  }

  #judgeEnd(bytes: Buffer[]): Decision | undefined {
    this.#core.knowledge.response = {
      ...(this.#finishReason === undefined ? {} : { finishReason: this.#finishReason }),
      ...(this.#usage?.out === undefined ? {} : { outputTokens: this.#usage.out }),
      toolCalls: this.#called,
    };
    const deny = this.#evaluate();
    if (deny !== undefined) return deny;
    this.#holdBack.release(this.#replace, bytes, this.#methodOf);
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
