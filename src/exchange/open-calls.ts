import { Fault } from "../base/index.ts";
import type { ToolCall } from "../domain/index.ts";
import type { StreamEvent } from "../formats/index.ts";

/** Calls of one stream; no model makes more in one answer. */
const callsMax = 1024;

/** A call as far as it has come; events that carry it wait until it is judged. */
export interface OpenCall {
  readonly key: string;
  isJudged: boolean;
}

interface JoinedCall extends OpenCall {
  name: string;
  args: string;
}

/** Joins the calls of tools that are spread over the events of a stream. */
export class OpenCalls {
  readonly #open = new Map<string, JoinedCall>();
  #count = 0;

  /** The calls that an event adds to. */
  push(event: StreamEvent): readonly OpenCall[] {
    return event.calls.map(({ args, key, name }) => {
      const call = this.#of(key);
      // Joined as clients join them; a server that says the whole name again means the same.
      if (name !== undefined && name !== call.name) call.name += name;
      call.args += args ?? "";
      return call;
    });
  }

  /** Calls that are over with these keys, in the order they began. Whoever takes one judges it. */
  take(ends: readonly string[]): readonly (OpenCall & ToolCall)[] {
    if (this.#open.size === 0) return [];
    const over = [...this.#open.values()].filter(({ key }) =>
      ends.some((prefix) => key.startsWith(prefix)),
    );
    for (const { key } of over) this.#open.delete(key);
    return over;
  }

  #of(key: string): JoinedCall {
    const known = this.#open.get(key);
    if (known !== undefined) return known;
    this.#count += 1;
    if (this.#count > callsMax) {
      throw new Fault("json_too_many_keys", `expected at most ${callsMax} calls in one stream`);
    }
    const call = { key, name: "", args: "", isJudged: false };
    this.#open.set(key, call);
    return call;
  }
}
