import type { AgainstReport, VerifyReport } from "../replay/index.ts";
import type { Paint } from "./paint.ts";
import { plural } from "./problem-report.ts";

/** Differences shown to people; programs get all of them. */
const shownMax = 50;

/** What `replay --verify` found, for people. */
export function renderVerified(report: VerifyReport, paint: Paint): string {
  const { differences, replayed, same, skipped, undetermined } = report;
  const lines = differences
    .slice(0, shownMax)
    .map(({ exchange, field, log, recorded, replayed, seq }) =>
      [
        `${paint("bad", "differs")}  ${exchange}  ${log} ${seq}  ${field}`,
        `  recorded  ${JSON.stringify(recorded)}`,
        `  replayed  ${JSON.stringify(replayed)}`,
      ].join("\n"),
    );
  if (differences.length > shownMax) lines.push(`and ${differences.length - shownMax} more`);
  const counts = `${plural(replayed, "record")} decided again: ${same} the same${rest(undetermined, skipped)}`;
  const summary =
    differences.length === 0
      ? paint("good", counts)
      : `${paint("bad", counts)}\n  A record that differs was not made by the policies it names, or was changed.`;
  return `${[...lines, summary].join("\n\n")}\n`;
}

/** What `replay --against` found, for people. */
export function renderAgainst(report: AgainstReport, paint: Paint): string {
  const { isWider, replayed, skipped, transitions, unchanged, undetermined, unjudgedTools } =
    report;
  const lines = transitions.map(({ count, examples, from, rule, tenant, to, tool }) =>
    [
      `${paint("warning", `${from} -> ${to}`)}  ${tenant ?? "nobody"}  ${rule ?? "no rule"}  ${tool === undefined ? "" : `tool ${tool}  `}${count}`,
      `  such as  ${examples.join("  ")}`,
    ].join("\n"),
  );
  const ofTools =
    unjudgedTools === 0
      ? ""
      : `\n  Of ${plural(unjudgedTools, "record")} the tools were not judged then, so nothing is said of them.`;
  const counts = `${plural(replayed, "record")}: ${unchanged} unchanged, ${replayed - unchanged} changed${rest(undetermined, skipped)}`;
  const summary = isWider
    ? `${paint("bad", counts)}\n  A deny became a permit, or a redaction was lost or became weaker.`
    : paint("good", counts);
  return `${[...lines, summary + ofTools].join("\n\n")}\n`;
}

function rest(undetermined: number, skipped: number): string {
  const parts = [
    ...(undetermined === 0 ? [] : [`${undetermined} undetermined`]),
    ...(skipped === 0 ? [] : [`${skipped} not to be decided again`]),
  ];
  return parts.length === 0 ? "" : `; ${parts.join(", ")}`;
}
