import type { Eventually } from "./deps.ts";

/** What comes of a value, now or when it is there. */
export function andThen<Value, Next>(
  value: Eventually<Value>,
  goOn: (value: Value) => Eventually<Next>,
): Eventually<Next> {
  return value instanceof Promise ? value.then(goOn) : goOn(value);
}

/**
 * The first that the items give and that is not undefined. They are asked in order, each when the one
 * before it has answered, and none after the one that gives something.
 */
export function firstOf<Item, Found>(
  items: readonly Item[],
  ask: (item: Item) => Eventually<Found | undefined>,
  from = 0,
): Eventually<Found | undefined> {
  for (let index = from; index < items.length; index += 1) {
    const found = ask(items[index] as Item);
    if (found instanceof Promise) {
      return found.then((one) => one ?? firstOf(items, ask, index + 1));
    }
    if (found !== undefined) return found;
  }
  return undefined;
}
