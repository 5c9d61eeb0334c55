import { roleBit, roles } from "../context/roles.ts";

/** Where a value can be expected, by what says so. */
export const valueKinds = {
  none: 0,
  /** Behind a colon. */
  key: 1,
  /** Behind an equals sign. */
  assigned: 2,
  /** In a column of a table. */
  cell: 3,
  /** In a list under a key. */
  item: 4,
  /** On the line below a label. */
  below: 5,
  /** Between two tags. */
  tag: 6,
  /** Behind a flag of a command. */
  flag: 7,
  /** In a row of an SQL statement. */
  rowValue: 8,
  /** Behind words of a sentence. */
  spoken: 9,
} as const;

const line = roleBit(roles.newline);
const member =
  roleBit(roles.comma) | roleBit(roles.closeBrace) | roleBit(roles.closeBracket) | line;

/** What ends a value without quotes, as a mask of roles, by kind. */
const endings: readonly number[] = buildEndings();

/** What ends a value of a kind. `isMember`: it stands in brackets, `delimiter` is that of its table. */
export function endingOf(
  kind: number,
  place: { readonly isMember: boolean; readonly isInString: boolean; readonly delimiter: number },
): number {
  const quote = place.isInString ? roleBit(roles.quote) : 0;
  const own = endings[kind] ?? line;
  if (kind === valueKinds.cell) return own | roleBit(place.delimiter) | quote;
  return (place.isMember && !place.isInString ? own | member : own) | quote;
}

/** Whether marks of structure that say nothing leave a value of this kind as it is. */
export function isEnclosed(kind: number): boolean {
  return kind === valueKinds.cell || kind === valueKinds.rowValue || kind === valueKinds.tag;
}

function buildEndings(): readonly number[] {
  const byKind = new Array<number>(valueKinds.spoken + 1).fill(line);
  byKind[valueKinds.assigned] = line | roleBit(roles.semicolon) | roleBit(roles.ampersand);
  byKind[valueKinds.tag] = roleBit(roles.less);
  byKind[valueKinds.flag] = line | roleBit(roles.space);
  byKind[valueKinds.rowValue] = roleBit(roles.comma) | roleBit(roles.closeParen);
  return byKind;
}
