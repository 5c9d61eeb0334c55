import assert from "node:assert/strict";
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { defaultLimits } from "../../src/base/index.ts";
import type { Edit } from "../../src/domain/index.ts";
import { type DecodedBody, type Format, recognise } from "../../src/formats/index.ts";

/**
 * Bodies and streams in the published shapes, each beside the texts expected of it. With
 * GOLDEN_UPDATE=1 in the environment the expectations are written anew; their diff is the review.
 */
const folders = { "openai-chat": "/v1/chat/completions", "anthropic-messages": "/v1/messages" };
const isUpdate = process.env["GOLDEN_UPDATE"] === "1";
const email = /[a-z.]+@example\.org/g;

for (const [protocol, path] of Object.entries(folders)) {
  const folder = join(import.meta.dirname, protocol);
  const files = readdirSync(folder).filter((name) => !name.endsWith(".expected.json"));

  for (const file of files) {
    test(`${protocol}: the texts of ${file} are as expected`, () => {
      const bytes = readFileSync(join(folder, file));
      const found = describe(formatOf(path, protocol), file, bytes);
      const json = `${JSON.stringify(found, null, 2)}\n`;
      const expected = join(folder, `${file.replace(/\.[^.]+$/, "")}.expected.json`);
      if (isUpdate) writeFileSync(expected, json);
      assert.equal(json, readFileSync(expected, "utf8"));
    });
  }

  test(`${protocol}: there is a request, an answer and a stream to read`, () => {
    const kinds = new Set(files.map((file) => file.split(".")[1]));
    assert.deepEqual([...kinds].sort(), ["answer", "request", "stream"]);
  });
}

function formatOf(path: string, protocol: string): Format {
  const recognition = recognise({ method: "POST", path });
  assert.ok(recognition.kind === "format" && recognition.format.protocol === protocol);
  return recognition.format;
}

function describe(format: Format, file: string, bytes: Buffer): unknown {
  if (file.endsWith(".stream.txt")) return describeStream(format, bytes);
  const isRequest = file.endsWith(".request.json");
  const decoded = isRequest
    ? format.decodeRequest(bytes, defaultLimits)
    : format.decodeAnswer(bytes, defaultLimits);
  assert.equal(decoded.applyEdits([]), bytes);
  const { spans, applyEdits: _, ...rest } = decoded;
  return { ...rest, spans, masked: maskedLines(decoded) };
}

/** The lines that masking every address changes; what cannot be changed keeps its addresses. */
function maskedLines(decoded: DecodedBody): readonly string[] {
  const before = decoded.applyEdits([]).toString().split("\n");
  const edits: Edit[] = decoded.spans.flatMap(({ isFixed, text }, span) =>
    [...(isFixed ? "" : text).matchAll(email)].map((match) => ({
      span,
      start: match.index,
      end: match.index + match[0].length,
      replacement: "[EMAIL]",
    })),
  );
  const after = decoded.applyEdits(edits).toString();
  JSON.parse(after);
  return after.split("\n").filter((line, index) => line !== before[index]);
}

function describeStream(format: Format, bytes: Buffer): unknown {
  const stream = format.openAnswerStream(defaultLimits);
  const events = [...stream.push(bytes), ...stream.end()];
  assert.deepEqual(Buffer.concat(events.map((event) => event.bytes)), bytes);
  const texts: Record<string, string> = {};
  for (const { key, text } of events.flatMap(({ pieces }) => pieces)) {
    if (key !== null) texts[key] = (texts[key] ?? "") + text;
  }
  return {
    texts,
    events: events.map(({ pieces, ends, usage, finishReason }) => ({
      pieces,
      ends,
      usage,
      finishReason,
    })),
  };
}
