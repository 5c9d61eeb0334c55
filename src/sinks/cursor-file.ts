import { join } from "node:path";
import type { Position } from "./log-source.ts";
import { readWhole, replaceWhole } from "./whole-file.ts";

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
    const text = await readWhole(this.path);
    return text === undefined ? undefined : parse(JSON.parse(text), this.path);
  }

  /** Replaces it as a whole, on the disk when done. Rejects with what the disk says. */
  async write({ positions, refused }: Cursors): Promise<void> {
    const content = { format: 1, logs: Object.fromEntries(positions), refused };
    await replaceWhole(this.path, `${JSON.stringify(content)}\n`);
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
