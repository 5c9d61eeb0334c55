import type { LogFiles } from "../../src/evidence/index.ts";

/** Files in memory, by path, as the evidence reads them. */
export class MemoryFiles implements LogFiles {
  readonly files: Map<string, Buffer>;

  constructor(files: ReadonlyMap<string, Buffer> = new Map()) {
    this.files = new Map(files);
  }

  list(folder: string): readonly string[] {
    const start = folder === "" ? "" : `${folder}/`;
    const names = [...this.files.keys()]
      .filter((path) => path.startsWith(start))
      .map((path) => path.slice(start.length).split("/")[0] ?? "");
    return [...new Set(names)];
  }

  read(path: string, offset: number, into: Uint8Array): number | undefined {
    const bytes = this.files.get(path);
    if (bytes === undefined) return undefined;
    const part = bytes.subarray(offset, offset + into.length);
    into.set(part);
    return part.length;
  }

  put(path: string, content: string | Uint8Array): void {
    this.files.set(path, Buffer.from(content));
  }

  get(path: string): Buffer {
    const bytes = this.files.get(path);
    if (bytes === undefined) throw new Error(`expected ${path}, found ${[...this.files.keys()]}`);
    return bytes;
  }

  text(path: string): string {
    return this.get(path).toString("utf8");
  }

  /** The same files, to be changed apart. */
  copy(): MemoryFiles {
    return new MemoryFiles(this.files);
  }

  /** Adds a folder of files. */
  putBelow(folder: string, { files }: MemoryFiles): void {
    for (const [path, bytes] of files) this.files.set(`${folder}/${path}`, bytes);
  }
}
