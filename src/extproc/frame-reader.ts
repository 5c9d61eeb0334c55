import { Fault } from "../base/index.ts";

/** Compressed flag and message length, big-endian (gRPC over HTTP/2, "Length-Prefixed-Message"). */
export const framePrefixBytes = 5;

/** Chunks below this are gathered into blocks, so that tiny DATA frames cost their own size only. */
const smallChunkBytes = 1024;
const blockBytesMax = 16 * 1024;

const nothing: Buffer = Buffer.alloc(0);

/** Bytes waiting in all readers of one server, so that many unfinished messages have a bound too. */
export interface BufferedBytes {
  bytes: number;
  readonly bytesMax: number;
}

/**
 * Cuts the DATA of one stream into gRPC messages. A message that came whole is a view into its
 * chunk; one that came in parts is joined once, when its last byte is here.
 */
export class FrameReader {
  readonly #messageBytesMax: number;
  readonly #buffered: BufferedBytes;
  /** What has come and is not cut yet; empty while a message is being gathered. */
  #chunk: Buffer = nothing;
  #offset = 0;
  /** The message being gathered, prefix included. The last part may be a block with room. */
  #parts: Buffer[] = [];
  #partsBytes = 0;
  #blockUsed = -1;
  /** Bytes until the next step: the prefix, then prefix and message. */
  #needBytes = framePrefixBytes;

  constructor(messageBytesMax: number, buffered: BufferedBytes) {
    this.#messageBytesMax = messageBytesMax;
    this.#buffered = buffered;
  }

  /** Bytes that belong to no complete message yet. */
  get pendingBytes(): number {
    return this.#chunk.length - this.#offset + this.#partsBytes;
  }

  /** Pieces the unfinished message is kept in: each costs an object beside its bytes. */
  get pendingParts(): number {
    return this.#parts.length;
  }

  /** Takes the next DATA; everything `next` had to give must have been taken. */
  push(chunk: Buffer): void {
    if (this.#partsBytes === 0) {
      this.#chunk = chunk;
      this.#offset = 0;
    } else if (this.#partsBytes + chunk.length < this.#needBytes) {
      this.#gather(chunk);
    } else {
      this.#join(chunk);
    }
  }

  /**
   * The next message without its prefix, or undefined until more is pushed. Throws a `Fault`
   * (`message_too_large`, `message_compressed`, `held_bytes_exceeded`) as soon as the prefix or the
   * bound tells, whatever has come of the message; the reader is of no use after that.
   */
  next(): Buffer | undefined {
    const availableBytes = this.#chunk.length - this.#offset;
    if (availableBytes === 0) return undefined;
    if (availableBytes >= framePrefixBytes) {
      const messageBytes = this.#readPrefix();
      if (availableBytes >= framePrefixBytes + messageBytes) {
        const start = this.#offset + framePrefixBytes;
        this.#offset = start + messageBytes;
        return this.#chunk.subarray(start, this.#offset);
      }
      this.#needBytes = framePrefixBytes + messageBytes;
    } else {
      this.#needBytes = framePrefixBytes;
    }
    const rest = this.#chunk.subarray(this.#offset);
    this.#chunk = nothing;
    this.#offset = 0;
    this.#gather(rest);
    return undefined;
  }

  /** Frees what was gathered; nothing may be asked of the reader after that. */
  release(): void {
    this.#buffered.bytes -= this.#partsBytes;
    this.#parts = [];
    this.#partsBytes = 0;
    this.#chunk = nothing;
    this.#offset = 0;
  }

  #readPrefix(): number {
    const flag = this.#chunk[this.#offset];
    const messageBytes = this.#chunk.readUInt32BE(this.#offset + 1);
    if (flag !== 0) {
      throw new Fault("message_compressed", `expected an uncompressed message, found flag ${flag}`);
    }
    if (messageBytes > this.#messageBytesMax) {
      throw new Fault(
        "message_too_large",
        `expected at most ${this.#messageBytesMax} bytes, found ${messageBytes}`,
      );
    }
    return messageBytes;
  }

  #gather(chunk: Buffer): void {
    this.#partsBytes += chunk.length;
    this.#buffered.bytes += chunk.length;
    if (this.#buffered.bytes > this.#buffered.bytesMax) {
      throw new Fault(
        "held_bytes_exceeded",
        `expected at most ${this.#buffered.bytesMax} bytes of unfinished messages`,
      );
    }
    if (chunk.length < smallChunkBytes) {
      this.#gatherSmall(chunk);
    } else {
      this.#closeBlock();
      this.#parts.push(chunk);
    }
  }

  #gatherSmall(chunk: Buffer): void {
    let from = 0;
    while (from < chunk.length) {
      let block = this.#parts.at(-1);
      if (block === undefined || this.#blockUsed < 0 || this.#blockUsed === block.length) {
        const wanted = Math.max(smallChunkBytes, this.#partsBytes);
        block = Buffer.allocUnsafeSlow(Math.min(wanted, blockBytesMax));
        this.#closeBlock();
        this.#parts.push(block);
        this.#blockUsed = 0;
      }
      const copied = chunk.copy(block, this.#blockUsed, from);
      this.#blockUsed += copied;
      from += copied;
    }
  }

  #closeBlock(): void {
    const last = this.#parts.length - 1;
    const block = this.#parts[last];
    if (this.#blockUsed >= 0 && block !== undefined) {
      this.#parts[last] = block.subarray(0, this.#blockUsed);
    }
    this.#blockUsed = -1;
  }

  /** Joins what was gathered with as much of `chunk` as makes the next step. */
  #join(chunk: Buffer): void {
    this.#closeBlock();
    this.#parts.push(chunk);
    this.#chunk = Buffer.concat(this.#parts, this.#partsBytes + chunk.length);
    this.#offset = 0;
    this.#buffered.bytes -= this.#partsBytes;
    this.#parts = [];
    this.#partsBytes = 0;
  }
}
