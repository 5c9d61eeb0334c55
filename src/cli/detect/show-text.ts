import type { Threat } from "../../detect/index.ts";
import type { Io } from "../io.ts";
import { createPaint, type Paint } from "../paint.ts";
import { type Detection, likelyThreats } from "./detection.ts";
import { renderMarked } from "./marked-text.ts";

/** Prints a text for people: its findings below their lines, then threats, then all of it in a line. */
export function showText(text: string, detection: Detection, io: Io): void {
  const paint = createPaint(io);
  const { findings } = detection;
  const threats = likelyThreats(detection);
  for (const line of findings.length === 0 ? [] : renderMarked(text, findings, paint)) {
    io.stdout.write(`${line}\n`);
  }
  if (findings.length > 0) io.stdout.write("\n");
  for (const threat of threats) io.stdout.write(`${renderThreat(threat, text, paint)}\n`);
  if (findings.length === 0 && threats.length > 0) return;
  io.stdout.write(`${summaryOf(findings.map(({ type }) => type))}\n`);
}

/** `threat.exfiltration 81 %: data_in_link (line 3)`. */
function renderThreat(
  { dataClass, reasons, scorePct }: Threat,
  text: string,
  paint: Paint,
): string {
  const places = reasons.map(({ reason, start }) => `${reason} (line ${lineOf(text, start)})`);
  return `${paint("bad", `${dataClass} ${scorePct} %`)}: ${[...new Set(places)].join(", ")}`;
}

function lineOf(text: string, offset: number): number {
  let line = 1;
  for (let at = text.indexOf("\n"); at >= 0 && at < offset; at = text.indexOf("\n", at + 1))
    line += 1;
  return line;
}

/** `3 findings: EMAIL 2, IBAN 1`, the most frequent first. */
function summaryOf(types: readonly string[]): string {
  if (types.length === 0) return "Nothing found.";
  const counts = Map.groupBy(types, (type) => type);
  const parts = [...counts]
    .toSorted(([a, some], [b, others]) => others.length - some.length || (a < b ? -1 : 1))
    .map(([type, all]) => `${type} ${all.length}`);
  return `${types.length === 1 ? "1 finding" : `${types.length} findings`}: ${parts.join(", ")}`;
}
