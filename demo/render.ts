import { styleText } from "node:util";
import type { Outcome, Scene } from "./scene.ts";

const width = 80;
const labelWidth = 20;
const isColoured = process.stdout.isTTY === true && process.env["NO_COLOR"] === undefined;

/** One scene as a block of lines that fits into 80 columns. */
export function renderScene(
  number: number,
  scene: Scene,
  outcome: Outcome,
  differences: readonly string[],
): string {
  const received =
    outcome.received.length === 0
      ? [["upstream received", "nothing"] as const]
      : outcome.received.map(({ server, text }) => [`${server} received`, text] as const);
  const rows: (readonly [string, string])[] = [
    ["client sent", outcome.sent],
    ...received,
    ["client got", outcome.status === 0 ? outcome.got : `${outcome.status}  ${outcome.got}`],
    ["verdict", outcome.verdict],
    ["rule", outcome.rule],
    ["decision", outcome.decision],
  ];
  const lines = [
    "",
    paint("bold", `${number}  ${scene.title}`),
    ...wrap(scene.claim, width - 3).map((line) => paint("dim", `   ${line}`)),
    ...rows.flatMap(([label, text]) => renderRow(label, text)),
    ...(differences.length === 0
      ? [paint("green", "   as claimed")]
      : differences.map((difference) => paint("red", `   DIFFERS: ${difference}`))),
  ];
  return lines.join("\n");
}

/** The closing line. */
export function renderSummary(total: number, failed: number): string {
  return failed === 0
    ? paint("green", `\nAll ${total} scenes went as claimed.`)
    : paint("red", `\n${failed} of ${total} scenes differ from their claim.`);
}

function renderRow(label: string, text: string): readonly string[] {
  const [first = "", ...rest] = wrap(text, width - labelWidth - 3);
  const indent = " ".repeat(labelWidth + 3);
  return [
    `   ${paint("cyan", label.padEnd(labelWidth))}${first}`,
    ...rest.slice(0, 4).map((line) => indent + line),
  ];
}

function wrap(text: string, columns: number): readonly string[] {
  const lines: string[] = [];
  let line = "";
  for (const word of text.split(" ")) {
    if (line !== "" && line.length + 1 + word.length > columns) {
      lines.push(line);
      line = "";
    }
    line = line === "" ? word : `${line} ${word}`;
    while (line.length > columns) {
      lines.push(line.slice(0, columns));
      line = line.slice(columns);
    }
  }
  return [...lines, line];
}

function paint(style: "bold" | "dim" | "green" | "red" | "cyan", text: string): string {
  return isColoured ? styleText(style, text) : text;
}
