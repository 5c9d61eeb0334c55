import assert from "node:assert/strict";
import { test } from "node:test";
import { layDown } from "../text/units.ts";
import { isAboutSecret, keyNameBefore } from "./key-name.ts";

function nameIn(text: string): string {
  layDown(text);
  return keyNameBefore(text, text.length);
}

test("the parts of a key are set apart, however they are joined", () => {
  assert.equal(nameIn('{"clientSecret": "'), "client secret");
  assert.equal(nameIn("MAX__TOKENS="), "max tokens");
  assert.equal(nameIn("oauth2Token-id: "), "oauth2 token id");
  assert.equal(nameIn("--API_KEY="), " api key");
  assert.equal(nameIn("a APIKey "), "apikey");
});

test("what stands in no key has no name", () => {
  assert.equal(nameIn(""), "");
  assert.equal(nameIn("the token: = = = = = "), "");
});

test("a key that says something about a secret holds none", () => {
  assert.equal(isAboutSecret(nameIn('"tokenType": ')), true);
  assert.equal(isAboutSecret(nameIn('"sessionToken": ')), false);
});
