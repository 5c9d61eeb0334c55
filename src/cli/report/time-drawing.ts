import { drawingWidth, drawLabel, labelWidth } from "./bar-drawing.ts";
import { coordinate, escapeText } from "./markup.ts";
import type { TimeChart } from "./view.ts";

const rowHeight = 26;
const barHeight = 14;
const left = labelWidth;
const right = drawingWidth - 20;
const axisHeight = 22;

/** Spans of time below each other over one axis; an end that is open reaches to the edge. */
export function drawTimes({ spans, title }: TimeChart): string {
  const moments = spans
    .flatMap(({ fromMs, markMs, untilMs }) => [fromMs, markMs, untilMs])
    .filter((moment) => moment !== undefined);
  const first = Math.min(...moments);
  const last = Math.max(...moments, first + 1);
  const xOf = (ms: number) => left + ((ms - first) / (last - first)) * (right - left);
  const height = axisHeight + spans.length * rowHeight;
  return [
    `<svg viewBox="0 0 ${drawingWidth} ${height}" role="img" aria-label="${escapeText(title)}">`,
    `<text class="axis start" x="${left}" y="10">${dayText(first)}</text>`,
    `<text class="axis end" x="${right}" y="10">${dayText(last)}</text>`,
    ...spans.map((span, index) => drawSpan(span, axisHeight + index * rowHeight, xOf)),
    "</svg>",
  ].join("\n");
}

function drawSpan(
  { fromMs, label, markMs, tone, untilMs }: TimeChart["spans"][number],
  y: number,
  xOf: (ms: number) => number,
): string {
  const middle = y + rowHeight / 2;
  const start = fromMs === undefined ? left : xOf(fromMs);
  const end = untilMs === undefined ? right : xOf(untilMs);
  const isKnown = fromMs !== undefined || untilMs !== undefined;
  const told = `${label}: ${edgeText(fromMs)} to ${edgeText(untilMs)}`;
  const bar = `<rect class="${tone}" x="${coordinate(start)}" y="${middle - barHeight / 2}" width="${coordinate(Math.max(2, end - start))}" height="${barHeight}"><title>${escapeText(told)}</title></rect>`;
  const mark =
    markMs === undefined
      ? ""
      : `<circle class="moment" cx="${coordinate(xOf(markMs))}" cy="${middle}" r="5"><title>${escapeText(`${label}: ${dayText(markMs)}`)}</title></circle>`;
  return drawLabel(label, middle) + (isKnown ? bar : "") + mark;
}

function edgeText(ms: number | undefined): string {
  return ms === undefined ? "open" : dayText(ms);
}

function dayText(ms: number): string {
  return Number.isFinite(ms) ? new Date(ms).toISOString().slice(0, 16).replace("T", " ") : "";
}
