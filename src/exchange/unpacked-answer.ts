import { Fault } from "../base/index.ts";
import type { Refusal } from "../domain/index.ts";
import type { ContentDecoder } from "../formats/index.ts";
import type { Answer } from "./answer.ts";
import type { ExchangeCore } from "./core.ts";

const nothing = Buffer.alloc(0);

/**
 * An answer that comes packed and leaves plain: each piece is unpacked as it comes, so that a stream
 * runs on. Data that is corrupt or has no end is a fault before anything of it has left.
 */
export class UnpackedAnswer implements Answer {
  readonly #core: ExchangeCore;
  readonly #plain: Answer;
  readonly #decoder: ContentDecoder;
  #isOver = false;

  /** Takes over both; `plain` is told the body without its codings. */
  constructor(core: ExchangeCore, plain: Answer, decoder: ContentDecoder) {
    this.#core = core;
    this.#plain = plain;
    this.#decoder = decoder;
  }

  headers(isLast: boolean): void {
    this.#plain.headers(isLast);
  }

  body(bytes: Buffer, isWhole: boolean, isLast: boolean): void {
    const unpacked = isWhole ? this.#unpackLast(bytes) : this.#decoder.push(bytes);
    this.#whenUnpacked(unpacked, (plain) => this.#plain.body(plain, isWhole, isLast));
  }

  trailers(): void {
    this.#whenUnpacked(this.#decoder.end(), (rest) => {
      if (rest.length > 0) this.#passRest(rest);
      this.#plain.trailers();
    });
  }

  get isRunning(): boolean {
    return this.#plain.isRunning ?? false;
  }

  cut(refusal: Refusal, record: () => void): boolean {
    const isCut = this.#plain.cut(refusal, record);
    if (isCut) this.release();
    return isCut;
  }

  release(): void {
    this.#isOver = true;
    this.#decoder.close();
  }

  /** An answer that was cut meanwhile neither goes on nor fails, but later events are heard again. */
  #whenUnpacked(unpacked: Promise<Buffer>, goOn: (plain: Buffer) => void): void {
    const settled = unpacked.catch((error: unknown) => {
      if (this.#isOver) return nothing;
      throw error;
    });
    this.#core.whenReady(settled, (plain) => {
      if (!this.#isOver) goOn(plain);
    });
  }

  async #unpackLast(bytes: Buffer): Promise<Buffer> {
    const last = await this.#decoder.push(bytes);
    const rest = await this.#decoder.end();
    return rest.length === 0 ? last : Buffer.concat([last, rest]);
  }

  #passRest(rest: Buffer): void {
    if (this.#core.responseMode !== "FULL_DUPLEX_STREAMED") {
      throw new Fault("trailers_after_hold", "expected the end of the body before its trailers");
    }
    this.#plain.body(rest, false, false);
  }
}
