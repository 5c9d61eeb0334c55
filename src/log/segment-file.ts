import { closeSync, fdatasyncSync, ftruncateSync, openSync, writeSync } from "node:fs";

/** One open segment, as the log uses it. All calls are synchronous and throw what the disk says. */
export interface SegmentFile {
  /** Adds bytes at the end and returns how many got there, which may be fewer. */
  write(bytes: Uint8Array): number;
  /** Takes everything beyond `length` bytes away. */
  cut(length: number): void;
  sync(): void;
  close(): void;
}

/** Creates segments, as a port; a path that exists is an error. */
export type CreateSegment = (path: string) => SegmentFile;

/** A segment on the local disk, readable by its owner only. */
export const createDiskSegment: CreateSegment = (path) =>
  new DiskSegment(openSync(path, "ax", 0o600));

/** Owns its descriptor, which must be open for appending. */
export class DiskSegment implements SegmentFile {
  readonly #descriptor: number;

  constructor(descriptor: number) {
    this.#descriptor = descriptor;
  }

  write(bytes: Uint8Array): number {
    return writeSync(this.#descriptor, bytes);
  }

  cut(length: number): void {
    ftruncateSync(this.#descriptor, length);
  }

  sync(): void {
    fdatasyncSync(this.#descriptor);
  }

  close(): void {
    closeSync(this.#descriptor);
  }
}
