/** What opens an encoding, or can be a disguise or a look-alike; few units of a Latin-1 text to compare. */
const unusual = /[\\%&\xad\xb7\u0100-\uffff]/;

/** The text that was last asked about, and the answer: one layer after another asks about the same. */
let lastText = "";
let lastAnswer = -1;

/** Where in a text the first unit is that may have to be read otherwise than it is written, or -1. */
export function firstUnusual(text: string): number {
  if (text !== lastText) {
    lastAnswer = text.search(unusual);
    lastText = text;
  }
  return lastAnswer;
}
