import { createHmac } from "node:crypto";
import { invariant } from "../base/index.ts";
import type { TokenOf } from "../effects/index.ts";
import type { ExchangeCore } from "./core.ts";

const tokenBytes = 8;
const firstLetter = "a".charCodeAt(0);

/**
 * Words for values that policies want told apart and not told: 16 letters of an HMAC-SHA-256 under
 * the key of the tenant's pseudonyms. `tokenize` gives a value one word within this exchange, in both
 * directions; `hash` one within the tenant, as long as that key is in use. Letters alone, so that no
 * word looks like a number or a key to whoever reads it next.
 */
export function tokensOf(core: ExchangeCore): TokenOf {
  return (method, type, value) => {
    const tenant = core.knowledge.identity?.tenant;
    invariant(tenant !== undefined, "a redaction is some tenant's");
    const within = method === "tokenize" ? core.evidence.exchange : "";
    // No tenant's name is empty, so nothing here is a pseudonym of anybody.
    const mac = createHmac("sha256", core.deps.pseudonymKey(tenant).secret)
      .update(`\0${tenant}\0${within}\0${type}\0${value}`)
      .digest();
    return letters(mac.subarray(0, tokenBytes));
  };
}

function letters(bytes: Buffer): string {
  let word = "";
  for (const byte of bytes) {
    word += String.fromCharCode(firstLetter + (byte >> 4), firstLetter + (byte & 0xf));
  }
  return word;
}
