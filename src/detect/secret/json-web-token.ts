import { addCandidate, type Candidate, type Family, type Segment } from "../scan/family.ts";
import { groupStart } from "../scan/number-groups.ts";
import { jsonOpening } from "../scan/run-openings.ts";
import { lowerBit } from "../text/character-kind.ts";
import { unitAt } from "../text/units.ts";
import { secretKind } from "./secret-kinds.ts";
import { isTokenUnit, mayBeginToken } from "./secret-token.ts";

/** Confidence of a token, in percent. */
export const jsonWebTokenPct = 97;

/** What a token is reported as; the scan reports the pieces of endless ones itself. */
export const jsonWebTokenKind = secretKind("JWT", {
  check: "header decodes and has `alg`",
  basePct: jsonWebTokenPct,
});

/** Signed and encrypted JSON web tokens in compact form (RFC 7515 and 7516, section 7.1). */
export const jsonWebTokens: Family = {
  kinds: [jsonWebTokenKind],
  needs: lowerBit | jsonOpening,
  unitsMin: 20,
  digitsMin: 0,
  find,
};

const openingUnits = 3;
const dotCode = 0x2e;
/** Dots of a signed token, and of an encrypted one. */
const signedDots = 2;
const encryptedDots = 4;
const headerUnitsMin = 12;

/** A token that has no end yet. Owned by its scan; `at` is an offset into the scan's buffer. */
export interface OpenToken {
  /** Next unit to read. */
  at: number;
  dots: number;
  readonly dotsMax: number;
}

interface TokenExtent {
  readonly end: number;
  readonly dots: number;
  readonly dotsMax: number;
}

function find(segment: Segment, found: Candidate[]): void {
  const { text, to, runs, isWindow } = segment;
  let end = 0;
  for (let index = 0; index < runs.count; index += 1) {
    const start = groupStart(runs, index);
    if (start < end || !isOpening(start)) continue;
    const extent = extentAt(text, start, to);
    if (extent === undefined) continue;
    if (!(isWindow && extent.end === to) && !isComplete(extent)) continue;
    end = extent.end;
    addCandidate(found, jsonWebTokenKind, { start, end, pct: jsonWebTokenPct });
  }
}

/**
 * The token that begins at `start` and fills the text to `to` with more to come. A header is enough
 * to begin with; parts are counted from there.
 */
export function openTokenAt(text: string, start: number, to: number): OpenToken {
  const extent = extentAt(text, start, to);
  return { at: to, dots: extent?.dots ?? 0, dotsMax: extent?.dotsMax ?? 0 };
}

/**
 * Reads on as far as the text goes. True when the token has ended, at `at`; a dot after its
 * last part is taken along. `isLast`: no more text comes.
 */
export function readToken(text: string, token: OpenToken, isLast: boolean): boolean {
  while (token.at < text.length) {
    if (unitAt(token.at) === dotCode && token.dots < token.dotsMax) token.dots += 1;
    else if (!isTokenUnit(token.at)) return true;
    token.at += 1;
  }
  return isLast;
}

// The parts that stand at `start`, or undefined if the first is not the header of a token.
function extentAt(text: string, start: number, to: number): TokenExtent | undefined {
  if (!mayBeginToken(start)) return undefined;
  const headerEnd = partEnd(start, to);
  if (headerEnd - start < headerUnitsMin || !namesAlgorithm(text.slice(start, headerEnd))) {
    return undefined;
  }
  const second = headerEnd + 1;
  const isSecondObject = second + openingUnits <= to && isOpening(second);
  const dotsMax = isSecondObject ? signedDots : encryptedDots;
  let end = headerEnd;
  let dots = 0;
  while (end < to && dots < dotsMax && unitAt(end) === dotCode) {
    dots += 1;
    end = partEnd(end + 1, to);
  }
  return { end, dots, dotsMax };
}

// `eyJ`, which is `{"` in base64url; a header cannot begin otherwise unless it has white space.
function isOpening(at: number): boolean {
  return unitAt(at) === 0x65 && unitAt(at + 1) === 0x79 && unitAt(at + 2) === 0x4a;
}

function isComplete(token: TokenExtent): boolean {
  return token.dots === token.dotsMax && unitAt(token.end - 1) !== dotCode;
}

function partEnd(start: number, to: number): number {
  let end = start;
  while (end < to && isTokenUnit(end)) end += 1;
  return end;
}

// RFC 7515 4.1.1: each header names its algorithm. A header cut off by the window is read as far as
// it goes, so no JSON parser.
function namesAlgorithm(header: string): boolean {
  return /"alg"\s*:\s*"/.test(Buffer.from(header, "base64url").toString("latin1"));
}
