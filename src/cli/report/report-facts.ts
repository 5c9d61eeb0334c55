import type { ReportSource, Selection } from "../../evidence/index.ts";
import { timeText } from "./numbers.ts";

/** What is to be known of the figures beside them. */
export interface ReportFacts {
  readonly source: ReportSource;
  /** The time and part of the records that they are of. */
  readonly spanText: string;
  /** What makes them say less than they could. */
  readonly notes: readonly string[];
}

/** The facts of one report. */
export function factsOf(
  source: ReportSource,
  selection: Selection,
  notes: readonly string[],
): ReportFacts {
  const { app, tenant } = selection;
  const of = [
    ...(tenant === undefined ? [] : [`tenant ${tenant}`]),
    ...(app === undefined ? [] : [`app ${app}`]),
  ];
  const span =
    source.from === null ? "no records" : `${timeText(source.from)} to ${timeText(source.to)} UTC`;
  const { uncovered } = source;
  const left =
    uncovered === 0 ? [] : [`${uncovered} records at the end are not signed yet and left out`];
  return { source, spanText: [span, ...of].join(", "), notes: [...left, ...notes] };
}
