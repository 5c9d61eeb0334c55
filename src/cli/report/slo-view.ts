import { measures, type SloRow } from "../../evidence/index.ts";
import { countText, shareText } from "./numbers.ts";
import type { ReportView } from "./view.ts";

/** A budget that is spent many times over is no longer a bar beside others. */
const spentMax = 3;

export const sloView: ReportView<SloRow> = {
  title: "Service levels",
  lead: "What records tell of the measures M1 to M15 and of availability. A measure without a value is one that the log cannot tell, or that nothing was there for.",
  columns: [
    { title: "measure", text: ({ measure }) => measure },
    { title: "what", text: ({ measure }) => measures[measure].title },
    { title: "value", isNumber: true, text: (row) => valueText(row, row.value) },
    { title: "target", isNumber: true, text: (row) => valueText(row, row.target) },
    {
      title: "met",
      text: ({ met }) => (met === null ? "" : met ? "yes" : "no"),
      tone: ({ met }) => (met === null ? undefined : met ? "good" : "bad"),
    },
  ],
  charts: (rows) => [
    {
      kind: "bars",
      title: "Share of the error budget that is spent",
      parts: [
        { name: "within", tone: "good" },
        { name: "over", tone: "bad" },
      ],
      bars: rows.flatMap((row) => budgetBar(row) ?? []),
      mark: { at: 1, label: "all of it" },
      text: (value) => (value >= spentMax ? "over 300 %" : shareText(value)),
    },
  ],
};

function valueText({ measure }: SloRow, value: number | null): string {
  if (value === null) return "";
  return measures[measure].unit === "share" ? shareText(value) : countText(value);
}

function budgetBar({ measure, target, value }: SloRow) {
  if (value === null || target === null || measures[measure].unit !== "share") return undefined;
  const spent = Math.min((1 - value) / (1 - target), spentMax);
  const label = `${measure} ${measures[measure].name}`;
  return { label, values: spent > 1 ? [0, spent] : [spent, 0] };
}
