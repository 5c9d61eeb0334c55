import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { createMetadataReader, joinMetadata } from "./decode-metadata.ts";
import { envoy, type google } from "./gen/messages.js";

const { Metadata } = envoy.config.core.v3;

type Value = google.protobuf.Value.$Properties;
type Namespaces = Readonly<Record<string, Readonly<Record<string, Value>>>>;

function encode(namespaces: Namespaces): Buffer {
  const filterMetadata = Object.fromEntries(
    Object.entries(namespaces).map(([name, fields]) => [name, { fields }]),
  );
  return Buffer.from(Metadata.encode({ filterMetadata }).finish());
}

const text = (stringValue: string): Value => ({ stringValue });
const list = (values: Value[]): Value => ({ listValue: { values } });

describe("forwarded metadata", () => {
  test("is read by namespace, as plain data", () => {
    const read = createMetadataReader(
      encode({
        jwt: {
          claims: { structValue: { fields: { sub: text("ann"), groups: list([text("a")]) } } },
          exp: { numberValue: 1.5 },
          isFresh: { boolValue: true },
          nothing: { nullValue: 0 },
        },
        other: {},
      }),
    );
    const jwt = read("jwt");
    assert.deepEqual(JSON.parse(JSON.stringify(jwt)), {
      claims: { sub: "ann", groups: ["a"] },
      exp: 1.5,
      isFresh: true,
      nothing: null,
    });
    assert.deepEqual({ ...(read("other") as object) }, {});
    assert.equal(read("elsewhere"), undefined);
  });

  test("has no prototype, whatever its fields are called", () => {
    const fields = { ["__proto__"]: { structValue: { fields: { tenant: text("acme") } } } };
    const read = createMetadataReader(
      Buffer.from(Metadata.encode({ filterMetadata: { ns: { fields } } }).finish()),
    );
    const ns = read("ns") as Readonly<Record<string, unknown>>;
    assert.equal(Object.getPrototypeOf(ns), null);
    assert.equal(ns["tenant"], undefined);
    assert.equal(ns["toString"], undefined);
  });

  test("of one namespace the last entry counts", () => {
    const joined = joinMetadata(encode({ ns: { a: text("1") } }), encode({ ns: { b: text("2") } }));
    assert.ok(joined !== undefined);
    assert.deepEqual({ ...(createMetadataReader(joined)("ns") as object) }, { b: "2" });
    assert.equal(joinMetadata(undefined, Buffer.alloc(0)), undefined);
  });

  for (const [name, fields] of [
    ["deeper than sixteen levels", { a: nested(17) }],
    ["more than 4,096 values", { a: list(Array.from({ length: 4_096 }, () => text("x"))) }],
    ["more than 64 KiB", { a: text("x".repeat(64 * 1024)) }],
  ] as const) {
    test(`that is ${name} is not read, and not taken for none`, () => {
      const read = createMetadataReader(encode({ ns: fields, small: { a: text("1") } }));
      assert.equal(read("ns"), "unreadable");
      assert.deepEqual({ ...(read("small") as object) }, { a: "1" });
    });
  }

  test("up to these bounds it is read", () => {
    const fields = { a: nested(15), b: list(Array.from({ length: 4_000 }, () => text("x"))) };
    assert.notEqual(createMetadataReader(encode({ ns: fields }))("ns"), "unreadable");
  });

  test("that is cut off is not read, and not taken for none", () => {
    const whole = encode({ ns: { a: text("value") } });
    const read = createMetadataReader(whole.subarray(0, whole.length - 2));
    assert.equal(read("ns"), "unreadable");
  });
});

/** A list within a list, this many in all. */
function nested(levels: number): Value {
  let value = text("x");
  for (let level = 0; level < levels; level += 1) value = list([value]);
  return value;
}
