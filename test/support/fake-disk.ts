import type { SegmentDisk, SegmentFile } from "../../src/log/segment-file.ts";

/** Segments in memory, on a disk that can be told to fail. */
export class FakeDisk implements SegmentDisk {
  readonly segments = new Map<string, Buffer>();
  /** Bytes the disk takes before it is full; a write then ends short, the next one fails. */
  room = Number.POSITIVE_INFINITY;
  canCut = true;
  canCreate = true;
  canSync = true;

  create(path: string): SegmentFile {
    if (!this.canCreate) throw diskError("EROFS");
    const name = path.slice(path.lastIndexOf("/") + 1);
    this.segments.set(name, Buffer.alloc(0));
    return this.#file(name);
  }

  reopen(path: string): SegmentFile {
    return this.#file(path.slice(path.lastIndexOf("/") + 1));
  }

  /** All lines, those of checkpoints too. */
  lines(): readonly string[] {
    const text = [...this.segments.values()].map(String).join("");
    return text.split("\n").slice(0, -1);
  }

  /** All records. */
  records(): readonly Readonly<Record<string, unknown>>[] {
    const lines = this.lines().map((line) => JSON.parse(line) as Record<string, unknown>);
    return lines.filter((line) => line["kind"] !== undefined);
  }

  #file(name: string): SegmentFile {
    const syncNow = () => {
      if (!this.canSync) throw diskError("EIO");
    };
    return {
      write: (bytes) => {
        const taken = Math.min(bytes.length, this.room);
        if (taken === 0) throw diskError("ENOSPC");
        this.room -= taken;
        this.segments.set(name, Buffer.concat([this.#content(name), bytes.subarray(0, taken)]));
        return taken;
      },
      cut: (length) => {
        if (!this.canCut) throw diskError("EIO");
        this.room += this.#content(name).length - length;
        this.segments.set(name, this.#content(name).subarray(0, length));
      },
      sync: async () => syncNow(),
      syncNow,
      close() {},
    };
  }

  #content(name: string): Buffer {
    return this.segments.get(name) ?? Buffer.alloc(0);
  }
}

function diskError(code: string): Error {
  return Object.assign(new Error(code), { code });
}
