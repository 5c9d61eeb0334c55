import type { Leak } from "./leak.ts";
import type { LeakFinder } from "./leak-finder.ts";
import { type Found, findInData, findInLabels } from "./written-texts.ts";

/** What a span says, as far as it is text. */
export interface WrittenSpan {
  readonly name: string;
  readonly attributes: object;
  readonly events: readonly { readonly name: string; readonly attributes: object }[];
}

/** One thing that was written and picked to be looked at. */
export type Piece =
  | { readonly surface: "record"; readonly line: Buffer; readonly seq: number }
  | { readonly surface: "log"; readonly line: string }
  | { readonly surface: "span"; readonly span: WrittenSpan }
  | { readonly surface: "metric"; readonly lines: string };

/**
 * Members of records that hold what they hold by design (audit-and-operations 2.2, 2.3): who did what to
 * the log or to policies, signatures and roots, and the groups that an issuer has people in.
 */
const recordMembers: ReadonlySet<string> = new Set([
  ...["actor", "note", "verifier", "previous", "replaces"],
  ...["principal.groups", "principal.roles", "findings[].detector"],
]);
const noMembers: ReadonlySet<string> = new Set();

/** What is found in a piece, each class once for a place. */
export function leaksIn(piece: Piece, finder: LeakFinder): readonly Leak[] {
  const found = foundIn(piece, finder);
  if (found.length === 0) return [];
  const seq = piece.surface === "record" ? piece.seq : undefined;
  const places = new Map(found.map((one) => [`${one.dataClass} ${one.field}`, one]));
  return [...places.values()].map((one) => ({ surface: piece.surface, ...one, seq }));
}

function foundIn(piece: Piece, finder: LeakFinder): readonly Found[] {
  switch (piece.surface) {
    case "record":
      return findInData(parse(piece.line.toString()), { finder, passedOver: recordMembers });
    case "log":
      return findInData(parse(piece.line), { finder, passedOver: noMembers });
    case "span":
      return findInData(shownOf(piece.span), { finder, passedOver: noMembers });
    case "metric":
      return findInLabels(piece.lines, finder);
  }
}

/** Without ids: those are drawn at random. */
function shownOf({ attributes, events, name }: WrittenSpan): object {
  const said = events.map((event) => ({ name: event.name, attributes: event.attributes }));
  return { name, attributes, events: said };
}

/** A line that is no JSON is a text like others. */
function parse(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return { line };
  }
}
