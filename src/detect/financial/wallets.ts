import { passesBase58Check } from "../checks/base-58.ts";
import { passesBech32 } from "../checks/bech-32.ts";
import { passesEthereumChecksum } from "../checks/ethereum.ts";
import { addCandidate, type Candidate, type Family, ranks, type Segment } from "../scan/family.ts";
import { groupStart, groupUnits } from "../scan/number-groups.ts";
import { base58Opening, prefixOpening } from "../scan/run-openings.ts";
import { topics } from "../scan/topics.ts";
import { catalogueEntry } from "../shapes/shape.ts";
import { digitBit, lowerBit, upperBit, wordBits } from "../text/character-kind.ts";
import { unitAt, unitKindAt } from "../text/units.ts";

const bitcoin = catalogueEntry("financial", {
  type: "BTC_ADDRESS",
  rank: ranks.financial,
  example: "bc1qw508d6qejxtdg4y5r3zarvary0c5xw7kv8f3t4",
  check: "Base58Check, bech32 or bech32m",
  context: "no",
  basePct: 99,
  countries: [],
});

const ethereum = catalogueEntry("financial", {
  type: "ETH_ADDRESS",
  rank: ranks.financial,
  example: "0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed",
  check: "EIP-55 where letters are of both cases",
  context: "no",
  basePct: 90,
  countries: [],
});

const base58UnitsMin = 25;
const base58UnitsMax = 35;
const bech32UnitsMin = 42;
const bech32UnitsMax = 62;
const ethereumUnits = 42;

/** Addresses of Bitcoin and Ethereum wallets. */
export const wallets: Family = {
  kinds: [bitcoin, ethereum],
  needs: digitBit,
  needsOne: lowerBit | upperBit | base58Opening | prefixOpening,
  unitsMin: base58UnitsMin,
  digitsMin: 1,
  runUnitsMin: base58UnitsMin,
  find,
};

function find(segment: Segment, found: Candidate[]): void {
  const { runs } = segment;
  for (let index = 0; index < runs.count; index += 1) {
    const units = groupUnits(runs, index);
    if (units < base58UnitsMin || units > bech32UnitsMax) continue;
    const start = groupStart(runs, index);
    const end = start + units;
    if (mayOpen(unitAt(start)) && isFree(start, end)) addWallet(segment, start, end, found);
  }
}

// What an address of either kind begins with: 0, 1, 3 or the letter b.
function mayOpen(first: number): boolean {
  return first === 0x30 || first === 0x31 || first === 0x33 || (first | 0x20) === 0x62;
}

function isFree(start: number, end: number): boolean {
  const isAttached = (unitKindAt(start - 1) & wordBits) !== 0 || (unitKindAt(end) & wordBits) !== 0;
  return !isAttached && unitAt(start - 1) !== 0x5f && unitAt(end) !== 0x5f;
}

function addWallet(segment: Segment, start: number, end: number, found: Candidate[]): void {
  const { text, context } = segment;
  const first = unitAt(start);
  if (first === 0x30) {
    if (!isEthereum(text, start, end)) return;
    const pct = ethereum.basePct + context.pct(topics.ethereum, start, end);
    addCandidate(found, ethereum, { start, end, pct });
  } else if (isBitcoin(text, start, end)) {
    const pct = bitcoin.basePct + context.pct(topics.bitcoin, start, end);
    addCandidate(found, bitcoin, { start, end, pct });
  }
}

function isBitcoin(text: string, start: number, end: number): boolean {
  const units = end - start;
  const first = unitAt(start) | 0x20;
  if (first === 0x62) {
    const isLong = units >= bech32UnitsMin && (unitAt(start + 1) | 0x20) === 0x63;
    return isLong && isOfOneCase(start, end) && isSegwit(text.slice(start, end));
  }
  const isLegacy = unitAt(start) === 0x31 || unitAt(start) === 0x33;
  return isLegacy && units <= base58UnitsMax && passesBase58Check(text.slice(start, end));
}

function isSegwit(address: string): boolean {
  return passesBech32(address.toLowerCase(), "bc");
}

// An address of one case carries no checksum; one of both must carry the right one.
function isEthereum(text: string, start: number, end: number): boolean {
  if (end - start !== ethereumUnits || (unitAt(start + 1) | 0x20) !== 0x78) return false;
  for (let at = start + 2; at < end; at += 1) {
    if ((unitKindAt(at) & digitBit) === 0 && !isHexLetter(unitAt(at))) return false;
  }
  const isPlain = isOfOneCase(start + 2, end);
  if (isPlain) return !isUniform(start + 2, end);
  return passesEthereumChecksum(text.slice(start + 2, end));
}

// The zero address and its like belong to nobody.
function isUniform(start: number, end: number): boolean {
  for (let at = start + 1; at < end; at += 1) {
    if (unitAt(at) !== unitAt(start)) return false;
  }
  return true;
}

function isHexLetter(code: number): boolean {
  const letter = code | 0x20;
  return letter >= 0x61 && letter <= 0x66;
}

function isOfOneCase(start: number, end: number): boolean {
  let cases = 0;
  for (let at = start; at < end; at += 1) cases |= unitKindAt(at);
  return (cases & (lowerBit | upperBit)) !== (lowerBit | upperBit);
}
