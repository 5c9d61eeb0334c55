/** How often each of some outcomes was seen. */
export type Tally = ReadonlyMap<string, number>;

/**
 * Outcomes told apart. The index grows by chance with each of them, by about 1/n + 1/m for n and m
 * samples, so the rare ones count as one.
 */
const outcomesMax = 24;

/** No share counts as less: what was never seen before is a surprise, but not an infinite one. */
const shareMin = 0.0005;

/**
 * Population stability index of two tallies: the sum of (p - q) ln(p / q) over the shares of each
 * outcome. 0: alike; up to 0.1 chance; from 0.25 on, by convention, another population.
 */
export function populationStability(reference: Tally, current: Tally): number {
  const [before, now] = [sharesOf(reference), sharesOf(current)];
  const names = commonest(before, now);
  let index = termOf(restOf(before, names), restOf(now, names));
  for (const name of names) index += termOf(before.get(name) ?? 0, now.get(name) ?? 0);
  return index;
}

function termOf(before: number, now: number): number {
  const p = Math.max(now, shareMin);
  const q = Math.max(before, shareMin);
  return (p - q) * Math.log(p / q);
}

function sharesOf(tally: Tally): Tally {
  let all = 0;
  for (const count of tally.values()) all += count;
  return new Map([...tally].map(([name, count]) => [name, count / all]));
}

/** The outcomes with the largest share in either. */
function commonest(before: Tally, now: Tally): ReadonlySet<string> {
  const shareOf = (name: string) => Math.max(before.get(name) ?? 0, now.get(name) ?? 0);
  const names = [...new Set([...before.keys(), ...now.keys()])];
  return new Set(names.sort((a, b) => shareOf(b) - shareOf(a)).slice(0, outcomesMax - 1));
}

/** The share of all outcomes but these. */
function restOf(shares: Tally, names: ReadonlySet<string>): number {
  let rest = 0;
  for (const [name, share] of shares) if (!names.has(name)) rest += share;
  return rest;
}
