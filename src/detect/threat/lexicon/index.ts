import type { LexiconWords } from "../roles.ts";
import { arabic, chinese, hebrew, japanese, korean, southAsian, southEastAsian } from "./asian.ts";
import { danubian, greek, polish, russian, slavic, turkish } from "./eastern.ts";
import { english } from "./english.ts";
import { dutch, french, german, italian, nordic, portuguese, spanish } from "./western.ts";

export { english } from "./english.ts";

/** All languages whose words count. */
export const lexicons: readonly LexiconWords[] = [
  english,
  ...[german, french, spanish, portuguese, italian, dutch, nordic],
  ...[polish, russian, slavic, turkish, greek, danubian],
  ...[chinese, japanese, korean, arabic, hebrew, southAsian, southEastAsian],
];
