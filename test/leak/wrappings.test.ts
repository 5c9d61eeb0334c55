import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { brotliCompressSync, deflateSync, gzipSync, zstdCompressSync } from "node:zlib";
import type { BodyMode } from "../../src/exchange/index.ts";
import { type PlantedValue, plantedValues, sentenceWith } from "../support/planted-values.ts";
import { joinEventTexts } from "./event-texts.ts";
import { type Dialect, dialects, type Outcome, runPackedAnswer, runRequest } from "./runs.ts";
import { findTrace } from "./traces.ts";

/** A body in a wrapping of its own: packed, labelled wrongly, in another encoding. */
interface Wrapping {
  readonly name: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly bytes: (text: string) => Buffer;
}

const plain = (text: string) => Buffer.from(text);
const packings: readonly (readonly [string, (bytes: Buffer) => Buffer])[] = [
  ["gzip", gzipSync],
  ["deflate", deflateSync],
  ["br", brotliCompressSync],
  ["zstd", zstdCompressSync],
];

function labelled(
  name: string,
  type: string | undefined,
  bytes: Wrapping["bytes"] = plain,
): Wrapping {
  return { name, headers: type === undefined ? {} : { "content-type": type }, bytes };
}

function wrappingsOf(type: string): readonly Wrapping[] {
  return [
    ...packings.flatMap(([coding, pack]) => [
      {
        name: `packed with ${coding}`,
        headers: { "content-type": type, "content-encoding": coding },
        bytes: (text: string) => pack(plain(text)),
      },
      labelled(`packed with ${coding} without saying so`, type, (text) => pack(plain(text))),
    ]),
    {
      name: "packed twice",
      headers: { "content-type": type, "content-encoding": "gzip, br" },
      bytes: (text) => brotliCompressSync(gzipSync(text)),
    },
    labelled("without a type", undefined),
    labelled("as text", "text/plain"),
    labelled("as HTML", "text/html; charset=utf-8"),
    labelled("as an image", "image/png"),
    labelled("as bytes", "application/octet-stream"),
    labelled("as a form", "application/x-www-form-urlencoded"),
    labelled("as newline-delimited JSON", "application/x-ndjson"),
    labelled("with a byte order mark", type, (text) => plain(`\uFEFF${text}`)),
    labelled("in UTF-16 with a mark", `${type}; charset=utf-16`, (text) =>
      Buffer.from(`\uFEFF${text}`, "utf16le"),
    ),
    labelled("in UTF-16 without saying so", type, (text) => Buffer.from(text, "utf16le")),
    labelled("in UTF-16, big-endian", type, (text) =>
      Buffer.from(`\uFEFF${text}`, "utf16le").swap16(),
    ),
    labelled("with a zero behind it", type, (text) => plain(`${text}\0`)),
    labelled("cut off", type, (text) => plain(text).subarray(0, -2)),
    labelled("twice", type, (text) => plain(text + text)),
  ];
}

/** Bytes as any reader might read them. What is left of a packed body reads as all of it. */
function readingsOf(passed: Buffer, sent: { bytes: Buffer; text: string }): readonly string[] {
  const isStillPacked = passed.length > 0 && sent.bytes.subarray(0, passed.length).equals(passed);
  const text = passed.toString("utf8");
  const pairs = passed.subarray(0, passed.length - (passed.length % 2));
  return [
    text,
    ...joinEventTexts(text).values(),
    pairs.toString("utf16le"),
    Buffer.from(pairs).swap16().toString("utf16le"),
    ...(isStillPacked ? [sent.text] : []),
  ];
}

async function assertGuarded(
  body: (text: string) => string,
  wrapping: Wrapping,
  run: (bytes: Buffer) => Outcome | Promise<Outcome>,
): Promise<void> {
  for (const planted of plantedValues(7)) {
    const text = body(textOf(planted));
    const bytes = wrapping.bytes(text);
    const { passed, refusal } = await run(bytes);
    for (const reading of [...readingsOf(passed, { bytes, text }), refusal?.body ?? ""]) {
      assert.equal(findTrace(reading, planted), undefined, `${planted.type} in ${reading}`);
    }
  }
}

function textOf(planted: PlantedValue): string {
  return JSON.stringify(sentenceWith(planted));
}

const requestModes: readonly BodyMode[] = ["BUFFERED", "FULL_DUPLEX_STREAMED"];
const answerModes: readonly BodyMode[] = ["FULL_DUPLEX_STREAMED", "STREAMED", "BUFFERED"];

interface Bodies {
  readonly request: (text: string) => string;
  readonly answers: readonly (readonly [string, string, (text: string) => string])[];
}

function describeWrappings(dialect: Dialect, { request, answers }: Bodies): void {
  describe(`a request of ${dialect.name} lets no planted value through`, () => {
    for (const wrapping of wrappingsOf("application/json")) {
      test(wrapping.name, async () => {
        for (const mode of requestModes) {
          const { headers } = wrapping;
          await assertGuarded(request, wrapping, (bytes) =>
            runRequest(dialect, [bytes], { mode, headers }),
          );
        }
      });
    }
  });

  for (const [is, type, answer] of answers) {
    describe(`${is} of ${dialect.name} lets no planted value through`, () => {
      for (const wrapping of wrappingsOf(type)) {
        test(wrapping.name, async () => {
          for (const mode of answerModes) {
            for (const isStreamAsked of [true, false]) {
              const { headers } = wrapping;
              await assertGuarded(answer, wrapping, (bytes) =>
                runPackedAnswer(dialect, [bytes], { mode, headers, isStreamAsked }),
              );
            }
          }
        });
      }
    });
  }
}

const html = (text: string) => `<html><body><p>${text}</p></body></html>`;

describeWrappings(dialects.openai, {
  request: (text) => `{"model":"large","messages":[{"role":"user","content":${text}}]}`,
  answers: [
    [
      "a JSON answer",
      "application/json",
      (text) => `{"choices":[{"message":{"content":${text}}}]}`,
    ],
    [
      "a stream",
      "text/event-stream",
      (text) => `data: {"choices":[{"index":0,"delta":{"content":${text}}}]}\n\ndata: [DONE]\n\n`,
    ],
    ["a page of a proxy's", "text/html", html],
  ],
});
describeWrappings(dialects.anthropic, {
  request: (text) =>
    `{"model":"large","max_tokens":9,"messages":[{"role":"user","content":${text}}]}`,
  answers: [
    ["a JSON answer", "application/json", (text) => `{"content":[{"type":"text","text":${text}}]}`],
    [
      "a stream",
      "text/event-stream",
      (text) =>
        'event: content_block_delta\ndata: {"type":"content_block_delta","index":0,' +
        `"delta":{"type":"text_delta","text":${text}}}\n\n` +
        'event: message_stop\ndata: {"type":"message_stop"}\n\n',
    ],
    ["a page of a proxy's", "text/html", html],
  ],
});
