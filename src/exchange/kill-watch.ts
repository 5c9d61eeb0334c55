import type { Decision } from "../domain/index.ts";
import type { KillSwitches } from "../policy/index.ts";
import { decisionInput, type ExchangeCore, evaluateNow } from "./core.ts";

/**
 * The deny by which a kill switch with `stopStreams` ends the answer of a request that was passed on; undefined
 * where none does, or where the end of the exchange is on record already.
 */
function killedBy(core: ExchangeCore): Decision | undefined {
  const { evidence, knowledge, snapshot } = core;
  const isPassed = knowledge.permit !== undefined || knowledge.isWatched;
  if (!isPassed || snapshot === undefined) return undefined;
  if (!evidence.hasFirst || evidence.isComplete) return undefined;
  const groups = knowledge.requestFindings.groups();
  const decision = evaluateNow(core, decisionInput(core, "response", groups));
  return decision.reason === "kill_switch" ? decision : undefined;
}

/** Notices kill switches that come while an answer does. */
export class KillWatch {
  readonly #core: ExchangeCore;
  readonly #unwatch: (() => void) | undefined;
  /** Those last looked at. */
  #seen: KillSwitches | undefined;

  /** `changed` is called after every change, until the watch is closed. */
  constructor(core: ExchangeCore, changed: () => void) {
    this.#core = core;
    this.#seen = core.deps.killSwitches?.current;
    this.#unwatch = core.deps.killSwitches?.watch(changed);
  }

  /** The deny that ends the answer (policy-model 6), asked once after each change. */
  news(): Decision | undefined {
    const current = this.#core.deps.killSwitches?.current;
    if (current === this.#seen) return undefined;
    this.#seen = current;
    return killedBy(this.#core);
  }

  close(): void {
    this.#unwatch?.();
  }
}
