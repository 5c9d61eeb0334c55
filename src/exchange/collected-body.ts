import { Fault } from "../base/index.ts";
import type { ExchangeCore } from "./core.ts";

const nothing = Buffer.alloc(0);

/** A body that is held until it is whole; what it holds counts as held by its exchange. */
export class CollectedBody {
  readonly #core: Pick<ExchangeCore, "deps" | "hold">;
  #chunks: Buffer[] = [];
  #bytes = 0;

  constructor(core: Pick<ExchangeCore, "deps" | "hold">) {
    this.#core = core;
  }

  get isEmpty(): boolean {
    return this.#bytes === 0;
  }

  /**
   * Takes a piece, also where it is one too many.
   * @throws Fault body_too_large, held_bytes_exceeded
   */
  add(bytes: Buffer): void {
    if (bytes.length === 0) return;
    this.#chunks.push(bytes);
    const { bodyBytesMax } = this.#core.deps.limits;
    if (this.#bytes + bytes.length > bodyBytesMax) {
      throw new Fault("body_too_large", `expected at most ${bodyBytesMax} bytes of body`);
    }
    this.#bytes += bytes.length;
    this.#core.hold(bytes.length);
  }

  /** All that has come, in one piece. */
  read(): Buffer {
    const [only = nothing] = this.#chunks;
    if (this.#chunks.length <= 1) return only;
    const whole = Buffer.concat(this.#chunks);
    this.#chunks = [whole];
    return whole;
  }

  /** Gives up what it holds. */
  release(): void {
    this.#core.hold(-this.#bytes);
    this.#bytes = 0;
    this.#chunks = [];
  }
}
