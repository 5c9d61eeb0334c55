/** What the log has to know of a record, beside its line. */
export interface RecordRole {
  readonly kind: string;
  /** UUIDv7 of the exchange: a decision and its closing have the same. */
  readonly exchange?: string;
  /** A decision that a closing follows. */
  readonly isOpening?: boolean;
  /** Days it is kept; absent: as the log keeps what says nothing. */
  readonly retainDays?: number | undefined;
  /** Where it cannot be written now, it is kept in memory and written later, marked as late. */
  readonly mayBeLate?: boolean;
}
