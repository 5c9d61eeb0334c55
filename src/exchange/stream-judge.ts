import { Fault } from "../base/index.ts";
import type { Decision, Usage } from "../domain/index.ts";
import { replacementFor } from "../effects/index.ts";
import {
  type AnswerStreamDecoder,
  type Format,
  openStreamOrJson,
  type StreamEvent,
} from "../formats/index.ts";
import { evaluate } from "../policy/index.ts";
import { decisionInput, type ExchangeCore } from "./core.ts";
import { FindingTally } from "./finding-tally.ts";
import { HoldBack, type Replace } from "./hold-back.ts";

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
  #decision: Decision | undefined;
  #redacted = 0;
  #partBytes = 0;
  #usage: Usage | undefined;

  constructor(core: ExchangeCore, format: Format) {
    this.#core = core;
    this.#decoder = openStreamOrJson(format, core.deps.limits);
    this.#holdBack = new HoldBack(core.deps.detector, core.deps.limits.bodyBytesMax);
    this.#replace = (finding) => {
      const redact = this.#decision?.obligations.redact;
      const replacement = replacementFor(finding, "response", "response", redact);
      if (replacement !== undefined) this.#redacted += 1;
      return replacement;
    };
  }

  get findings(): FindingTally {
    return this.#tally;
  }

  get usage(): Usage | undefined {
    return this.#usage;
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
      const found = this.#holdBack.push(event);
      if (found.length > 0) {
        for (const finding of found) this.#tally.add(finding, "response");
        this.#evaluate();
        if (this.#decision?.outcome === "deny") return this.#decision;
      }
      this.#holdBack.release(this.#replace, bytes);
    }
    return undefined;
  }

  #judgeRest(bytes: Buffer[]): Decision | undefined {
    for (const finding of this.#holdBack.end()) this.#tally.add(finding, "response");
    this.#evaluate();
    if (this.#decision?.outcome === "deny") return this.#decision;
    this.#holdBack.release(this.#replace, bytes);
    return undefined;
  }

  #evaluate(): void {
    const { snapshot, knowledge } = this.#core;
    if (snapshot === undefined) return;
    const groups = [...knowledge.requestFindings.groups(), ...this.#tally.groups()];
    this.#decision = evaluate(snapshot, decisionInput(this.#core, "response", groups));
  }
}
