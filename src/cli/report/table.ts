import { toDisplayRows } from "../detect/display-rows.ts";
import type { Paint } from "../paint.ts";
import type { Column, Tone } from "./view.ts";

/** How a table is fitted to where it is shown. */
export interface TableStyle {
  readonly paint: Paint;
  /** Whether somebody looks at it: then long values are cut, and so are long tables. */
  readonly isTerminal: boolean;
}

const cellColumnsMax = 36;
const rowsMax = 200;

interface Cell {
  readonly text: string;
  /** On a terminal. */
  readonly columns: number;
  readonly tone: Tone | undefined;
}

/** Rows as a table; columns that say nothing in any row are left out. */
export function renderTable<Row>(
  rows: readonly Row[],
  columns: readonly Column<Row>[],
  { isTerminal, paint }: TableStyle,
): string {
  const shown = isTerminal ? rows.slice(0, rowsMax) : rows;
  const said = columns.filter((column) => shown.some((row) => column.text(row) !== ""));
  const cells = shown.map((row) => said.map((column) => cellOf(column, row, isTerminal)));
  const widths = said.map(({ title }, index) =>
    cells.reduce((width, row) => Math.max(width, row[index]?.columns ?? 0), title.length),
  );
  const header = said.map(({ title }) => ({
    ...{ text: title.toUpperCase(), columns: title.length, tone: undefined },
  }));
  const lines = [
    paint("strong", lineOf(header, { columns: said, widths })),
    ...cells.map((row) => lineOf(row, { columns: said, widths, paint })),
  ];
  const left = rows.length - shown.length;
  if (left > 0)
    lines.push(paint("faint", `and ${left} more; --format json and html have them all`));
  return `${lines.join("\n")}\n`;
}

function cellOf<Row>(column: Column<Row>, row: Row, isTerminal: boolean): Cell {
  const { columns, text } = fit(column.text(row), isTerminal);
  return { text, columns, tone: column.tone?.(row) };
}

/** What somebody else wrote may neither steer a terminal nor push all else out of sight. */
function fit(text: string, isTerminal: boolean): { text: string; columns: number } {
  const cells = toDisplayRows(text).flatMap((row) => row.cells);
  const total = cells.reduce((sum, cell) => sum + cell.columns, 0);
  if (!isTerminal || total <= cellColumnsMax) {
    return { text: cells.map(({ shown }) => shown).join(""), columns: total };
  }
  let fitting = "";
  let columns = 0;
  for (const cell of cells) {
    if (columns + cell.columns > cellColumnsMax - 1) break;
    fitting += cell.shown;
    columns += cell.columns;
  }
  return { text: `${fitting}…`, columns: columns + 1 };
}

interface LineStyle<Row> {
  readonly columns: readonly Column<Row>[];
  readonly widths: readonly number[];
  readonly paint?: Paint;
}

function lineOf<Row>(cells: readonly Cell[], { columns, paint, widths }: LineStyle<Row>): string {
  const line = cells.map(({ columns: taken, text, tone }, index) => {
    const padding = " ".repeat(Math.max(0, (widths[index] ?? 0) - taken));
    const painted = tone === undefined || paint === undefined ? text : paint(paints[tone], text);
    return columns[index]?.isNumber === true ? padding + painted : painted + padding;
  });
  return line.join("  ").trimEnd();
}

const paints = {
  good: "good",
  caution: "warning",
  bad: "bad",
  notice: "strong",
  neutral: "faint",
} as const;
