import { unitTable } from "../../wide/wide.ts";
import { isUnspaced, letters } from "./letters.ts";
import { unspacedEndings } from "./word-table.ts";

/** What a character may do to the structure of a text; 0 for all others. */
export const roles = {
  space: 1,
  newline: 2,
  colon: 3,
  equals: 4,
  comma: 5,
  semicolon: 6,
  tab: 7,
  pipe: 8,
  quote: 9,
  apostrophe: 10,
  openBrace: 11,
  openBracket: 12,
  closeBrace: 13,
  closeBracket: 14,
  less: 15,
  greater: 16,
  openParen: 17,
  closeParen: 18,
  question: 19,
  ampersand: 20,
  dash: 21,
  backtick: 22,
  /** The last unit of a known word in a script that runs words together. */
  wordEnd: 23,
  digit: 24,
} as const;

/** Entries of letters are no less than this, and roles are. */
const letterMin = 32;

fillUnitTable();

/** The role of a UTF-16 unit. */
export function roleOf(code: number): number {
  const entry = unitTable[code] ?? 0;
  return entry < letterMin ? entry : 0;
}

/** The bit of a role in a mask of several. */
export function roleBit(role: number): number {
  return 1 << role;
}

// Entries in `letters`, and roles of what is no letter.
function fillUnitTable(): void {
  unitTable.set(letters);
  const marks: readonly (readonly [role: number, marks: string])[] = [
    [roles.space, " \u00a0\u3000"],
    [roles.newline, "\n\r\u2028\u2029"],
    [roles.colon, ":\uff1a"],
    [roles.equals, "="],
    [roles.comma, ","],
    [roles.semicolon, ";"],
    [roles.tab, "\t"],
    [roles.pipe, "|"],
    [roles.quote, '"'],
    [roles.apostrophe, "'"],
    [roles.openBrace, "{"],
    [roles.openBracket, "["],
    [roles.closeBrace, "}"],
    [roles.closeBracket, "]"],
    [roles.less, "<"],
    [roles.greater, ">"],
    [roles.openParen, "("],
    [roles.closeParen, ")"],
    [roles.question, "?\uff1f"],
    [roles.ampersand, "&"],
    [roles.dash, "-"],
    [roles.backtick, "`"],
    [roles.digit, "0123456789"],
  ];
  for (const [role, units] of marks) {
    for (const unit of units) unitTable[unit.charCodeAt(0)] = role;
  }
  for (const code of unspacedEndings()) {
    if (isUnspaced(code)) unitTable[code] = roles.wordEnd;
  }
}
