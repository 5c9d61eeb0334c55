/**
 * Amounts are whole micro-units: a millionth of a request, a token, a US dollar or a tool call. Whole
 * numbers add up to the same sum in any order, so what was reserved can be taken back exactly.
 */
export const microsPerUnit = 1_000_000;

/** The largest budget, in units: its micro-units and a cost beside them are exact as doubles. */
export const budgetUnitsMax = 4_000_000_000;

const microsMax = budgetUnitsMax * microsPerUnit;

/** A limit in micro-units; what is finer than one is left out, so that nothing is added to it. */
export function toBudget(units: number): number {
  return Math.min(Math.floor(units * microsPerUnit), microsMax);
}

/**
 * A cost in micro-units, rounded up so that nothing is free that is not; undefined for what is no
 * cost: less than nothing, not a number, or more than any budget could hold.
 */
export function toCost(units: number | undefined): number | undefined {
  if (units === undefined || !(units >= 0)) return undefined;
  const micros = Math.ceil(units * microsPerUnit);
  return micros <= microsMax ? micros : undefined;
}
