import assert from "node:assert/strict";
import { test } from "node:test";
import { parseUpstreams } from "./upstream.ts";

function parsed(...texts: string[]): readonly (readonly [string | undefined, string])[] {
  const result = parseUpstreams(texts);
  assert.ok("upstreams" in result);
  return result.upstreams.map(({ provider, url }) => [provider, url.href]);
}

function mistakeOf(...texts: string[]): string {
  const result = parseUpstreams(texts);
  assert.ok("mistake" in result);
  return result.mistake;
}

test("one URL is the only upstream", () => {
  assert.deepEqual(parsed("http://127.0.0.1:8080"), [[undefined, "http://127.0.0.1:8080/"]]);
  assert.deepEqual(parsed("https://h/p"), [[undefined, "https://h/p"]]);
});

test("several upstreams are told apart by provider", () => {
  assert.deepEqual(parsed("openai=https://a.example/v", "local.1=http://[::1]:9"), [
    ["openai", "https://a.example/v"],
    ["local.1", "http://[::1]:9/"],
  ]);
});

test("an equals sign in a path does not make a provider", () => {
  assert.deepEqual(parsed("http://127.0.0.1:1/a=b"), [[undefined, "http://127.0.0.1:1/a=b"]]);
});

test("each mistake is told with what to write instead", () => {
  assert.match(mistakeOf(), /no upstream given; expected URL or PROVIDER=URL/);
  assert.match(mistakeOf("ftp://a.example"), /not a URL; expected http/);
  assert.match(mistakeOf("openai="), /not a URL/);
  assert.match(mistakeOf("a.example:80"), /not a URL/);
  assert.match(mistakeOf("http://a.example/?q=1"), /query or fragment/);
  assert.match(mistakeOf("http://a.example", "b=http://b.example"), /expected PROVIDER=http/);
  assert.match(mistakeOf("b=http://b.example", "http://a.example"), /expected PROVIDER=http/);
  assert.match(mistakeOf("a=http://a.example", "a=http://b.example"), /provider a has two/);
});

test("credentials in a URL are refused and not repeated", () => {
  const mistake = mistakeOf("https://name:hunter2@a.example");
  assert.match(mistake, /holds credentials/);
  assert.doesNotMatch(mistake, /hunter2/);
});
