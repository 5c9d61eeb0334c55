import type { Finding } from "../../domain/index.ts";
import type { Paint } from "../paint.ts";
import { columnsBetween, type DisplayRow, toDisplayRows } from "./display-rows.ts";

/** Lines shown before and after one with something in it. */
const linesAround = 2;

/** From this confidence on policies act unless they say otherwise (policy-model 3). */
const actPctMin = 60;

/** A finding within its line; offsets into that. */
interface Mark {
  readonly finding: Finding;
  readonly start: number;
  readonly end: number;
  /** It began on an earlier line. */
  readonly isRest: boolean;
}

interface Line {
  readonly number: number;
  readonly text: string;
  readonly marks: readonly Mark[];
}

/** A text with its findings marked below it, and without most of the lines that hold none. */
export function* renderMarked(
  text: string,
  findings: readonly Finding[],
  paint: Paint,
): Iterable<string> {
  const lines = toLines(text, findings);
  const gutter = String(lines.length).length;
  let skipped: Line[] = [];
  for (const [index, line] of lines.entries()) {
    if (!isNearMark(lines, index)) {
      skipped.push(line);
      continue;
    }
    yield* renderSkipped(skipped, gutter, paint);
    skipped = [];
    yield* renderLine(line, gutter, paint);
  }
  yield* renderSkipped(skipped, gutter, paint);
}

function toLines(text: string, findings: readonly Finding[]): readonly Line[] {
  const lines: Line[] = [];
  let start = 0;
  let next = 0;
  // What stands behind the last line break is a line only if there is anything.
  for (const whole of text.replace(/\n$/, "").split("\n")) {
    const end = start + whole.length;
    const marks: Mark[] = [];
    while (next < findings.length) {
      const finding = findings[next];
      if (finding === undefined || finding.start > end) break;
      marks.push({
        finding,
        start: Math.max(0, finding.start - start),
        end: Math.min(whole.length, finding.end - start),
        isRest: finding.start < start,
      });
      if (finding.end > end) break;
      next += 1;
    }
    lines.push({ number: lines.length + 1, text: whole.replace(/\r$/, ""), marks });
    start = end + 1;
  }
  return lines;
}

function isNearMark(lines: readonly Line[], index: number): boolean {
  return lines
    .slice(Math.max(0, index - linesAround), index + linesAround + 1)
    .some(({ marks }) => marks.length > 0);
}

/** One line takes no more room than saying that it is left out. */
function* renderSkipped(lines: readonly Line[], gutter: number, paint: Paint): Iterable<string> {
  const [first] = lines;
  if (first === undefined) return;
  if (lines.length === 1) yield* renderLine(first, gutter, paint);
  else yield paint("faint", `${" ".repeat(gutter)} : ${lines.length} lines without findings`);
}

function* renderLine(
  { marks, number, text }: Line,
  gutter: number,
  paint: Paint,
): Iterable<string> {
  let margin = String(number).padStart(gutter);
  for (const row of toDisplayRows(text)) {
    const here = marks.filter(({ end, start }) => start < row.to && end > row.from);
    yield `${paint("faint", `${margin} |`)} ${renderCells(row, here, paint)}`.trimEnd();
    margin = " ".repeat(gutter);
    for (const below of renderMarks(row, here)) {
      yield `${paint("faint", `${margin} |`)} ${paint("warning", below)}`;
    }
  }
}

function renderCells({ cells }: DisplayRow, marks: readonly Mark[], paint: Paint): string {
  let text = "";
  let run = "";
  let current: Mark | undefined;
  const close = () => (current === undefined ? run : paint(toneOf(current.finding), run));
  for (const { at, shown } of cells) {
    const mark = marks.find(({ end, start }) => start <= at && at < end);
    if (mark !== current) {
      text += close();
      run = "";
      current = mark;
    }
    run += shown;
  }
  return text + close();
}

function toneOf({ confidencePct }: Finding): "bad" | "warning" {
  return confidencePct >= actPctMin ? "bad" : "warning";
}

/** A row of marks, and below it what they mean, in as many rows as keep the words apart. */
function* renderMarks(row: DisplayRow, marks: readonly Mark[]): Iterable<string> {
  let underline = "";
  const labels: string[] = [];
  for (const { end, finding, isRest, start } of marks) {
    const { column, columns } = columnsBetween(row, start, end);
    underline = underline.padEnd(column) + "^".repeat(columns);
    if (isRest || start < row.from) continue;
    const label = `${finding.type} ${finding.dataClass} ${finding.confidencePct} %`;
    const free = labels.findIndex((words) => words.length === 0 || words.length + 1 < column);
    const place = free < 0 ? labels.length : free;
    labels[place] = (labels[place] ?? "").padEnd(column) + label;
  }
  if (underline !== "") yield underline;
  yield* labels;
}
