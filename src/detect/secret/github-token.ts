import { crc32 } from "node:zlib";
import { isPlaceholder } from "./placeholders.ts";
import { secretKind } from "./secret-kinds.ts";
import type { TokenShape } from "./token-shape.ts";

const shapePct = 92;
const checkedPct = 99;

const kind = secretKind("GITHUB_TOKEN", {
  check: "CRC-32 raises confidence",
  basePct: shapePct,
});

/** At least 36 characters; installation tokens have grown beyond that. */
const classic = /^gh[pousr]_[A-Za-z0-9]{36,}$/;
const fineGrained = /^github_pat_[A-Za-z0-9]{22}_[A-Za-z0-9]{59}$/;
const classicUnits = 40;
const checkedUnits = 34;
const base62 = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

/** GitHub tokens: classic ones of five kinds and fine-grained personal access tokens. */
export const githubToken: TokenShape = {
  kind,
  prefixes: ["ghp_", "gho_", "ghu_", "ghs_", "ghr_", "github_pat_"],
  judge(token, _prefix, start) {
    if (!classic.test(token) && !fineGrained.test(token)) return 0;
    const bodyAt = token.lastIndexOf("_") + 1;
    if (isPlaceholder(token.slice(bodyAt), start + bodyAt)) return 0;
    return hasChecksum(token) ? checkedPct : shapePct;
  },
};

// The last six characters of a classic token are the CRC-32 of the thirty before, in base 62. A wrong
// one may only mean that the scheme has changed, so it does not reject.
function hasChecksum(token: string): boolean {
  if (token.length !== classicUnits) return false;
  let rest = crc32(token.slice(4, checkedUnits));
  let digits = "";
  for (let count = 0; count < 6; count += 1) {
    digits = base62.charAt(rest % 62) + digits;
    rest = Math.floor(rest / 62);
  }
  return token.endsWith(digits);
}
