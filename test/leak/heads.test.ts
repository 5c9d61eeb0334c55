import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { type PlantedValue, plantedValues, sentenceWith } from "../support/planted-values.ts";
import { dialects, type Outcome, runAnswer, runRequest, runTrailers } from "./runs.ts";
import { findTrace } from "./traces.ts";

const seeds = [0, 1, 2];

/** Names of a provider's own, and such as have a meaning of their own, which nobody need keep to. */
const answerHeaders = [
  "x-note",
  "warning",
  "x-error-detail",
  "location",
  "link",
  "server",
  "content-disposition",
  "www-authenticate",
  "cache-control",
  "retry-after",
  "vary",
  "alt-svc",
];

/** A value as it fits into a header, which has no line breaks. */
function inHeader(planted: PlantedValue): string {
  return sentenceWith(planted).replaceAll("\n", "\\n");
}

/** Plants every value, and fails where it shows in the headers that go on. */
function assertGuarded(run: (text: string) => Outcome): void {
  for (const planted of seeds.flatMap(plantedValues)) {
    const { refusal, headers } = run(inHeader(planted));
    const seen = refusal === undefined ? JSON.stringify(headers) : refusal.body;
    assert.equal(findTrace(seen, planted), undefined, `${planted.type} in ${seen}`);
  }
}

for (const dialect of Object.values(dialects)) {
  const body = [Buffer.from(dialect.request)];
  const mode = "BUFFERED";

  describe(`the head of a request of ${dialect.name} lets no planted value through`, () => {
    test("in the query, as a URL or a form has it", () => {
      for (const space of ["%20", "+"]) {
        assertGuarded((text) => {
          const note = encodeURIComponent(text).replaceAll("%20", space);
          const headers = { ":path": `${dialect.path}?note=${note}` };
          return runRequest(dialect, body, { mode, headers });
        });
      }
    });

    test("in the path", () => {
      assertGuarded((text) => {
        const headers = { ":path": `/${encodeURIComponent(text)}${dialect.path}` };
        return runRequest(dialect, body, { mode, headers });
      });
    });

    for (const name of ["x-note", "user-agent", "x-user-id", "referer", "accept", "vary"]) {
      test(`in ${name}`, () => {
        assertGuarded((text) => runRequest(dialect, body, { mode, headers: { [name]: text } }));
      });
    }

    test("but leaves the caller's own credentials alone", () => {
      for (const { value, isSecret } of seeds.flatMap(plantedValues)) {
        if (!isSecret || value.includes("\n")) continue;
        const headers = { authorization: `Bearer ${value}`, "x-api-key": value };
        const outcome = runRequest(dialect, body, { mode, headers });
        assert.equal(outcome.refusal, undefined);
        assert.equal(outcome.headers["authorization"], headers.authorization);
        assert.equal(outcome.headers["x-api-key"], headers["x-api-key"]);
      }
    });
  });

  describe(`the head of an answer of ${dialect.name} lets no planted value through`, () => {
    const answers = [
      { is: "a JSON answer", type: "application/json", status: "200", body: "{}" },
      { is: "an error", type: "application/json", status: "400", body: '{"error":{}}' },
      { is: "a stream", type: "text/event-stream", status: "200", body: 'data: {"a":1}\n\n' },
      { is: "a text", type: "text/plain", status: "502", body: "no" },
      { is: "an answer without a body", type: "text/plain", status: "500", body: "" },
    ] as const;
    const modes = ["FULL_DUPLEX_STREAMED", "STREAMED", "BUFFERED"] as const;
    for (const answer of answers) {
      for (const name of answerHeaders) {
        test(`in ${name} of ${answer.is}`, () => {
          for (const responseMode of modes) {
            assertGuarded((text) =>
              runAnswer(dialect, [Buffer.from(answer.body)], {
                mode: responseMode,
                headers: {
                  ":status": answer.status,
                  "content-type": answer.type,
                  [name]: text,
                },
              }),
            );
          }
        });
      }
    }
  });

  describe(`trailers of ${dialect.name} let no planted value through`, () => {
    test("behind a request", () => {
      for (const requestMode of ["BUFFERED", "FULL_DUPLEX_STREAMED"] as const) {
        const sent = { type: "application/json", text: dialect.request };
        assertGuarded((text) => {
          const options = { mode: requestMode, headers: { "x-note": text }, body: sent };
          return runTrailers(dialect, "request", options);
        });
      }
    });

    for (const [type, text] of [
      ["application/json", "{}"],
      ["text/event-stream", 'data: {"a":1}\n\n'],
      ["text/plain", "no"],
    ] as const) {
      test(`behind an answer of ${type}`, () => {
        for (const mode of ["FULL_DUPLEX_STREAMED", "BUFFERED"] as const) {
          assertGuarded((note) => {
            const options = { mode, headers: { "x-note": note }, body: { type, text } };
            return runTrailers(dialect, "response", options);
          });
        }
      });
    }
  });
}
