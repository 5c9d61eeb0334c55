import type { StreamPiece } from "../format.ts";

/** Members of a message that are followed; with more, nothing is told before the choice ends. */
const channelsMax = 64;

/**
 * Tells which texts of one choice are over before the choice is. A model writes the members of a
 * message one after the other (reasoning, then content, then tool calls), so when another member
 * gets text, the earlier one is over, and its last word need not be held any longer. A choice that
 * goes back to an earlier member writes by turns: what comes then is a text of its own behind the one
 * that ended, and nothing more is called over before the choice ends.
 */
export class ChannelTracker {
  readonly #prefix: string;
  #open: readonly string[] = [];
  readonly #ended = new Set<string>();
  #isByTurns = false;

  #mirrors = 0;
  #hasMirror = false;

  /** `key` is that of the choice. */
  constructor(key: string) {
    this.#prefix = `${key}/`;
  }

  /** The key of what repeats the texts of the choice; it ends when one of them does. */
  mirrorKey(): string {
    this.#hasMirror = true;
    return `${this.#prefix}mirror${this.#mirrors}`;
  }

  /** Looks at the pieces of this choice in an event, those from `first` on, and adds to `ends`. */
  follow(pieces: StreamPiece[], first: number, ends: string[]): void {
    const active: string[] = [];
    for (let index = first; index < pieces.length; index += 1) {
      const piece = pieces[index] as StreamPiece;
      if (piece.key === null) continue;
      const channel = this.#channelOf(piece.key);
      if (this.#ended.has(channel)) {
        this.#isByTurns = true;
        const key = `${channel}~1${piece.key.slice(channel.length)}`;
        pieces[index] = { ...piece, key, after: piece.key };
      } else if (!this.#isByTurns && !active.includes(channel)) {
        active.push(channel);
        this.#isByTurns = active.length + this.#ended.size > channelsMax;
      }
    }
    if (active.length > 0 && !this.#isByTurns) this.#turnTo(active, ends);
  }

  #turnTo(active: string[], ends: string[]): void {
    for (const channel of this.#open) {
      // An end names all keys it is a prefix of, so one that is still open keeps it back.
      if (active.some((other) => other.startsWith(channel))) {
        if (!active.includes(channel)) active.push(channel);
        continue;
      }
      ends.push(channel);
      this.#ended.add(channel);
    }
    if (this.#hasMirror && this.#open.some((channel) => this.#ended.has(channel))) {
      ends.push(`${this.mirrorKey()}/`);
      this.#mirrors += 1;
      this.#hasMirror = false;
    }
    this.#open = active;
  }

  /** The choice and the member below it. */
  #channelOf(key: string): string {
    const next = key.indexOf("/", this.#prefix.length);
    return next < 0 ? key : key.slice(0, next);
  }
}
