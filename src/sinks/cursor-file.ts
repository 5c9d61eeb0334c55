import { mkdir, open, readFile, rename } from "node:fs/promises";
import { dirname, join } from "node:path";
import type { Position } from "./log-source.ts";

/** Lines that a receiver does not take, as the cursor file names them. */
export interface Refusal {
  readonly log: string;
  readonly type: "record" | "checkpoint";
  readonly seq: number;
  /** Where it is not known which: up to this `seq`, `count` of them. */
  readonly to?: number;
  readonly count?: number;
  readonly at: string;
  readonly reason: string;
}

/** How far a sink is, in every log. */
export interface Cursors {
  readonly positions: ReadonlyMap<string, Position>;
  /** In the order in which they came. */
  readonly refused: readonly Refusal[];
}

/** The file of one sink (audit-and-operations 5). */
export class CursorFile {
  readonly path: string;

  constructor(stateDir: string, sink: string) {
    this.path = join(stateDir, "sinks", `${sink}.json`);
  }

  /**
   * What it says; undefined where there is none. Rejects where the disk does not say, or says what
   * was never written.
   */
  async read(): Promise<Cursors | undefined> {
    let text: string;
    try {
      text = await readFile(this.path, "utf8");
    } catch (error) {
      if (error instanceof Error && "code" in error && error.code === "ENOENT") return undefined;
      throw error;
    }
    return parse(JSON.parse(text), this.path);
  }

  /** Replaces it as a whole, on the disk when done. Rejects with what the disk says. */
  async write({ positions, refused }: Cursors): Promise<void> {
    const content = { format: 1, logs: Object.fromEntries(positions), refused };
    await mkdir(dirname(this.path), { recursive: true, mode: 0o700 });
    const draft = `${this.path}.draft`;
    {
      await using file = await open(draft, "w", 0o600);
      await file.writeFile(`${JSON.stringify(content)}\n`);
      await file.sync();
    }
    await rename(draft, this.path);
  }
}

function parse(value: unknown, path: string): Cursors {
  const { format, logs, refused } = (value ?? {}) as Record<string, unknown>;
  const isRead = format === 1 && isObject(logs) && Array.isArray(refused);
  if (!isRead || !Object.values(logs).every(isPosition)) {
    throw new Error(`expected cursors of format 1 in ${path}`);
  }
  return { positions: new Map(Object.entries(logs as Record<string, Position>)), refused };
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function isPosition(value: unknown): boolean {
  if (!isObject(value)) return false;
  return [value["segment"], value["byte"], value["seq"]].every(
    (count) => Number.isSafeInteger(count) && (count as number) >= 0,
  );
}
