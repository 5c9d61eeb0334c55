/**
 * Reports over the records of logs (audit-and-operations 4.9): each takes record after record in one
 * pass and keeps figures, never records; where there would be too many rows, the rest is one row.
 * They are rows of plain values, which somebody else renders. Start with `takeRecords`.
 */
export { type ChangeRow, Changes } from "./changes.ts";
export { type ControlRow, Controls } from "./controls.ts";
export { type ExceptionRow, Exceptions, type LayerVersion } from "./exceptions.ts";
export { Inventory, type InventoryRow } from "./inventory.ts";
export { type Measure, type MeasureId, measures } from "./measures.ts";
export type { Report, ReportRecord, Selection } from "./report.ts";
export { type ReportInput, type ReportSource, type SourceLog, takeRecords } from "./run-report.ts";
export { ServiceLevels, type SloRow } from "./slo.ts";
