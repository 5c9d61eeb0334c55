import assert from "node:assert/strict";
import { test } from "node:test";
import { beginsAsEvents, parseSseFields, SseFramer } from "./sse.ts";

const cut = (stream: string, chunkBytes: number) => {
  const framer = new SseFramer(1000);
  const bytes = Buffer.from(stream);
  const events: string[] = [];
  for (let at = 0; at < bytes.length; at += chunkBytes) {
    for (const event of framer.push(bytes.subarray(at, at + chunkBytes)))
      events.push(String(event));
  }
  const rest = framer.end();
  return { events, rest: rest?.toString() };
};

const fieldsOf = (event: string, isFirst = false) => {
  const bytes = Buffer.from(event);
  const text = (range: { start: number; end: number }) =>
    bytes.toString("utf8", range.start, range.end);
  const fields = parseSseFields(bytes, isFirst);
  return {
    event: fields.event && text(fields.event),
    data: fields.data.map(text),
    others: fields.others.map(text),
  };
};

test("an empty line ends an event, whatever ends the lines", () => {
  const lines = { lf: "\n", crlf: "\r\n", cr: "\r" };
  for (const [name, end] of Object.entries(lines)) {
    const stream = `data: a${end}data: b${end}${end}data: c${end}${end}`;
    for (const chunkBytes of [1, 2, 3, 1000]) {
      const { events, rest } = cut(`${stream}x`, chunkBytes);
      assert.deepEqual(
        events,
        [`data: a${end}data: b${end}${end}`, `data: c${end}${end}`],
        `${name} in chunks of ${chunkBytes}`,
      );
      assert.equal(rest, "x");
    }
  }
});

test("mixed line ends and empty lines in a row keep every byte", () => {
  const stream = "\n\r\n:c\r\ndata:1\n\r\r\rdata:2\r\n\n\n";
  for (const chunkBytes of [1, 2, 5, 100]) {
    const { events, rest } = cut(stream, chunkBytes);
    assert.deepEqual(events, ["\n", "\r\n", ":c\r\ndata:1\n\r", "\r", "\r", "data:2\r\n\n", "\n"]);
    assert.equal(rest, undefined);
  }
});

test("a carriage return at the end of a stream ends its line", () => {
  assert.deepEqual(cut("data: a\r\r", 4), { events: [], rest: "data: a\r\r" });
});

test("an event is held once: one in one chunk is not copied", () => {
  const chunk = Buffer.from("data: a\n\n");
  const [event] = new SseFramer(100).push(chunk);
  assert.equal(event?.buffer, chunk.buffer);
});

test("an event without end is refused when it grows too large", () => {
  const framer = new SseFramer(10);
  framer.push(Buffer.from("data: 123"));
  assert.throws(() => framer.push(Buffer.from("45")), { code: "body_too_large" });
});

test("fields are told apart, one space after the colon taken off", () => {
  assert.deepEqual(
    fieldsOf("event: e\ndata:  a\ndata:b\ndata\n: comment\nid: 7\nretry:5\nnotes\n\n"),
    {
      event: "e",
      data: [" a", "b", ""],
      others: ["comment", "id: 7", "retry:5", "notes"],
    },
  );
});

test("names that only begin like a field are other fields", () => {
  assert.deepEqual(fieldsOf("datax: a\n Data: b\nDATA: c\n\n"), {
    event: undefined,
    data: [],
    others: ["datax: a", " Data: b", "DATA: c"],
  });
});

test("a byte order mark is skipped at the start of the stream only", () => {
  assert.deepEqual(fieldsOf("\uFEFFdata: a\n\n", true).data, ["a"]);
  assert.deepEqual(fieldsOf("\uFEFFdata: a\n\n").data, []);
});

test("an event field that a later one replaces is told with the other fields", () => {
  assert.deepEqual(fieldsOf("event: first\nevent\nevent: last\n\n"), {
    event: "last",
    data: [],
    others: ["first", ""],
  });
});

test("a body that begins with a comment or a field is an event stream, behind a mark and blank lines", () => {
  for (const start of ["", "\uFEFF", "\n", "\uFEFF\r\n\r"]) {
    for (const line of [":", ": hi", "data: x", "data\n", "event:x", "id:", "retry\r", "event\n"]) {
      assert.equal(beginsAsEvents(Buffer.from(start + line)), true, JSON.stringify(start + line));
    }
    for (const line of [
      "{",
      " data: x",
      "dates",
      "Data: x",
      "eventful: x",
      "x",
      "idle",
      '"data:"',
    ]) {
      assert.equal(beginsAsEvents(Buffer.from(start + line)), false, JSON.stringify(start + line));
    }
    for (const line of ["", "d", "data", "event", "i", "retr"]) {
      assert.equal(beginsAsEvents(Buffer.from(start + line)), undefined, JSON.stringify(line));
    }
  }
  assert.equal(beginsAsEvents(Buffer.from([0xef, 0xbb])), undefined);
  assert.equal(beginsAsEvents(Buffer.from([0xef, 0x20])), false);
});
