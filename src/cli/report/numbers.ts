const groups = new Intl.NumberFormat("en-US");

/** A count as people read it, such as `12,345`. */
export function countText(count: number): string {
  return groups.format(count);
}

/** Micro US dollars as dollars; nothing for nothing. */
export function moneyText(micros: number): string {
  if (micros === 0) return "";
  return `$${(micros / 1e6).toFixed(micros < 1_000_000 ? 4 : 2)}`;
}

/** A share in percent, with as many digits as tell it from all of them. */
export function shareText(share: number): string {
  const percent = share * 100;
  const isNearAll = percent > 99 && percent < 100;
  return `${isNearAll ? percent.toFixed(4).replace(/0{1,3}$/, "") : percent.toFixed(1)} %`;
}

/** A time of a record to the second, in UTC. */
export function timeText(at: string | null): string {
  return at === null ? "" : at.slice(0, 19).replace("T", " ");
}

/** The sums of numbers by name, largest first. */
export function sumsBy<Item>(
  items: readonly Item[],
  namesOf: (item: Item) => readonly string[],
  numberOf: (item: Item) => number,
): readonly (readonly [name: string, sum: number])[] {
  const sums = new Map<string, number>();
  for (const item of items) {
    for (const name of namesOf(item)) sums.set(name, (sums.get(name) ?? 0) + numberOf(item));
  }
  return [...sums].toSorted(([a, one], [b, two]) => two - one || (a < b ? -1 : 1));
}
