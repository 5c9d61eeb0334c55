import { mkdirSync, readdirSync } from "node:fs";
import { join } from "node:path";
import type { Clock } from "../base/index.ts";
import { consistencyProof, parseNote, type RootSigner, signAsRoot } from "../signing/index.ts";
import type { Anchor } from "./anchor.ts";
import type { DurableMark } from "./committer.ts";
import { isMissing, readIfThere, replaceFile } from "./durable-file.ts";
import type { LogObserver } from "./log-observer.ts";
import type { LogTree } from "./log-tree.ts";
import { padSize, seqOfName } from "./segment-name.ts";

/** A checkpoint goes out at whichever comes first (audit-and-operations 4.6). */
const anchorMicros = 60_000_000;
const anchorRecords = 100_000;
/** An anchor that has not answered by then has not taken it. */
const publishMs = 10_000;

const folderName = "anchors";

interface AnchorState {
  readonly anchor: Anchor;
  /** The size it took last, by any process; 0 for none. */
  size: number;
  tookMicros: number | undefined;
  /** When it was last asked; undefined: not by this process. */
  askedMicros: number | undefined;
  running: Promise<void> | undefined;
}

/** Brings durable checkpoints to the anchors of a log. It never holds anything up. */
export class Anchoring {
  readonly #parts: AnchoringParts;
  readonly #states: readonly AnchorState[];

  constructor(parts: AnchoringParts) {
    this.#parts = parts;
    this.#states = parts.anchors.map((anchor) => ({
      anchor,
      size: anchoredSizes(parts.path, anchor.name).at(-1) ?? 0,
      tookMicros: undefined,
      askedMicros: undefined,
      running: undefined,
    }));
  }

  /** Seconds since each anchor took a checkpoint from this process. */
  ages(): ReadonlyMap<string, number | undefined> {
    const now = this.#parts.clock.monotonicMicros();
    return new Map(
      this.#states.map(({ anchor, tookMicros }) => [
        anchor.name,
        tookMicros === undefined ? undefined : (now - tookMicros) / 1e6,
      ]),
    );
  }

  /** Sends what is due to whoever is not being asked already. */
  look(mark: DurableMark): void {
    const now = this.#parts.clock.monotonicMicros();
    for (const state of this.#states) {
      if (state.running !== undefined || mark.checkpoint.size <= state.size) continue;
      const isTime = state.askedMicros === undefined || now - state.askedMicros >= anchorMicros;
      const isMuch = state.size > 0 && mark.checkpoint.size - state.size >= anchorRecords;
      // What failed rests until its time comes, however much there is.
      const hasFailed = state.askedMicros !== undefined && state.askedMicros !== state.tookMicros;
      if (isTime || (isMuch && !hasFailed)) this.#send(state, mark, now);
    }
  }

  /** Sends the last checkpoint to all, and waits for them until the signal says so. */
  async finish(mark: DurableMark, until: AbortSignal): Promise<void> {
    const now = this.#parts.clock.monotonicMicros();
    const publishing = this.#states.map(async (state) => {
      await state.running;
      if (mark.checkpoint.size > state.size) this.#send(state, mark, now, until);
      await state.running;
    });
    const over = new Promise<void>((resolve) => {
      until.addEventListener("abort", () => resolve(), { once: true });
    });
    await Promise.race([Promise.all(publishing), over]);
  }

  #send(state: AnchorState, mark: DurableMark, now: number, until?: AbortSignal): void {
    state.askedMicros = now;
    const timeout = AbortSignal.timeout(publishMs);
    const signal = until === undefined ? timeout : AbortSignal.any([timeout, until]);
    state.running = this.#publish(state, mark, signal)
      .then(
        () => {
          state.tookMicros = now;
        },
        (error) => this.#parts.observer.anchorFailed(state.anchor.name, error),
      )
      .then(() => {
        state.running = undefined;
      });
  }

  async #publish(state: AnchorState, { checkpoint }: DurableMark, signal: AbortSignal) {
    const { origin, path, root, tree } = this.#parts;
    const { size } = checkpoint;
    const note =
      root === undefined ? checkpoint.note : await withSignature(checkpoint.note, root, signal);
    const held = await state.anchor.publish(
      {
        origin,
        size,
        note,
        heldSize: state.size,
        proofFrom: (from) => consistencyProof(from, size, tree.subtrees()),
      },
      signal,
    );
    state.size = size;
    const folder = join(path, folderName, state.anchor.name);
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    await replaceFile(join(folder, `${padSize(size)}.checkpoint`), held);
  }
}

/** What anchoring works with. */
export interface AnchoringParts {
  readonly anchors: readonly Anchor[];
  readonly origin: string;
  /** The folder of the log. */
  readonly path: string;
  /** The root's key under the name of the log; undefined where there is no root. */
  readonly root: RootSigner | undefined;
  readonly tree: LogTree;
  readonly clock: Clock;
  readonly observer: LogObserver;
}

/** Names of anchors that have left something in a log folder. */
export function anchorsOf(path: string): readonly string[] {
  return listFolder(join(path, folderName));
}

/** Sizes that an anchor took, ascending. */
export function anchoredSizes(path: string, name: string): readonly number[] {
  return listFolder(join(path, folderName, name))
    .flatMap((file) => seqOfName(file, ".checkpoint") ?? [])
    .sort((a, b) => a - b);
}

/** The note an anchor took, undefined where it is not there. */
export function readAnchored(path: string, name: string, size: number): string | undefined {
  const file = join(path, folderName, name, `${padSize(size)}.checkpoint`);
  return readIfThere(file)?.toString();
}

async function withSignature(note: string, root: RootSigner, signal: AbortSignal): Promise<string> {
  const text = parseNote(note)?.text ?? "";
  const signed = await signAsRoot(text, root, signal);
  return `${note}${signed.slice(text.length + 1)}`;
}

function listFolder(path: string): readonly string[] {
  try {
    return readdirSync(path);
  } catch (error) {
    if (isMissing(error)) return [];
    throw error;
  }
}
