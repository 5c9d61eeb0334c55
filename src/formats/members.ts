import { Fault } from "../base/index.ts";
import type { JsonDocument } from "./json-document.ts";

/**
 * The member of an object by which readers steer, or undefined. Readers that meet two keep the
 * first or the last, and some take names in any letter case, so such an object is refused.
 * @throws Fault json_ambiguous
 */
export function soleMember(doc: JsonDocument, object: number, name: string): number | undefined {
  if (!doc.isObject(object)) return undefined;
  let found: number | undefined;
  const after = doc.after(object);
  for (let member = doc.first(object); member < after; member = doc.after(member)) {
    const written = doc.name(member);
    if (written === name) {
      if (found !== undefined) throw ambiguous(name);
      found = member;
    } else if (isCaseVariant(written, name)) {
      throw ambiguous(name);
    }
  }
  return found;
}

/** The text of a steering member, undefined where it is absent or no string. */
export function soleText(doc: JsonDocument, object: number, name: string): string | undefined {
  const member = soleMember(doc, object, name);
  return member === undefined ? undefined : doc.textIfString(member);
}

/** The last member of this name, as most readers take it, or undefined. */
export function lastMember(doc: JsonDocument, object: number, name: string): number | undefined {
  if (!doc.isObject(object)) return undefined;
  let found: number | undefined;
  const after = doc.after(object);
  for (let member = doc.first(object); member < after; member = doc.after(member)) {
    if (doc.name(member) === name) found = member;
  }
  return found;
}

/** The last string of this name, or undefined. */
export function lastText(doc: JsonDocument, object: number, name: string): string | undefined {
  const member = lastMember(doc, object, name);
  return member === undefined ? undefined : doc.textIfString(member);
}

/** A whole number from 0 on under this name, or undefined. */
export function lastCount(doc: JsonDocument, object: number, name: string): number | undefined {
  const member = lastMember(doc, object, name);
  const value = member === undefined ? undefined : doc.numberIfNumber(member);
  return value !== undefined && Number.isSafeInteger(value) && value >= 0 ? value : undefined;
}

/**
 * Equal but for letter case. Up and then down again also folds the long s and the Kelvin sign,
 * which Go's decoder takes for "s" and "k".
 */
function isCaseVariant(written: string, name: string): boolean {
  if (written.length !== name.length) return false;
  return written !== name && written.toUpperCase().toLowerCase() === name;
}

function ambiguous(name: string): Fault {
  return new Fault(
    "json_ambiguous",
    `expected "${name}" once in its object and in this letter case`,
  );
}
