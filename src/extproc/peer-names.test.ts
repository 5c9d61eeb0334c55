import assert from "node:assert/strict";
import { test } from "node:test";
import { isOnList, peerNamesOf } from "./peer-names.ts";

const allow = {
  spiffe: ["spiffe://mesh.example/ns/gateway/*", "spiffe://mesh.example/one"],
  san: ["Gateway.example"],
};

function isAllowed(subjectAltName: string | undefined): boolean {
  return isOnList(peerNamesOf({ subjectAltName }), allow);
}

test("names are read from the text of the extension", () => {
  const subjectAltName = "DNS:A.example, URI:spiffe://m/a, IP Address:127.0.0.1, DNS:b.example";
  assert.deepEqual(peerNamesOf({ subjectAltName }), {
    uris: ["spiffe://m/a"],
    dnsNames: ["a.example", "b.example"],
  });
});

for (const text of [
  "URI:spiffe://mesh.example/ns/gateway/sa/envoy",
  "URI:spiffe://mesh.example/one, DNS:other.example",
  "DNS:gateway.EXAMPLE",
]) {
  test(`${text} is on the list`, () => assert.ok(isAllowed(text)));
}

for (const text of [
  undefined,
  "",
  "URI:spiffe://mesh.example/ns/gateway/../other",
  "URI:spiffe://mesh.example/ns/gateway/%2e%2e/other",
  "URI:spiffe://mesh.example/ns/gateway",
  "URI:spiffe://mesh.example/one/more",
  "URI:spiffe://mesh.example/one, URI:spiffe://mesh.example/two",
  "URI:gateway.example",
  "email:gateway.example",
  "DNS:*.example",
  'DNS:"other.example, DNS:gateway.example"',
  'URI:"x", DNS:gateway.example',
  'DNS:other.example", DNS:gateway.example',
  "gateway.example",
]) {
  test(`${text} is not on the list`, () => assert.ok(!isAllowed(text)));
}
