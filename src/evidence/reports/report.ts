/** One record as a report reads it. */
export interface ReportRecord {
  readonly kind: string;
  /** The origin of its log. */
  readonly log: string;
  readonly seq: number;
  /** RFC 3339 in UTC with six decimals. */
  readonly at: string;
  /** All its members. */
  readonly json: Readonly<Record<string, unknown>>;
}

/** What a report is about; a field that is absent leaves nothing out. */
export interface Selection {
  /** The first moment and the first one after it, in the form of `at`. */
  readonly since?: string | undefined;
  readonly until?: string | undefined;
  readonly tenant?: string | undefined;
  readonly app?: string | undefined;
}

/** Figures over the records of logs, taken in the order of each log, one log after the other. */
export interface Report<Row> {
  take(record: ReportRecord): void;
  /** What came of all that was taken; in an order that depends on nothing else. */
  rows(): readonly Row[];
  /** Exchanges that were counted before their closing came, since too many were open at once. */
  readonly cutShort: number;
}

/** Whether a moment is one of those that a report is about. */
export function isWithin({ since, until }: Selection, at: string): boolean {
  return (since === undefined || at >= since) && (until === undefined || at < until);
}

/** Whether a record is of the time, tenant and app that a report is about. */
export function isSelected(selection: Selection, { at, json }: ReportRecord): boolean {
  if (!isWithin(selection, at)) return false;
  if (selection.tenant !== undefined && json["tenant"] !== selection.tenant) return false;
  return selection.app === undefined || json["app"] === selection.app;
}
