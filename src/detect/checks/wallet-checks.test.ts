import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { describe, it } from "node:test";
import { Draw } from "../../../test/support/draw.ts";
import { passesBase58Check } from "./base-58.ts";
import { passesBech32 } from "./bech-32.ts";
import { passesEthereumChecksum } from "./ethereum.ts";
import { keccak256, sponge256 } from "./keccak.ts";

const digits = "0123456789";
const capitals = "ABCDEFGHIJKLMNOPQRSTUVWXYZ";

describe("addresses of wallets", () => {
  it("the sponge agrees with SHA3-256 where only the padding differs", () => {
    const draw = new Draw(3);
    for (let units = 0; units < 135; units += 1) {
      const text = draw.text(digits + capitals, units);
      const expected = createHash("sha3-256").update(text).digest("hex");
      assert.equal(Buffer.from(sponge256(text, 6)).toString("hex"), expected, text);
    }
  });

  it("Keccak-256 gives the digests of its first submission", () => {
    const hex = (text: string) => Buffer.from(keccak256(text)).toString("hex");
    assert.equal(hex(""), "c5d2460186f7233c927e7db2dcc703c0e500b653ca82273b7bfad8045d85a470");
    assert.equal(hex("abc"), "4e03657aea45a94fc7d47ba826c8d667c0d1e6e33a64a036ec44f58fa12d6c45");
  });

  it("the examples of EIP-55 pass and fail with any letter's case changed", () => {
    for (const address of [
      "5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed",
      "fB6916095ca1df60bB79Ce92cE3Ea74c37c5d359",
      "dbF03B407c01E7cD3CBea99509d93f8DDDC8C6FB",
      "D1220A0cf47c7B9Be7A2E6BA89F429762e7b9aDb",
    ]) {
      assert.ok(passesEthereumChecksum(address), address);
      for (let at = 0; at < address.length; at += 1) {
        const unit = address.charAt(at);
        if (unit <= "9") continue;
        const other = unit < "a" ? unit.toLowerCase() : unit.toUpperCase();
        const changed = address.slice(0, at) + other + address.slice(at + 1);
        assert.ok(!passesEthereumChecksum(changed), changed);
      }
    }
  });

  it("the first address of Bitcoin passes, and no change of one character does", () => {
    const address = "1A1zP1eP5QGefi2DMPTfTL5SLmv7DivfNa";
    assert.ok(passesBase58Check(address));
    assert.ok(passesBase58Check("3J98t1WpEZ73CNmQviecrnyiWrnqRhWNLy"));
    expectChangesFail(address, passesBase58Check);
    assert.ok(!passesBase58Check("z".repeat(36)), "more than 25 bytes");
  });

  it("the examples of BIP 173 and BIP 350 pass, and no change of one character does", () => {
    const check = (text: string) => passesBech32(text, "bc");
    for (const address of [
      "bc1qw508d6qejxtdg4y5r3zarvary0c5xw7kv8f3t4",
      "bc1p0xlxvlhemja6c4dqv22uapctqupfhlxm9h8z3k2e72q4k9hcz7vqzk5jj0",
      "bc1pw508d6qejxtdg4y5r3zarvary0c5xw7kw508d6qejxtdg4y5r3zarvary0c5xw7kt5nd6y",
    ]) {
      assert.ok(check(address), address);
      expectChangesFail(address, check);
    }
    assert.ok(!check("tb1qw508d6qejxtdg4y5r3zarvary0c5xw7kxpjzsx"), "of a test net");
    assert.ok(!check("bc1qw508d6qejxtdg4y5r3zarvary0c5xw7kemeawh"), "bech32m under version 0");
  });

  function expectChangesFail(address: string, check: (text: string) => boolean): void {
    for (let at = 0; at < address.length; at += 1) {
      const other = address.charAt(at) === "q" ? "p" : "q";
      const changed = address.slice(0, at) + other + address.slice(at + 1);
      assert.ok(!check(changed), changed);
    }
  }
});
