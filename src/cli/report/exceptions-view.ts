import type { ExceptionRow } from "../../evidence/index.ts";
import { countText, timeText } from "./numbers.ts";
import type { ReportView } from "./view.ts";

const barsMax = 20;

export const exceptionsView: ReportView<ExceptionRow> = {
  title: "Exceptions",
  lead: "Grants and Incidents that lift or add rules for a while, and kill switches: who approved them, how long they are in force, and in how many exchanges they counted.",
  columns: [
    { title: "kind", text: ({ kind }) => kind ?? "" },
    { title: "name", text: ({ name }) => name },
    { title: "by", text: ({ by }) => by.join(", ") },
    { title: "from", text: ({ from }) => timeText(from) },
    { title: "until", text: ({ until }) => timeText(until) },
    {
      title: "used",
      isNumber: true,
      text: ({ used }) => countText(used),
      tone: ({ used }) => (used === 0 ? "caution" : undefined),
    },
    { title: "last used", text: ({ last }) => timeText(last) },
  ],
  charts: (rows) => [
    {
      kind: "times",
      title: "In force, and last used",
      spans: rows.slice(0, barsMax).map(({ from, kind, last, name, until, used }) => ({
        label: name,
        tone: kind === "KillSwitch" ? "bad" : used === 0 ? "neutral" : "notice",
        fromMs: millisOf(from),
        untilMs: millisOf(until),
        markMs: millisOf(last),
      })),
    },
    {
      kind: "bars",
      title: "Exchanges in which they counted",
      parts: [{ name: "used", tone: "notice" }],
      bars: rows
        .toSorted((one, two) => two.used - one.used)
        .slice(0, barsMax)
        .map(({ name, used }) => ({ label: name, values: [used] })),
    },
  ],
};

function millisOf(at: string | null): number | undefined {
  return at === null ? undefined : Date.parse(at);
}
