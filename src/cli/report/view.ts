/** How a value is to be taken by whoever looks at it. */
export type Tone = "good" | "caution" | "bad" | "notice" | "neutral";

/** One column of a report. */
export interface Column<Row> {
  readonly title: string;
  readonly isNumber?: true;
  /** As people read it; "" where there is nothing to say. */
  text(row: Row): string;
  tone?(row: Row): Tone | undefined;
}

/** Bars below each other, each made of parts. */
export interface BarChart {
  readonly kind: "bars";
  readonly title: string;
  readonly parts: readonly { readonly name: string; readonly tone: Tone }[];
  /** `values` in the order of `parts`. */
  readonly bars: readonly { readonly label: string; readonly values: readonly number[] }[];
  /** Where all bars have a place that matters, such as a budget that is spent. */
  readonly mark?: { readonly at: number; readonly label: string };
  /** A value as people read it; else as a number. */
  readonly text?: (value: number) => string;
}

/** Spans of time below each other. */
export interface TimeChart {
  readonly kind: "times";
  readonly title: string;
  readonly spans: readonly {
    readonly label: string;
    readonly tone: Tone;
    /** Milliseconds since 1970; open ends are those of the chart. */
    readonly fromMs: number | undefined;
    readonly untilMs: number | undefined;
    /** A moment in it that matters. */
    readonly markMs: number | undefined;
  }[];
}

export type Chart = BarChart | TimeChart;

/** How one report is shown to people. */
export interface ReportView<Row> {
  readonly title: string;
  /** What it tells, in a sentence or two. */
  readonly lead: string;
  readonly columns: readonly Column<Row>[];
  charts(rows: readonly Row[]): readonly Chart[];
}
