import assert from "node:assert/strict";
import { generateKeyPairSync } from "node:crypto";
import { describe, test } from "node:test";
import fc from "fast-check";
import {
  decodeEnvelope,
  encodeEnvelope,
  preAuthenticationEncoding,
  readSigningKey,
  readVerifyingKey,
} from "./index.ts";

/** RFC 8032 section 7.1, TEST 2: the seed behind the fixed head of a PKCS#8 Ed25519 key. */
const seed = "4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb";
const publicHalf = "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c";
const signature =
  "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da" +
  "085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00";

function toPem(seedHex: string): string {
  const der = Buffer.from(`302e020100300506032b657004220420${seedHex}`, "hex");
  return `-----BEGIN PRIVATE KEY-----\n${der.toString("base64")}\n-----END PRIVATE KEY-----\n`;
}

describe("preAuthenticationEncoding", () => {
  test("is the example of the standard", () => {
    const encoded = preAuthenticationEncoding(
      "http://example.com/HelloWorld",
      Buffer.from("hello world"),
    );
    assert.equal(
      Buffer.from(encoded).toString(),
      "DSSEv1 29 http://example.com/HelloWorld 11 hello world",
    );
  });

  test("counts bytes, not characters, and tells every pair of type and payload apart", () => {
    const encoded = preAuthenticationEncoding("é", Buffer.from("ü"));
    assert.equal(Buffer.from(encoded).toString(), "DSSEv1 2 é 2 ü");
    const pair = fc.tuple(fc.string(), fc.uint8Array());
    fc.assert(
      fc.property(pair, pair, ([type, payload], [otherType, otherPayload]) => {
        const one = Buffer.from(preAuthenticationEncoding(type, payload));
        const other = preAuthenticationEncoding(otherType, otherPayload);
        const isSame = type === otherType && Buffer.from(payload).equals(otherPayload);
        assert.equal(one.equals(other), isSame);
      }),
    );
  });
});

describe("Ed25519 keys", () => {
  test("sign and verify as RFC 8032 section 7.1 says", () => {
    const key = readSigningKey("k", toPem(seed));
    const message = Buffer.from("72", "hex");
    assert.equal(key?.publicKey, Buffer.from(publicHalf, "hex").toString("base64"));
    assert.equal(Buffer.from(key?.sign(message) ?? []).toString("hex"), signature);
    const verifying = readVerifyingKey(key?.publicKey ?? "");
    assert.equal(verifying?.verify(message, Buffer.from(signature, "hex")), true);
    assert.equal(verifying?.verify(Buffer.from("73", "hex"), Buffer.from(signature, "hex")), false);
    assert.equal(verifying?.verify(message, Buffer.from(signature, "hex").subarray(1)), false);
  });

  test("of another kind, or behind a passphrase, or no key at all, are none", () => {
    const other = generateKeyPairSync("ec", { namedCurve: "P-256" }).privateKey;
    assert.equal(
      readSigningKey("k", other.export({ format: "pem", type: "pkcs8" }).toString()),
      undefined,
    );
    const locked = generateKeyPairSync("ed25519").privateKey.export({
      format: "pem",
      type: "pkcs8",
      cipher: "aes-256-cbc",
      passphrase: "a",
    });
    assert.equal(readSigningKey("k", locked.toString()), undefined);
    assert.equal(readSigningKey("k", ""), undefined);
    assert.equal(readVerifyingKey("AAAA"), undefined);
    assert.equal(readVerifyingKey("not base64"), undefined);
  });
});

describe("an envelope", () => {
  test("is read as it was written", () => {
    fc.assert(
      fc.property(
        fc.string(),
        fc.uint8Array(),
        fc.array(fc.record({ keyid: fc.string(), sig: fc.uint8Array() }), { maxLength: 3 }),
        (payloadType, payload, signatures) => {
          const read = decodeEnvelope(encodeEnvelope({ payloadType, payload, signatures }));
          assert.equal(read?.payloadType, payloadType);
          assert.ok(Buffer.from(payload).equals(read.payload));
          assert.deepEqual(
            read.signatures.map(({ keyid, sig }) => [keyid, Buffer.from(sig).toString("hex")]),
            signatures.map(({ keyid, sig }) => [keyid, Buffer.from(sig).toString("hex")]),
          );
        },
      ),
      { numRuns: 100 },
    );
  });

  test("that is none is told, whatever is wrong with it", () => {
    const good = { payloadType: "t", payload: "", signatures: [] };
    assert.notEqual(decodeEnvelope(Buffer.from(JSON.stringify(good))), undefined);
    for (const form of [
      null,
      [],
      { ...good, payload: 1 },
      { ...good, payload: "=A" },
      { ...good, payload: "QQ" },
      { ...good, payloadType: undefined },
      { ...good, signatures: {} },
      { ...good, signatures: [{ keyid: 1, sig: "" }] },
      { ...good, signatures: [{ keyid: "k" }] },
      { ...good, signatures: Array.from({ length: 17 }, () => ({ sig: "" })) },
    ]) {
      assert.equal(decodeEnvelope(Buffer.from(JSON.stringify(form))), undefined);
    }
    assert.equal(decodeEnvelope(Buffer.from([0xff])), undefined);
  });

  test("without a key id has an empty one, since nothing depends on it", () => {
    const text = '{"payloadType":"t","payload":"","signatures":[{"sig":"QUE="}],"more":1}';
    assert.equal(decodeEnvelope(Buffer.from(text))?.signatures[0]?.keyid, "");
  });
});
