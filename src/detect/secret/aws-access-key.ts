import { unitAt } from "../text/units.ts";
import { secretKind } from "./secret-kinds.ts";
import { isRandom, type TokenShape, tokenShape } from "./token-shape.ts";

const kind = secretKind("AWS_ACCESS_KEY", {
  check: "base 32, entropy",
  basePct: 95,
});

const bitsMin = 3;
const body = /^[A-Z2-7]{16}$/;
/** What an access key id begins with: long-term, temporary, for billing, for one context. */
export const accessKeyPrefixes = ["AKIA", "ASIA", "ABIA", "ACCA"] as const;
const prefixUnits = 4;

/** AWS access key ids. */
export const awsAccessKey: TokenShape = {
  ...tokenShape({ kind, prefixes: accessKeyPrefixes, body, bitsMin }),
  isWord: true,
};

/** Units of an access key id. */
export const accessKeyUnits = 20;

/** Whether what stands at `start` is an access key id; what stands around it is not looked at. */
export function isAccessKeyAt(text: string, start: number): boolean {
  if (unitAt(start) !== 0x41) return false;
  const rest = text.slice(start + prefixUnits, start + accessKeyUnits);
  return body.test(rest) && isRandom(rest, start + prefixUnits, bitsMin);
}
