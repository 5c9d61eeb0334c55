import type { Decision, Usage } from "../domain/index.ts";
import { replacementFor } from "../effects/index.ts";
import type { AnswerStreamDecoder, Format, StreamEvent } from "../formats/index.ts";
import { evaluate } from "../policy/index.ts";
import { decisionInput, type ExchangeCore } from "./core.ts";
import { FindingTally } from "./finding-tally.ts";
import { HoldBack, type Replace } from "./hold-back.ts";

/** What may leave after a piece of a stream was judged. */
export interface StreamVerdict {
  readonly bytes: readonly Buffer[];
  /** The deny that ends the stream; nothing held may leave then. */
  readonly deny: Decision | undefined;
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
  #usage: Usage | undefined;

  constructor(core: ExchangeCore, format: Format) {
    this.#core = core;
    this.#decoder = format.openAnswerStream(core.deps.limits);
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

  get heldBytes(): number {
    return this.#holdBack.heldBytes;
  }

  /** Edits made so far. */
  get redacted(): number {
    return this.#redacted;
  }

  push(chunk: Buffer): StreamVerdict {
    return this.#judge(this.#decoder.push(chunk));
  }

  /** The last decision, over the whole answer (audit-and-operations 2.4). */
  end(): StreamVerdict & { readonly decision: Decision | undefined } {
    const rest = this.#judge(this.#decoder.end());
    if (rest.deny !== undefined) return { ...rest, decision: rest.deny };
    const isNew = this.#holdBack.end();
    for (const finding of isNew) this.#tally.add(finding, "response");
    this.#evaluate();
    if (this.#decision?.outcome === "deny") {
      return { bytes: rest.bytes, deny: this.#decision, decision: this.#decision };
    }
    const last = this.#holdBack.release(this.#replace);
    return { bytes: [...rest.bytes, ...last], deny: undefined, decision: this.#decision };
  }

  #judge(events: readonly StreamEvent[]): StreamVerdict {
    const bytes: Buffer[] = [];
    for (const event of events) {
      if (event.usage !== undefined) this.#usage = { ...this.#usage, ...event.usage };
      const found = this.#holdBack.push(event);
      if (found.length > 0) {
        for (const finding of found) this.#tally.add(finding, "response");
        this.#evaluate();
        if (this.#decision?.outcome === "deny") return { bytes, deny: this.#decision };
      }
      for (const released of this.#holdBack.release(this.#replace)) bytes.push(released);
    }
    return { bytes, deny: undefined };
  }

  #evaluate(): void {
    const { snapshot, knowledge } = this.#core;
    if (snapshot === undefined) return;
    const groups = [...knowledge.requestFindings.groups(), ...this.#tally.groups()];
    this.#decision = evaluate(snapshot, decisionInput(this.#core, "response", groups));
  }
}
