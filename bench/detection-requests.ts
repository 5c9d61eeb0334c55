import { performance } from "node:perf_hooks";
import { defaultLimits } from "../src/base/index.ts";
import type { Detector } from "../src/detect/index.ts";
import type { Edit } from "../src/domain/index.ts";
import { recognise } from "../src/formats/index.ts";
import { median, quantile } from "./statistics.ts";

const bodyBytesMax = 4096;
/** Different bodies of one kind, so that no answer is remembered from the one before. */
const bodiesPerKind = 16;
/** Requests before measuring begins: compiling is not what is asked about. */
const warmUpRequests = 5000;

const words = "Plain words of a long conversation that has nothing to hide, over and over again. ";

const code = `export function label(rows: readonly Row[]): string {
  const width = Math.max(...rows.map((row) => row.name.length), 12);
  return rows.map((row) => \`\${row.name.padEnd(width)}\\t\${row.total.toFixed(2)}\`).join("\\n");
}
const shape = /^v?\\d+\\.\\d+\\.\\d+(?:-[\\w.]+)?$/; // as in "react@19.1.0"
const id = "550e8400-e29b-41d4-a716-446655440000";
`;

interface Kind {
  readonly name: string;
  readonly bodies: readonly Buffer[];
  /** What each request took, in microseconds. */
  readonly micros: number[];
}

const format = chatFormat();
const kinds: readonly Kind[] = [
  kindOf("plain words", (serial, repeats) => [
    { role: "user", content: `Question ${serial}: ${words.repeat(repeats)}` },
  ]),
  kindOf("chat with 5 values", (serial, repeats) => [
    { role: "system", content: words.repeat(repeats) },
    { role: "user", content: `Write to jane.roe${serial}@example.org: ${words.repeat(repeats)}` },
    { role: "assistant", content: `I shall call +1 202-555-0143. ${words.repeat(repeats)}` },
    {
      role: "user",
      content: `From GB82 WEST 1234 5698 7654 32 or 4111 1111 1111 1111. ${words.repeat(repeats)}`,
    },
    { role: "user", content: "Her social security number is 219-09-1234." },
  ]),
  kindOf("code", (serial, repeats) => [
    { role: "user", content: `// Listing ${serial}\n${code.repeat(repeats)}` },
  ]),
  kindOf("escaped JSON arguments", (serial, repeats) => [
    { role: "assistant", tool_calls: [callOf(serial, repeats)] },
  ]),
];

/** What it takes to govern bodies of one kind, in microseconds each. */
export interface RequestRow {
  readonly name: string;
  readonly bytes: number;
  readonly edits: number;
  readonly minimum: number;
  readonly p50: number;
  readonly p99: number;
}

/**
 * What does it cost to find the values in one body and to take them out? Decodes chat requests of up to
 * 4 KiB, scans each of their texts and applies an edit for each finding, kind by kind in turns.
 */
export function measureRequests(
  detector: Detector,
  rounds: number,
  requestsPerRound: number,
): RequestRow[] {
  for (const kind of kinds) drive(detector, kind, warmUpRequests);
  for (const kind of kinds) kind.micros.length = 0;
  for (let round = 0; round < rounds; round += 1) {
    for (const kind of kinds) drive(detector, kind, requestsPerRound);
  }
  return kinds.map(({ name, bodies, micros }) => {
    const [body = Buffer.of()] = bodies;
    return {
      name,
      bytes: body.length,
      edits: govern(detector, body).edits,
      minimum: quantile(micros, 0),
      p50: median(micros),
      p99: quantile(micros, 0.99),
    };
  });
}

function drive(detector: Detector, kind: Kind, requests: number): void {
  for (let request = 0; request < requests; request += 1) {
    const body = kind.bodies[request % kind.bodies.length] ?? Buffer.of();
    const start = performance.now();
    govern(detector, body);
    kind.micros.push((performance.now() - start) * 1000);
  }
}

/** What is measured: one body read, scanned and written. */
function govern(
  detector: Detector,
  body: Buffer,
): { readonly bytes: Buffer; readonly edits: number } {
  const request = format.decodeRequest(body, defaultLimits);
  const edits: Edit[] = [];
  for (const [span, { text }] of request.spans.entries()) {
    for (const { type, start, end } of detector.scan(text)) {
      edits.push({ span, start, end, replacement: `[${type}]` });
    }
  }
  return { bytes: request.applyEdits(edits), edits: edits.length };
}

function chatFormat() {
  const recognised = recognise({ method: "POST", path: "/v1/chat/completions" });
  if (recognised.kind !== "format") throw new Error("expected the path to name a format");
  return recognised.format;
}

/** Bodies as long as the filling can be repeated. */
function kindOf(
  name: string,
  messagesOf: (serial: number, repeats: number) => readonly object[],
): Kind {
  const bodies = Array.from({ length: bodiesPerKind }, (_, index) => {
    const serial = 1000 + index * 79;
    const bodyOf = (repeats: number) =>
      Buffer.from(JSON.stringify({ model: "small", messages: messagesOf(serial, repeats) }));
    let repeats = 0;
    while (bodyOf(repeats + 1).length <= bodyBytesMax) repeats += 1;
    return bodyOf(repeats);
  });
  return { name, bodies, micros: [] };
}

/** A call as encoders outside JavaScript write it, with a value behind an escape. */
function callOf(serial: number, repeats: number): object {
  const rows = Array.from({ length: repeats }, (_, row) => ({
    name: `row "${row}"`,
    path: "C:\\new\\table",
    note: 'She said "yes".\nThen she left.\n',
  }));
  const text = JSON.stringify({ to: [`jane.roe${serial}@example.org`, "Zoë"], rows });
  const escaped = text.replaceAll("@", "\\u0040").replaceAll("ë", "\\u00eb");
  return { id: "call_1", type: "function", function: { name: "send", arguments: escaped } };
}
