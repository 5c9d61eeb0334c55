import { coordinate, escapeText, shorten } from "./markup.ts";
import { countText } from "./numbers.ts";
import type { BarChart } from "./view.ts";

/** Of a drawing, in its own units; it is as wide as the page has room. */
export const drawingWidth = 560;
const rowHeight = 26;
const barHeight = 16;
/** Of what stands before the drawing proper. */
export const labelWidth = 200;
const labelCharacters = 28;
const valueWidth = 74;
const barWidth = drawingWidth - labelWidth - valueWidth;
const markHeight = 18;

/** Bars below each other, each with its label before and its sum behind it. */
export function drawBars(chart: BarChart): string {
  const { bars, mark, title } = chart;
  const sums = bars.map(({ values }) => values.reduce((sum, value) => sum + value, 0));
  const scale = barWidth / Math.max(...sums, mark?.at ?? 0, Number.MIN_VALUE);
  const top = mark === undefined ? 0 : markHeight;
  const height = top + bars.length * rowHeight;
  const rows = bars.map((bar, index) => drawBar(chart, bar, { y: top + index * rowHeight, scale }));
  return [
    `<svg viewBox="0 0 ${drawingWidth} ${height}" role="img" aria-label="${escapeText(title)}">`,
    ...rows,
    ...(mark === undefined ? [] : [drawMark(mark, scale, height)]),
    "</svg>",
  ].join("\n");
}

interface BarPlace {
  readonly y: number;
  readonly scale: number;
}

function drawBar(
  { parts, text = countText }: BarChart,
  { label, values }: BarChart["bars"][number],
  { scale, y }: BarPlace,
): string {
  const middle = y + rowHeight / 2;
  let x = labelWidth;
  const pieces = values.map((value, index) => {
    const { name = "", tone = "neutral" } = parts[index] ?? {};
    const width = value * scale;
    const piece = `<rect class="${tone}" x="${coordinate(x)}" y="${y + (rowHeight - barHeight) / 2}" width="${coordinate(width)}" height="${barHeight}"><title>${escapeText(`${label}, ${name}: ${text(value)}`)}</title></rect>`;
    x += width;
    return value === 0 ? "" : piece;
  });
  const sum = values.reduce((total, value) => total + value, 0);
  return [
    drawLabel(label, middle),
    ...pieces,
    `<text class="value" x="${coordinate(x + 6)}" y="${middle}">${escapeText(text(sum))}</text>`,
  ].join("");
}

/** What a row of a drawing is of, on its left. */
export function drawLabel(label: string, middle: number): string {
  const shown = escapeText(shorten(label, labelCharacters));
  return `<text class="label" x="${labelWidth - 8}" y="${middle}">${shown}<title>${escapeText(label)}</title></text>`;
}

function drawMark(
  { at, label }: NonNullable<BarChart["mark"]>,
  scale: number,
  height: number,
): string {
  const x = coordinate(labelWidth + at * scale);
  return `<line class="mark" x1="${x}" y1="${markHeight - 4}" x2="${x}" y2="${height}"/><text class="axis" x="${x}" y="8">${escapeText(label)}</text>`;
}
