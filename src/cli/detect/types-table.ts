import { type CatalogueEntry, catalogue } from "../../detect/index.ts";
import { builtInSensitivityOf } from "../../policy/index.ts";

const contexts: Readonly<Record<CatalogueEntry["context"], string>> = {
  no: "none",
  bare: "if bare",
  yes: "always",
};

/** All types that are found without a policy's doing, as a table for people. */
export function renderTypes(): string {
  const head = ["TYPE", "CLASS", "LABEL", "BASE", "CONTEXT", "COUNTRIES", "CHECK"];
  const rows = catalogue.map((entry) => [
    entry.type,
    entry.dataClass,
    builtInSensitivityOf(entry.dataClass).label,
    `${entry.basePct} %`,
    contexts[entry.context],
    entry.countries.join(" ") || "all",
    entry.check || "none",
  ]);
  const widths = head.map((_, column) =>
    Math.max(...[head, ...rows].map((row) => row[column]?.length ?? 0)),
  );
  return [head, ...rows]
    .map(
      (row) =>
        `${row
          .map((cell, column) => cell.padEnd(widths[column] ?? 0))
          .join("  ")
          .trimEnd()}\n`,
    )
    .join("");
}

/** The same for programs. */
export function typesToJson(): string {
  const types = catalogue.map((entry) => ({
    type: entry.type,
    class: entry.dataClass,
    ...builtInSensitivityOf(entry.dataClass),
    detector: entry.detector,
    example: entry.example === "" ? null : entry.example,
    check: entry.check === "" ? null : entry.check,
    context: entry.context,
    baseConfidence: entry.basePct / 100,
    countries: entry.countries,
  }));
  return `${JSON.stringify({ types }, undefined, 2)}\n`;
}
