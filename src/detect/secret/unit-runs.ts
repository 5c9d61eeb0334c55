import { units } from "../text/units.ts";

/** Characters that runs of one kind of token are made of: 1 for each unit that is one. */
export type UnitTable = Uint8Array;

/** A table of the ASCII letters and digits and the given marks. */
export function unitTable(marks: string): UnitTable {
  const table = new Uint8Array(0x10000);
  table.fill(1, 0x30, 0x3a);
  table.fill(1, 0x41, 0x5b);
  table.fill(1, 0x61, 0x7b);
  for (const mark of marks) table[mark.charCodeAt(0)] = 1;
  return table;
}

/**
 * Where the first run of at least `unitsMin` units begins between two places of the text that is laid
 * down, the first of which is no
 * place within a run; -1 if there is none. Looks at the end of where one would have to be first, so
 * that it passes over most of what is too short.
 */
export function nextRun(from: number, to: number, table: UnitTable, unitsMin: number): number {
  let start = from;
  while (start + unitsMin <= to) {
    let at = start + unitsMin - 1;
    while (at >= start && table[units[at] ?? 0] === 1) at -= 1;
    if (at < start) return start;
    start = at + 1;
  }
  return -1;
}

/** Where the run ends, before `to`, that `from` lies in. */
export function runEnd(from: number, to: number, table: UnitTable): number {
  let end = from;
  while (end < to && table[units[end] ?? 0] === 1) end += 1;
  return end;
}
