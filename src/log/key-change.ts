import type { Clock } from "../base/index.ts";
import { encodeKey } from "../record/index.ts";
import type { NoteSigner } from "../signing/index.ts";
import type { Journal } from "./journal.ts";
import { introduce, type LogKeys } from "./log-keys.ts";
import type { LogObserver } from "./log-observer.ts";

/** How long a key signs (audit-and-operations 4.3). */
const keyMicros = 24 * 3_600_000_000;
/** A root that did not sign is left alone for this long; the key before goes on. */
const restMicros = 60_000_000;
/** A log that has not come to the place of a statement by then became quieter: another is asked for. */
const waitMicros = 30_000_000;
/** A statement that came too late is asked for again at once, this often. */
const missesMax = 5;

/** What a change of keys works with. */
export interface KeyChangeParts {
  readonly journal: Journal;
  readonly keys: LogKeys;
  readonly clock: Pick<Clock, "monotonicMicros">;
  readonly observer: LogObserver;
  /** Told the statement whose record was written last. */
  readonly onChanged: (note: string) => void;
}

/**
 * Gives a log another key each day, where a root can introduce it. A statement names the `seq` of its
 * record, and the root may be a network away while records keep coming: so one is asked for some way
 * ahead, as far as the log got while the last one came too late, and written when the log is there.
 */
export class KeyChange {
  readonly #parts: KeyChangeParts;
  readonly #stopping = new AbortController();
  #isAsking = false;
  /** Since when a statement waits for its place. */
  #waitingSince: number | undefined;
  #restsUntil = Number.NEGATIVE_INFINITY;
  /** Records between the next one and the place that is asked for. */
  #lead = 0;
  #misses = 0;

  constructor(parts: KeyChangeParts) {
    this.#parts = parts;
  }

  /** Asks for what is due; called once a second. */
  look(): void {
    const { clock, journal, keys } = this.#parts;
    if (keys.root === undefined || this.#stopping.signal.aborted || this.#isAsking) return;
    if (journal.writer.signer.keyAgeMicros < keyMicros) return;
    const now = clock.monotonicMicros();
    if (now < this.#restsUntil) return;
    if (this.#waitingSince !== undefined) {
      if (now - this.#waitingSince < waitMicros) return;
      journal.appoint(undefined);
      this.#waitingSince = undefined;
      this.#lead = 0;
    }
    void this.#ask();
  }

  /** Nothing is asked for or written any more. */
  stop(): void {
    this.#stopping.abort();
    this.#parts.journal.appoint(undefined);
  }

  async #ask(): Promise<void> {
    const { journal, keys, observer } = this.#parts;
    const { root } = keys;
    const { signal } = this.#stopping;
    if (root === undefined) return;
    const { nextSeq, origin } = journal.writer;
    // Each statement has a key of its own, so that one without a record introduces nothing.
    const key = keys.create(origin);
    const seq = nextSeq + this.#lead;
    this.#isAsking = true;
    try {
      const note = await introduce(root, key, { origin, seq }, signal);
      this.#isAsking = false;
      this.#signed(key, { note, seq, asked: nextSeq });
    } catch (error) {
      this.#isAsking = false;
      if (signal.aborted) return;
      this.#rest();
      observer.troubled("keys", error);
    }
  }

  #signed(
    key: NoteSigner,
    { asked, note, seq }: { readonly note: string; readonly seq: number; readonly asked: number },
  ): void {
    const { clock, journal } = this.#parts;
    if (this.#stopping.signal.aborted) return;
    const { nextSeq } = journal.writer;
    if (nextSeq > seq) {
      this.#lead = 2 * (nextSeq - asked);
      this.#misses += 1;
      if (this.#misses < missesMax) void this.#ask();
      else this.#rest();
      return;
    }
    this.#misses = 0;
    this.#waitingSince = clock.monotonicMicros();
    journal.appoint({ seq, run: () => this.#write(key, note, seq) });
  }

  #write(key: NoteSigner, note: string, seq: number): void {
    const { journal, onChanged } = this.#parts;
    const introduction = { event: "introduced", verifier: key.verifierKey, note } as const;
    const isWritten = journal.note((position) => encodeKey(introduction, position), "key", seq);
    this.#waitingSince = undefined;
    if (!isWritten) return this.#rest();
    journal.writer.signer.change(key);
    this.#lead = 0;
    onChanged(note);
  }

  #rest(): void {
    this.#misses = 0;
    this.#restsUntil = this.#parts.clock.monotonicMicros() + restMicros;
  }
}
