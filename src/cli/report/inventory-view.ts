import type { InventoryRow } from "../../evidence/index.ts";
import { countText, moneyText, sumsBy } from "./numbers.ts";
import type { BarChart, ReportView, Tone } from "./view.ts";

/** In the order in which bars show them. */
const tones: Readonly<Record<string, Tone>> = {
  allow: "good",
  warn: "notice",
  transform: "notice",
  redact: "caution",
  deny: "bad",
  fail_open: "bad",
  bypass: "neutral",
  none: "neutral",
  other: "neutral",
};

const barsMax = 12;
const unknown = "unknown";

export const inventoryView: ReportView<InventoryRow> = {
  title: "Inventory",
  lead: "Who sends what where: each row is one caller of one app, with the model, its provider and region, the classes of data that were found, and what was decided.",
  columns: [
    { title: "caller", text: ({ caller }) => caller ?? "" },
    { title: "app", text: ({ app }) => app ?? "" },
    { title: "model", text: ({ model }) => model ?? "" },
    { title: "provider", text: ({ provider }) => provider ?? "" },
    { title: "region", text: ({ region }) => region ?? "" },
    { title: "classes", text: ({ classes }) => classes.join(", ") },
    { title: "verdict", text: ({ verdict }) => verdict, tone: ({ verdict }) => tones[verdict] },
    { title: "count", isNumber: true, text: ({ count }) => countText(count) },
    { title: "tokens in", isNumber: true, text: ({ tokensIn }) => orNothing(tokensIn) },
    { title: "tokens out", isNumber: true, text: ({ tokensOut }) => orNothing(tokensOut) },
    { title: "cost", isNumber: true, text: ({ costMicros }) => moneyText(costMicros) },
  ],
  charts: (rows) => [
    chart("Exchanges by app", rows, ({ app }) => [app ?? unknown]),
    chart("Where they went", rows, (row) => [whereOf(row)]),
    chart("Exchanges by model", rows, ({ model }) => [model ?? unknown]),
    chart("Data found", rows, ({ classes }) => classes),
  ],
};

function orNothing(count: number): string {
  return count === 0 ? "" : countText(count);
}

function whereOf({ provider, region, verdict }: InventoryRow): string {
  if (provider === null) return verdict === "deny" ? "nowhere" : unknown;
  return region === null ? provider : `${provider}, ${region}`;
}

/** Exchanges by what the rows are of, each bar made of verdicts. */
function chart(
  title: string,
  rows: readonly InventoryRow[],
  namesOf: (row: InventoryRow) => readonly string[],
): BarChart {
  const verdicts = Object.keys(tones).filter((verdict) =>
    rows.some((row) => row.verdict === verdict && namesOf(row).length > 0),
  );
  const largest = sumsBy(rows, namesOf, ({ count }) => count).slice(0, barsMax);
  const counts = new Map<string, number>();
  for (const row of rows) {
    for (const name of namesOf(row)) {
      const key = `${name} ${row.verdict}`;
      counts.set(key, (counts.get(key) ?? 0) + row.count);
    }
  }
  return {
    kind: "bars",
    title,
    parts: verdicts.map((name) => ({ name, tone: tones[name] ?? "neutral" })),
    bars: largest.map(([label]) => ({
      label,
      values: verdicts.map((verdict) => counts.get(`${label} ${verdict}`) ?? 0),
    })),
  };
}
