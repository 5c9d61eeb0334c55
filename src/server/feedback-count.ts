import { open } from "node:fs/promises";
import { join } from "node:path";

/** Marks of reviewers, in the state directory. */
export const feedbackFile = "feedback.jsonl";

/** Read at most at once; what is more is counted by the next scrapes. */
const readBytesMax = 1_048_576;

const kindOfMark = /"kind":"([a-z_]+)"/;

/** Counts the marks in a file that others append to, each once. */
export class FeedbackCount {
  readonly #path: string;
  readonly #counts = new Map<string, number>();
  /** Bytes of the file that are counted. */
  #counted = 0;
  #reading: Promise<void> | undefined;

  constructor(stateDir: string) {
    this.#path = join(stateDir, feedbackFile);
  }

  /** Marks by kind. */
  async read(): Promise<ReadonlyMap<string, number>> {
    this.#reading ??= this.#readOn().finally(() => {
      this.#reading = undefined;
    });
    await this.#reading;
    return this.#counts;
  }

  async #readOn(): Promise<void> {
    const file = await open(this.#path, "r").catch(() => undefined);
    // Nobody has marked anything yet, or the file is not ours to read: either way there is no more to count.
    if (file === undefined) return;
    try {
      const { size } = await file.stat();
      // A file that became shorter is another one; what was counted of the former stays counted.
      if (size < this.#counted) this.#counted = 0;
      const buffer = Buffer.alloc(Math.min(readBytesMax, size - this.#counted));
      const { bytesRead } = await file.read(buffer, 0, buffer.length, this.#counted);
      const end = buffer.subarray(0, bytesRead).lastIndexOf(0x0a) + 1;
      // As many bytes without the end of a line are no marks.
      this.#counted += end === 0 && bytesRead === readBytesMax ? bytesRead : end;
      for (const line of buffer.toString("utf8", 0, end).split("\n")) this.#count(line);
    } finally {
      await file.close();
    }
  }

  #count(line: string): void {
    const kind = kindOfMark.exec(line)?.[1];
    if (kind !== undefined) this.#counts.set(kind, (this.#counts.get(kind) ?? 0) + 1);
  }
}
