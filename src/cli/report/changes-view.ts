import type { ChangeRow } from "../../evidence/index.ts";
import { timeText } from "./numbers.ts";
import type { BarChart, ReportView, Tone } from "./view.ts";

const events: Readonly<Record<string, { readonly name: string; readonly tone: Tone }>> = {
  activated: { name: "activated", tone: "good" },
  rejected: { name: "rejected", tone: "caution" },
  rolled_back: { name: "rolled back", tone: "notice" },
  kill: { name: "kill switch thrown", tone: "bad" },
  unkill: { name: "kill switch taken back", tone: "neutral" },
};

const daysMax = 31;

export const changesView: ReportView<ChangeRow> = {
  title: "Changes",
  lead: "Which versions of policies came into force, were refused or taken back, by whose signature, and every kill switch that was thrown.",
  columns: [
    { title: "at", text: ({ at }) => timeText(at) },
    { title: "layer", text: ({ layer }) => layer ?? "" },
    { title: "version", text: ({ version }) => version ?? "" },
    { title: "digest", text: ({ digest }) => (digest ?? "").replace("sha256:", "").slice(0, 12) },
    {
      title: "event",
      text: ({ event }) => events[event]?.name ?? event,
      tone: ({ event }) => events[event]?.tone,
    },
    { title: "actor", text: ({ actor }) => actor ?? "" },
    { title: "signers", text: ({ signers }) => signers.join(", ") },
    { title: "reason", text: ({ reason }) => reason ?? "" },
  ],
  charts: (rows) => [byDay(rows), byLayer(rows)],
};

function byDay(rows: readonly ChangeRow[]): BarChart {
  const days = [...new Set(rows.map(({ at }) => at.slice(0, 10)))].sort().slice(-daysMax);
  return bars("Changes by day", days, rows, ({ at }) => at.slice(0, 10));
}

function byLayer(rows: readonly ChangeRow[]): BarChart {
  const layers = [...new Set(rows.map(({ layer }) => layer ?? "unknown"))].sort().slice(0, daysMax);
  return bars("Changes by layer", layers, rows, ({ layer }) => layer ?? "unknown");
}

function bars(
  title: string,
  labels: readonly string[],
  rows: readonly ChangeRow[],
  labelOf: (row: ChangeRow) => string,
): BarChart {
  const kinds = Object.keys(events).filter((kind) => rows.some(({ event }) => event === kind));
  return {
    kind: "bars",
    title,
    parts: kinds.map((kind) => events[kind] ?? { name: kind, tone: "neutral" }),
    bars: labels.map((label) => ({
      label,
      values: kinds.map(
        (kind) => rows.filter((row) => row.event === kind && labelOf(row) === label).length,
      ),
    })),
  };
}
