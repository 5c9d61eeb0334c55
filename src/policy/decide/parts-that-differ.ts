import { canonicalJson } from "../../signing/index.ts";
import type { Snapshot } from "../snapshot/snapshot.ts";

/**
 * Tells whether what a hidden part belongs to, given the part's key, is another in one snapshot than
 * in the other: how it ended under the one says nothing then of how it would under the other.
 */
export function partsThatDiffer(before: Snapshot, after: Snapshot): (key: string) => boolean {
  const [old, next] = [ownersIn(before), ownersIn(after)];
  return (key) => {
    const owner = ownerOf(key);
    const known = old.get(owner);
    return known === undefined || known !== next.get(owner);
  };
}

/** The same for all records of a snapshot. */
const ownersOf = new WeakMap<Snapshot, ReadonlyMap<string, string>>();

/** The texts of rules, exceptions and kill switches, by the names their parts go by. */
function ownersIn(snapshot: Snapshot): ReadonlyMap<string, string> {
  const known = ownersOf.get(snapshot);
  if (known !== undefined) return known;
  const { killSwitches, lifts, rules } = snapshot;
  const owners = new Map<string, string>();
  const add = (name: string, owner: object) => {
    owners.set(name, (owners.get(name) ?? "") + canonicalJson(withoutAbsent(owner)));
  };
  for (const rule of rules) {
    add(rule.name, rule);
    const isOfException = rule.layer === "grant" || rule.layer === "incident";
    if (isOfException) add(scopeOf(rule.name.slice(0, rule.name.lastIndexOf("/"))), rule);
  }
  for (const lift of lifts) add(scopeOf(lift.by), lift);
  for (const one of killSwitches.switches) add(one.name, one);
  ownersOf.set(snapshot, owners);
  return owners;
}

function ownerOf(key: string): string {
  const name = key.slice(0, key.indexOf("#"));
  if (key.startsWith("@scope", name.length + 1)) return scopeOf(name);
  return name.replace(/@(?:stable|candidate)$/, "");
}

/** An exception is one with all that it permits and lifts: whom it is for is said beside. */
function scopeOf(exception: string): string {
  return `${exception} scope`;
}

/** As it would be after it was written down and read again. */
function withoutAbsent(value: object): object {
  return JSON.parse(JSON.stringify(value)) as object;
}
