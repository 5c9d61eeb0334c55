/** A stream as the end of a turn sees it. */
export interface TurnMember {
  /** Records of this turn could not be written: asks the exchange what may leave all the same. */
  failAudit(): void;
  /** Writes what was sent this turn. `nowMs` is `performance.now()`, asked once for all. */
  flush(nowMs: number): void;
}

/**
 * One turn: what exchanges send while one callback of the event loop runs is held until it returns;
 * then records become durable once, and each stream writes once: no answer is on the wire whose
 * record could be lost. Turns are kept short rather than few: the proxy works on the first answers
 * while the next are made, which is worth more than the writes that longer turns would save.
 */
export class Turn {
  readonly #commit: () => void;
  #members: TurnMember[] = [];
  #isScheduled = false;

  constructor(commit: () => void) {
    this.#commit = commit;
  }

  /** Takes a stream into this turn. The stream sees to it that it is taken once. */
  add(member: TurnMember): void {
    this.#members.push(member);
    if (this.#isScheduled) return;
    this.#isScheduled = true;
    process.nextTick(this.#scheduledEnd);
  }

  /** Ends the turn now instead of when the callback returns. */
  end(): void {
    const members = this.#members;
    if (members.length === 0) return;
    this.#members = [];
    if (!this.#didCommit()) {
      for (const member of members) member.failAudit();
    }
    const nowMs = performance.now();
    for (const member of members) member.flush(nowMs);
  }

  readonly #scheduledEnd = (): void => {
    this.#isScheduled = false;
    this.end();
  };

  #didCommit(): boolean {
    try {
      this.#commit();
      return true;
    } catch {
      // The owner of the log has counted and reported it; here it only decides what may leave.
      return false;
    }
  }
}
