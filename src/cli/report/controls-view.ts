import type { ControlRow } from "../../evidence/index.ts";
import { countText } from "./numbers.ts";
import type { ReportView } from "./view.ts";

const barsMax = 30;

export const controlsView: ReportView<ControlRow> = {
  title: "Controls",
  lead: "The controls that rules name for audits: the rules that carry each of them out, and the exchanges in which they did.",
  columns: [
    { title: "control", text: ({ control }) => control },
    { title: "rules", text: ({ rules }) => rules.join(", ") },
    { title: "decisions", isNumber: true, text: ({ decisions }) => countText(decisions) },
    { title: "denies", isNumber: true, text: ({ denies }) => countText(denies) },
    { title: "redactions", isNumber: true, text: ({ redactions }) => countText(redactions) },
  ],
  charts: (rows) => [
    {
      kind: "bars",
      title: "Exchanges in which a control was met",
      parts: [
        { name: "denied", tone: "bad" },
        { name: "not denied", tone: "good" },
      ],
      bars: rows
        .toSorted((one, two) => two.decisions - one.decisions)
        .slice(0, barsMax)
        .map(({ control, decisions, denies }) => ({
          label: control,
          values: [denies, decisions - denies],
        })),
    },
    {
      kind: "bars",
      title: "Exchanges in which something was redacted",
      parts: [{ name: "redacted", tone: "caution" }],
      bars: rows
        .filter(({ redactions }) => redactions > 0)
        .toSorted((one, two) => two.redactions - one.redactions)
        .slice(0, barsMax)
        .map(({ control, redactions }) => ({ label: control, values: [redactions] })),
    },
  ],
};
