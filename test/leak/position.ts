import { JsonInString, MarkedNumber, mark, type PlantedJson } from "../support/planted-json.ts";

/**
 * What is to become of a planted value at a position.
 * - `edited`: a maskable value is masked there and everything else stays; a secret is refused.
 * - `guarded`: as `edited`, or refused: names and switches that cannot be rewritten.
 * - `fixed`: bound to a signature, so readable but never changed: any value is refused.
 * - `opaque`: nothing a person could read; passes with every byte kept, or is refused.
 */
export type Handling = "edited" | "guarded" | "fixed" | "opaque";

/** A place in a body where a value can stand. */
export interface Position {
  readonly name: string;
  readonly handling: Handling;
  readonly body: PlantedJson;
  /** The body once a value in it was masked, where that changes more than the value. */
  readonly masked?: PlantedJson;
  /** Of an answer; default 200. */
  readonly status?: number;
}

/** A place in a stream where a value can stand, whole or in pieces. */
export interface StreamPosition {
  readonly name: string;
  readonly handling: Handling;
  readonly before: readonly string[];
  /** Gives an event, or what stands in its stead; the mark is replaced by a piece of the text. */
  readonly piece: StreamPiece;
  readonly after: readonly string[];
  /** What comes between two pieces, such as a comment that keeps the connection open. */
  readonly between?: string;
  /** The text that is cut into pieces; default: the planted text itself. */
  readonly inner?: PlantedJson;
  /** True: comes in one piece, as its format sends it. */
  readonly isWhole?: boolean;
}

/** An event as JSON under a name, or raw text with the mark in it. */
export type StreamPiece =
  | { readonly event?: string; readonly data: PlantedJson }
  /** A line cannot hold a line break, so breaks in the text are written as `lineBreak`. */
  | { readonly raw: string; readonly lineBreak: string };

/** The ways the arguments of a call can hold a value, by name. */
export function argumentDocuments(): readonly (readonly [string, PlantedJson])[] {
  return [
    ["a member", { to: mark, subject: "hi" }],
    ["deep in it", { list: [{ a: 1 }, { to: [mark, "x"] }] }],
    ["the name of a member", { headers: { [mark]: true } }],
    ["JSON in its JSON", { body: new JsonInString({ to: mark }) }],
    ["a number", { card: new MarkedNumber(), n: 1 }],
    ["a list of numbers", { cards: [1, new MarkedNumber()] }],
    ["a lone string", mark],
    ["a lone number", new MarkedNumber()],
  ];
}

/** The same as JSON text in a string, and text that is none. */
export function argumentTexts(): readonly (readonly [string, PlantedJson])[] {
  return [
    ...argumentDocuments().map(([how, document]) => [how, new JsonInString(document)] as const),
    ["text that is no JSON", `to=${mark}`],
  ];
}

/** Whether a body can only hold a value that is a number. */
export function holdsNumber(value: PlantedJson | undefined): boolean {
  if (value instanceof MarkedNumber) return true;
  if (value instanceof JsonInString) return holdsNumber(value.value);
  if (typeof value !== "object" || value === null) return false;
  return Object.values(value).some((member) => holdsNumber(member as PlantedJson));
}
