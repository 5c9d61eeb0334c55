import {
  Changes,
  Controls,
  Exceptions,
  Inventory,
  type Report,
  type ReportSource,
  type Selection,
  ServiceLevels,
} from "../../evidence/index.ts";
import { changesView } from "./changes-view.ts";
import { controlsView } from "./controls-view.ts";
import { exceptionsView } from "./exceptions-view.ts";
import { inventoryView } from "./inventory-view.ts";
import { renderPage } from "./page.ts";
import { factsOf, type ReportFacts } from "./report-facts.ts";
import { sloView } from "./slo-view.ts";
import { standingOf } from "./standing.ts";
import { renderTable, type TableStyle } from "./table.ts";
import type { ReportView } from "./view.ts";

/** What a report can be printed as. */
export const reportFormats = ["table", "json", "html"] as const;
export type ReportFormat = (typeof reportFormats)[number];

/** What came of a report, to be printed. */
export interface Printed {
  readonly name: ReportName;
  readonly format: ReportFormat;
  readonly source: ReportSource;
  readonly selection: Selection;
  readonly notes: readonly string[];
  readonly style: TableStyle;
}

/** One report, from its records to what is printed. */
export interface ReportMaker {
  readonly report: Pick<Report<unknown>, "take" | "cutShort">;
  /** Present where documents tell more than the log does. */
  readonly exceptions?: Exceptions;
  /** To be called once all records were taken. */
  print(printed: Printed): string;
}

const makers = {
  inventory: (selection: Selection) => makerOf(new Inventory(selection), inventoryView),
  exceptions: (selection: Selection) => {
    const exceptions = new Exceptions(selection);
    return { ...makerOf(exceptions, exceptionsView), exceptions };
  },
  changes: (selection: Selection) => makerOf(new Changes(selection), changesView),
  controls: (selection: Selection) => makerOf(new Controls(selection), controlsView),
  slo: (selection: Selection) => makerOf(new ServiceLevels(selection), sloView),
} as const satisfies Record<string, (selection: Selection) => ReportMaker>;

export type ReportName = keyof typeof makers;

export const reportNames = Object.keys(makers) as readonly ReportName[];

/** A report by its name, over the records to come. */
export function createReport(name: ReportName, selection: Selection): ReportMaker {
  return makers[name](selection);
}

function makerOf<Row>(report: Report<Row>, view: ReportView<Row>): ReportMaker {
  return { report, print: (printed) => render(report.rows(), view, printed) };
}

function render<Row>(rows: readonly Row[], view: ReportView<Row>, printed: Printed): string {
  const { format, notes, selection, source } = printed;
  const facts = factsOf(source, selection, notes);
  switch (format) {
    case "json":
      return toJson(rows, printed);
    case "html":
      return renderPage(rows, view, facts);
    case "table":
      return renderText(rows, view, { facts, style: printed.style });
  }
}

/** The document of audit-and-operations 4.9. */
function toJson(rows: readonly unknown[], { name, source }: Printed): string {
  const { from, status, to } = source;
  const document = { report: name, from, to, verified: status === "good", rows };
  return `${JSON.stringify(document, undefined, 2)}\n`;
}

function renderText<Row>(
  rows: readonly Row[],
  view: ReportView<Row>,
  { facts, style }: { readonly facts: ReportFacts; readonly style: TableStyle },
): string {
  const { text, tone } = standingOf(facts.source);
  const painted = style.paint(
    tone === "caution" ? "warning" : tone === "bad" ? "bad" : "good",
    text,
  );
  const head = `${style.paint("strong", view.title)}  ${facts.spanText}\n${painted}\n`;
  return rows.length === 0
    ? `${head}\nNo rows.\n`
    : `${head}\n${renderTable(rows, view.columns, style)}`;
}
