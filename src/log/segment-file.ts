import {
  closeSync,
  fdatasync,
  fdatasyncSync,
  fsyncSync,
  ftruncateSync,
  openSync,
  writeSync,
} from "node:fs";
import { dirname } from "node:path";

/** One open segment, as the log uses it. Calls throw, or reject with, what the disk says. */
export interface SegmentFile {
  /** Adds bytes at the end and returns how many got there, which may be fewer. */
  write(bytes: Uint8Array): number;
  /** Takes everything beyond `length` bytes away. */
  cut(length: number): void;
  /** Done once what was written before is on the disk; does not hold up the thread. */
  sync(): Promise<void>;
  /** The same at once. */
  syncNow(): void;
  /** Once a sync that is under way has come back. */
  close(): void;
}

/** Where segments are, as a port. */
export interface SegmentDisk {
  /** A path that exists is an error. */
  create(path: string): SegmentFile;
  /** Goes on behind the bytes that are there. */
  reopen(path: string): SegmentFile;
}

/** Segments on the local disk, readable by their owner only. */
export const localDisk: SegmentDisk = {
  create(path) {
    const file = new DiskSegment(openSync(path, "ax", 0o600));
    // A power cut must not take the name away from what is synced under it.
    syncFolder(dirname(path));
    return file;
  },
  reopen: (path) => new DiskSegment(openSync(path, "a", 0o600)),
};

/** Owns its descriptor, which must be open for appending. */
export class DiskSegment implements SegmentFile {
  readonly #descriptor: number;
  #syncs = 0;
  #isClosed = false;

  constructor(descriptor: number) {
    this.#descriptor = descriptor;
  }

  write(bytes: Uint8Array): number {
    return writeSync(this.#descriptor, bytes);
  }

  cut(length: number): void {
    ftruncateSync(this.#descriptor, length);
  }

  sync(): Promise<void> {
    this.#syncs += 1;
    return new Promise((resolve, reject) => {
      fdatasync(this.#descriptor, (error) => {
        this.#syncs -= 1;
        this.#closeIfDue();
        if (error === null) resolve();
        else reject(error);
      });
    });
  }

  syncNow(): void {
    fdatasyncSync(this.#descriptor);
  }

  close(): void {
    this.#isClosed = true;
    this.#closeIfDue();
  }

  /** The descriptor's number may be given to another file as soon as it is closed. */
  #closeIfDue(): void {
    if (this.#isClosed && this.#syncs === 0) closeSync(this.#descriptor);
  }
}

/** Makes the names in a folder as durable as the files they name. */
export function syncFolder(path: string): void {
  const descriptor = openSync(path, "r");
  try {
    fsyncSync(descriptor);
  } finally {
    closeSync(descriptor);
  }
}
