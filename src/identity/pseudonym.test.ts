import assert from "node:assert/strict";
import { createHmac, createSecretKey } from "node:crypto";
import { test } from "node:test";
import { pseudonymOf } from "./index.ts";

const bytes = Buffer.alloc(32, 1);
const key = { number: 7, secret: createSecretKey(bytes) };
const ann = { tenant: "acme", issuer: "https://id.acme.example", subject: "ann" };

test("a pseudonym is the key's number and half of an HMAC over tenant, issuer and subject", () => {
  const text = Buffer.from("acme\0https://id.acme.example\0ann");
  const mac = createHmac("sha256", bytes).update(text).digest();
  assert.equal(pseudonymOf(key, ann), `p7:${mac.subarray(0, 16).toString("base64url")}`);
});

test("it is another for each subject, issuer, tenant and key", () => {
  const refs = [
    pseudonymOf(key, ann),
    pseudonymOf(key, { ...ann, subject: "bob" }),
    pseudonymOf(key, { ...ann, issuer: undefined }),
    pseudonymOf(key, { ...ann, tenant: "globex" }),
    pseudonymOf({ ...key, secret: createSecretKey(Buffer.alloc(32, 2)) }, ann),
  ];
  assert.equal(new Set(refs).size, refs.length);
});
