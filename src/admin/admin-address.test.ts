import assert from "node:assert/strict";
import { test } from "node:test";
import { AdminAddressError, parseAdminAddress } from "./index.ts";

test("sockets and loopback addresses are read", () => {
  for (const [text, address] of [
    ["unix:/run/chancery/admin.sock", { kind: "unix", path: "/run/chancery/admin.sock" }],
    ["127.0.0.1:9003", { kind: "tcp", host: "127.0.0.1", port: 9003 }],
    ["127.1.2.3:0", { kind: "tcp", host: "127.1.2.3", port: 0 }],
    ["[::1]:9003", { kind: "tcp", host: "::1", port: 9003 }],
    ["localhost:80", { kind: "tcp", host: "127.0.0.1", port: 80 }],
  ] as const) {
    assert.deepEqual(parseAdminAddress(text), address);
  }
});

test("an address others could reach is refused with a way out", () => {
  for (const text of [
    "0.0.0.0:9003",
    "10.0.0.1:9003",
    "[::]:9003",
    "[::ffff:10.0.0.1]:9003",
    "example.internal:9003",
    "127.0.0.1.example:9003",
    "0x7f.1:9003",
  ]) {
    assert.throws(
      () => parseAdminAddress(text),
      (error) =>
        error instanceof AdminAddressError && /use 127\.0\.0\.1:9003 or/.test(error.message),
      text,
    );
  }
});

test("what is no address is refused with an example", () => {
  for (const text of [
    "",
    "unix:",
    ":9003",
    "127.0.0.1",
    "127.0.0.1:",
    "127.0.0.1:65536",
    "::1:9003",
    "[127.0.0.1]:1",
    "127.0.0.1:1x",
  ]) {
    assert.throws(() => parseAdminAddress(text), /expected unix:PATH or HOST:PORT/, text);
  }
});
