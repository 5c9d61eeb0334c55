import { Fault } from "../base/index.ts";
import type { ToolCall } from "../domain/index.ts";
import type { ToolRedactions } from "../effects/index.ts";
import type { StreamEvent } from "../formats/index.ts";

/** Calls of one stream; no model makes more in one answer. */
const callsMax = 1024;

/** A call as far as it has come; events that carry it wait until it is judged. */
export interface OpenCall {
  readonly key: string;
  isJudged: boolean;
  /** An event that carries something of it has left. */
  hasLeft: boolean;
  /** What is to be done to its arguments; undefined where they stay. */
  redactions: ToolRedactions | undefined;
}

/** A call that is complete. */
export type ClosedCall = OpenCall & Pick<ToolCall, "args" | "name">;

interface JoinedCall extends OpenCall {
  name: string;
  args: string;
}

/** Joins the calls of tools that are spread over the events of a stream. */
export class OpenCalls {
  readonly #open = new Map<string, JoinedCall>();
  #count = 0;

  /** The calls that an event adds to, one for each of its `calls`. */
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
  take(ends: readonly string[]): readonly ClosedCall[] {
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
    const call = {
      ...{ key, name: "", args: "" },
      ...{ isJudged: false, hasLeft: false, redactions: undefined },
    };
    this.#open.set(key, call);
    return call;
  }
}
