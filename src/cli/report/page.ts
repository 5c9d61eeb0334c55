import { drawBars } from "./bar-drawing.ts";
import { escapeText } from "./markup.ts";
import { pageStyle } from "./page-style.ts";
import type { ReportFacts } from "./report-facts.ts";
import { standingOf } from "./standing.ts";
import { drawTimes } from "./time-drawing.ts";
import type { Chart, Column, ReportView } from "./view.ts";

/**
 * A report as one HTML page that stands alone: it asks for nothing from anywhere, runs nothing, and
 * shows every value as text.
 */
export function renderPage<Row>(
  rows: readonly Row[],
  view: ReportView<Row>,
  facts: ReportFacts,
): string {
  const title = escapeText(`${view.title}: ${facts.spanText}`);
  const charts = view.charts(rows).filter((chart) => !isEmpty(chart));
  return [
    "<!doctype html>",
    '<html lang="en">',
    '<meta charset="utf-8">',
    '<meta name="viewport" content="width=device-width, initial-scale=1">',
    `<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">`,
    `<title>${title}</title>`,
    `<style>${pageStyle}</style>`,
    "<main>",
    `<h1>${escapeText(view.title)}</h1>`,
    `<p class="lead">${escapeText(view.lead)}</p>`,
    renderState(facts),
    ...(charts.length === 0 ? [] : [`<div class="charts">`, ...charts.map(renderChart), "</div>"]),
    rows.length === 0 ? "<p>No rows.</p>" : renderTable(rows, view.columns),
    "</main>",
    "</html>",
    "",
  ].join("\n");
}

/** Logs that are named; there may be one for each start of a server. */
const logsMax = 20;

function renderState(facts: ReportFacts): string {
  const { text, tone } = standingOf(facts.source);
  const { logs: sources } = facts.source;
  const more =
    sources.length > logsMax ? [`<li>and ${sources.length - logsMax} more logs</li>`] : [];
  const logs = sources
    .slice(0, logsMax)
    .map(
      ({ origin, root, signed }) =>
        `<li><code>${escapeText(origin)}</code>, ${signed} records signed${root === undefined ? "" : `, root <code>${escapeText(root)}</code>`}</li>`,
    );
  const problems = facts.source.problems.map((problem) => `<li>${escapeText(problem)}</li>`);
  const notes = facts.notes.map((note) => `<li>${escapeText(note)}</li>`);
  const list = [...problems, ...notes, ...logs, ...more];
  return [
    `<div class="state ${tone}">`,
    `<p><strong>${escapeText(text)}</strong> ${escapeText(facts.spanText)}</p>`,
    ...(list.length === 0 ? [] : [`<ul>${list.join("")}</ul>`]),
    "</div>",
  ].join("\n");
}

function isEmpty(chart: Chart): boolean {
  if (chart.kind === "bars") return chart.bars.length === 0;
  return chart.spans.every(
    ({ fromMs, markMs, untilMs }) => (fromMs ?? markMs ?? untilMs) === undefined,
  );
}

function renderChart(chart: Chart): string {
  const drawing = chart.kind === "bars" ? drawBars(chart) : drawTimes(chart);
  return [
    "<figure>",
    `<h2>${escapeText(chart.title)}</h2>`,
    ...(chart.kind === "bars" && chart.parts.length > 1 ? [renderLegend(chart.parts)] : []),
    drawing,
    "</figure>",
  ].join("\n");
}

function renderLegend(parts: Extract<Chart, { kind: "bars" }>["parts"]): string {
  const items = parts.map(
    ({ name, tone }) =>
      `<li><svg viewBox="0 0 10 10" aria-hidden="true"><rect class="${tone}" width="10" height="10"/></svg>${escapeText(name)}</li>`,
  );
  return `<ul class="legend">${items.join("")}</ul>`;
}

function renderTable<Row>(rows: readonly Row[], columns: readonly Column<Row>[]): string {
  const said = columns.filter((column) => rows.some((row) => column.text(row) !== ""));
  const header = said.map(
    ({ isNumber, title }) =>
      `<th scope="col"${isNumber ? ' class="number"' : ""}>${escapeText(title)}</th>`,
  );
  const lines = rows.map(
    (row) => `<tr>${said.map((column) => renderCell(column, row)).join("")}</tr>`,
  );
  return [
    `<div class="wide"><table><thead><tr>${header.join("")}</tr></thead><tbody>`,
    ...lines,
    "</tbody></table></div>",
  ].join("\n");
}

function renderCell<Row>(column: Column<Row>, row: Row): string {
  const classes = [column.isNumber === true ? "number" : "", column.tone?.(row) ?? ""];
  const named = classes.filter((name) => name !== "").join(" ");
  return `<td${named === "" ? "" : ` class="${named}"`}>${escapeText(column.text(row))}</td>`;
}
