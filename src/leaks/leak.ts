/** What a process writes beside the answers it gives: the values of `chancery_leaks_total{surface}`. */
export type Surface = "record" | "log" | "span" | "metric";

/** A value in our own output that may not be there. Tells where it stands, and nothing of it. */
export interface Leak {
  readonly surface: Surface;
  /** Such as `pii.email`. */
  readonly dataClass: string;
  /** Names of members from the outermost on; `*` for a name that is not ours. */
  readonly field: string;
  /** Of the record it stands in. */
  readonly seq?: number | undefined;
}
