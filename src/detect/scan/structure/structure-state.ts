import { Label } from "../context/label.ts";
import type { WordTrail } from "../context/word-trail.ts";
import type { LabelledValues } from "../labelled-values.ts";
import type { Outlook } from "../outlook.ts";
import { Expectation } from "./expectation.ts";
import { LabelPlace } from "./label-place.ts";
import { Lines } from "./lines.ts";
import { Nesting } from "./nesting.ts";
import { Outline } from "./outline.ts";
import { Statements } from "./statements.ts";
import { Tables } from "./tables.ts";
import { ValueInForce } from "./value-in-force.ts";

/** How far back from a mark the words of its label stand. */
export const labelUnitsMax = 64;

/** Filled anew by whoever asks what words say, and of no use to anybody else. */
export const said = new Label();

/** All that is known of the structure of a text so far, for those who read its marks. */
export interface StructureState {
  /** The words of the text, which say what labels mean. */
  readonly trail: WordTrail;
  /** Is told where values begin and end that somebody wants to see whole. */
  readonly values: LabelledValues;
  /** What is announced, and what is being read. */
  readonly expected: Expectation;
  readonly value: ValueInForce;
  readonly labelPlace: LabelPlace;
  readonly lines: Lines;
  readonly tables: Tables;
  readonly nesting: Nesting;
  readonly outline: Outline;
  readonly statements: Statements;
}

/** What is known before the first character. */
export function createState(trail: WordTrail, values: LabelledValues): StructureState {
  return {
    trail,
    values,
    expected: new Expectation(),
    value: new ValueInForce(),
    labelPlace: new LabelPlace(),
    lines: new Lines(),
    tables: new Tables(),
    nesting: new Nesting(),
    outline: new Outline(),
    statements: new Statements(),
  };
}

/** The same for a text that began alike and may go on otherwise, with words and values of its own. */
export function forkState(
  state: StructureState,
  trail: WordTrail,
  values: LabelledValues,
): StructureState {
  return {
    trail,
    values,
    expected: state.expected.fork(),
    value: state.value.fork(),
    labelPlace: state.labelPlace.fork(),
    lines: state.lines.fork(),
    tables: state.tables.fork(),
    nesting: state.nesting.fork(),
    outline: state.outline.fork(),
    statements: state.statements.fork(),
  };
}

/** Adds what bears on the text to come; words and values have outlooks of their own. */
export function addStateOutlook(state: StructureState, outlook: Outlook): void {
  state.expected.addOutlook(outlook);
  state.value.addOutlook(outlook);
  state.labelPlace.addOutlook(outlook);
  state.lines.addOutlook(outlook);
  state.tables.addOutlook(outlook);
  state.nesting.addOutlook(outlook);
  state.outline.addOutlook(outlook);
  state.statements.addOutlook(outlook);
}

/** Whether marks of structure stand in a string, where they are text. */
export function isShielded({ labelPlace, value }: StructureState): boolean {
  return labelPlace.isInString || value.isQuoted;
}
