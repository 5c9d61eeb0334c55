import {
  constants,
  createBrotliDecompress,
  createGunzip,
  createInflate,
  createInflateRaw,
  createZstdDecompress,
  type Gunzip,
} from "node:zlib";
import { Fault } from "../base/index.ts";
import {
  brotliParams,
  framesMax,
  type Packing,
  packingOf,
  toInvalid,
  zstdParams,
} from "./content-encoding.ts";

const nothing = Buffer.alloc(0);

/** Throws where more was made than may be: in all, and of the piece at hand. */
export type Guard = (madeBytes: number, madeNow: number) => void;

/** How the library says that it is done, or why not. */
type Done = (error?: Error | null) => void;

/** What all decompressors of the library have. */
type Engine = Pick<Gunzip, "bytesWritten" | "destroy" | "end" | "on" | "read" | "write">;

/**
 * Undoes one coding piece by piece. The library decompresses beside the event loop and stops at a
 * full buffer, so a bomb is met a buffer at a time. One call at a time.
 */
export class Unpacker {
  readonly #coding: string;
  readonly #guard: Guard;
  #engine: Engine | undefined;
  #packing: Packing | undefined;
  #engines = 0;
  /** Too little to tell by which packing it is meant. */
  #start: Buffer = nothing;
  #made: Buffer[] = [];
  #madeNow = 0;
  #madeBytes = 0;
  #fail: ((fault: Fault) => void) | undefined;

  constructor(coding: string, guard: Guard) {
    this.#coding = coding;
    this.#guard = guard;
  }

  async push(piece: Buffer): Promise<Buffer> {
    this.#madeNow = 0;
    let rest = this.#start.length === 0 ? piece : Buffer.concat([this.#start, piece]);
    this.#start = nothing;
    if (this.#packing === undefined && rest.length < 2) {
      this.#start = rest;
      return nothing;
    }
    while (rest.length > 0) {
      const engine = this.#engine ?? this.#open(rest);
      const before = engine.bytesWritten;
      await this.#untilDone(engine, (done) => engine.write(rest, done));
      rest = rest.subarray(engine.bytesWritten - before);
      // Only zstd data may be followed by more of it that the library does not go on with.
      if (rest.length > 0) this.#drop(engine);
    }
    return this.#take();
  }

  /** Throws where the packed data has no end. */
  async end(): Promise<Buffer> {
    this.#madeNow = 0;
    if (this.#start.length > 0) throw toInvalid(this.#coding);
    const engine = this.#engine;
    if (engine === undefined) return nothing;
    await this.#untilDone(engine, (done) => {
      engine.on("end", () => done());
      engine.end();
      // Reading is what makes an empty engine notice its end.
      this.#drain(engine);
    });
    return this.#take();
  }

  /** A call under way rejects. */
  close(): void {
    this.#engine?.destroy();
    this.#engine = undefined;
    this.#fail?.(toInvalid(this.#coding));
  }

  #open(start: Buffer): Engine {
    this.#packing ??= packingOf(this.#coding, start);
    const isLegal = this.#engines === 0 || this.#packing === "zstd";
    if (!isLegal || this.#engines >= framesMax) throw toInvalid(this.#coding);
    this.#engines += 1;
    const engine = createEngine(this.#packing);
    engine.on("readable", () => this.#drain(engine));
    engine.on("error", (cause: Error) => this.#fail?.(toInvalid(this.#coding, cause)));
    this.#engine = engine;
    return engine;
  }

  #drop(engine: Engine): void {
    engine.destroy();
    this.#engine = undefined;
  }

  /** Runs until `start` has called its argument; what was made until then is taken out first. */
  #untilDone(engine: Engine, start: (done: Done) => void): Promise<void> {
    return new Promise<void>((resolve, reject) => {
      this.#fail = reject;
      start((error) => {
        if (error) return reject(toInvalid(this.#coding, error));
        this.#drain(engine);
        resolve();
      });
    });
  }

  #drain(engine: Engine): void {
    for (let part = engine.read(); part !== null; part = engine.read()) {
      const bytes = part as Buffer;
      this.#madeNow += bytes.length;
      this.#madeBytes += bytes.length;
      this.#made.push(bytes);
      try {
        this.#guard(this.#madeBytes, this.#madeNow);
      } catch (error) {
        if (!(error instanceof Fault)) throw error;
        this.#made = [];
        engine.destroy();
        this.#fail?.(error);
        return;
      }
    }
  }

  #take(): Buffer {
    const made = this.#made;
    this.#made = [];
    const [only = nothing] = made;
    return made.length <= 1 ? only : Buffer.concat(made);
  }
}

/** Each gives out all it can after each write. */
function createEngine(packing: Packing): Engine {
  const flush = constants.Z_SYNC_FLUSH;
  switch (packing) {
    case "gzip":
      return createGunzip({ flush });
    case "zlib":
      return createInflate({ flush });
    case "deflate":
      return createInflateRaw({ flush });
    case "br":
      return createBrotliDecompress({ params: brotliParams });
    case "zstd":
      return createZstdDecompress({ params: zstdParams });
  }
}
