import assert from "node:assert/strict";
import { test } from "node:test";
import { isRecentEnough, parseEnvoyVersion } from "./version.ts";

test("the version is found in what envoy prints", () => {
  const release = "\nenvoy  version: 9e5580933739775e/1.40.0/Clean/RELEASE/BoringSSL\n";
  const development = "envoy  version: 0/1.41.0-dev/Modified/DEBUG/BoringSSL";
  assert.equal(parseEnvoyVersion(release), "1.40.0");
  assert.equal(parseEnvoyVersion(development), "1.41.0");
});

test("what another program prints is no version", () => {
  assert.equal(parseEnvoyVersion("envoy 1.40.0"), undefined);
  assert.equal(parseEnvoyVersion("GNU bash, version 5.2.15(1)-release"), undefined);
  assert.equal(parseEnvoyVersion(""), undefined);
});

test("1.37 is recent enough, 1.36 is not, and 1.4 is older than both", () => {
  assert.equal(isRecentEnough("1.37.0"), true);
  assert.equal(isRecentEnough("1.40.0"), true);
  assert.equal(isRecentEnough("2.0.0"), true);
  assert.equal(isRecentEnough("1.36.9"), false);
  assert.equal(isRecentEnough("1.4.0"), false);
});
