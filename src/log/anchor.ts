/** What an anchor is given. */
export interface AnchorRequest {
  readonly origin: string;
  readonly size: number;
  /** The checkpoint with the signatures that anchors know. */
  readonly note: string;
  /** The size that the anchor was last known to hold, 0 for none. */
  readonly heldSize: number;
  /** The hashes that prove the log only grew from a size, undefined where that cannot be shown. */
  readonly proofFrom: (size: number) => readonly Uint8Array[] | undefined;
}

/** A place outside that keeps checkpoints (audit-and-operations 4.6), as a port. */
export interface Anchor {
  readonly name: string;
  /** Hands a checkpoint over; gives the note as the anchor holds it. Rejects with the reason. */
  publish(request: AnchorRequest, signal: AbortSignal): Promise<string>;
  /**
   * The size it holds of a log, as far as it says so; undefined where it does not answer or does
   * not know the log. `note`: the last checkpoint it was given.
   */
  sizeOf?(note: string, signal: AbortSignal): Promise<number | undefined>;
}
