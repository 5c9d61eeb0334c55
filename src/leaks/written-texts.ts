import type { LeakFinder } from "./leak-finder.ts";

/** A value that was found, by its class and where it stands. */
export interface Found {
  readonly dataClass: string;
  readonly field: string;
}

/** Names of members as we give them; anything else could be what was found. */
const ourName = /^[A-Za-z][A-Za-z._]{0,39}$/;
/** Records are nested 8 deep at most (audit-and-operations 2.1), and nothing else is deeper. */
const depthMax = 16;

/** What to look for, and where not. */
export interface Search {
  readonly finder: LeakFinder;
  /** Members, by their place, that hold what they hold by design. */
  readonly passedOver: ReadonlySet<string>;
}

/**
 * Everything that is found in the texts and names of plain data, however deep. Numbers are not texts:
 * what counts things has digits enough to look like anything.
 */
export function findInData(value: unknown, search: Search): readonly Found[] {
  const found: Found[] = [];
  visit(value, { ...search, field: "", depth: 0 }, found);
  return found;
}

interface Place extends Search {
  readonly field: string;
  readonly depth: number;
}

function visit(value: unknown, place: Place, found: Found[]): void {
  const { depth, field, finder } = place;
  if (typeof value === "string") {
    add(finder.classIn(value), field, found);
  } else if (Array.isArray(value)) {
    for (const item of value) visit(item, { ...place, field: `${field}[]` }, found);
  } else if (typeof value === "object" && value !== null && depth < depthMax) {
    for (const [name, member] of Object.entries(value)) visitMember(name, member, place, found);
  }
}

function visitMember(name: string, member: unknown, outer: Place, found: Found[]): void {
  const { depth, finder, passedOver } = outer;
  const dataClass = finder.classIn(name);
  const shown = dataClass === undefined && ourName.test(name) ? name : "*";
  const field = outer.field === "" ? shown : `${outer.field}.${shown}`;
  add(dataClass, field, found);
  if (!passedOver.has(field)) visit(member, { ...outer, field, depth: depth + 1 }, found);
}

function add(dataClass: string | undefined, field: string, found: Found[]): void {
  if (dataClass !== undefined) found.push({ dataClass, field });
}

/** A label and its value, as both text formats of metrics write them. */
const label = /([A-Za-z_][A-Za-z0-9_]*)="((?:[^"\\\n]|\\.)*)"/g;

/** Everything that is found in the values of labels. `text`: whole lines of an exposition. */
export function findInLabels(text: string, finder: LeakFinder): readonly Found[] {
  const found: Found[] = [];
  for (const [, name = "", value = ""] of text.matchAll(label)) {
    add(finder.classIn(value), name, found);
  }
  return found;
}
