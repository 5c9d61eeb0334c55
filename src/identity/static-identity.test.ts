import assert from "node:assert/strict";
import { test } from "node:test";
import { parseStaticIdentity } from "./index.ts";

test("a static identity names its tenant, its app and the app as workload", () => {
  assert.deepEqual(parseStaticIdentity("acme/support-bot"), {
    tenant: "acme",
    app: "support-bot",
    principal: { id: "app:acme/support-bot", kind: "workload" },
    source: "static",
  });
});

test("a static identity that is not TENANT/APP of DNS labels is none", () => {
  for (const text of [
    "",
    "acme",
    "acme/",
    "/bot",
    "acme/bot/x",
    "Acme/bot",
    "acme/-bot",
    "platform/x",
  ]) {
    assert.equal(parseStaticIdentity(text), undefined, text);
  }
});
