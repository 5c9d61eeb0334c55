/** A word in small letters and without accents, as lists of words are kept. */
export function fold(word: string): string {
  if (isAscii(word)) return word.toLowerCase();
  return word.normalize("NFD").replace(marks, "").toLowerCase();
}

/** The same without dots and apostrophes, as abbreviations and elisions have them. */
export function foldWithoutMarks(word: string): string {
  return fold(hasMark(word) ? word.replace(/[.'’]/g, "") : word);
}

/**
 * The letter a character is in such a word, or the first of several. `form`: what comes apart (Unicode
 * TR 15): letters from their accents only, or ligatures, wide and styled letters too.
 */
export function plainLetter(character: string, form: "NFD" | "NFKD"): string {
  return baseLetter(character, form).toLowerCase().charAt(0);
}

/** Whether a letter is a capital, whatever accents it has. */
export function isCapital(letter: string): boolean {
  return plainLetter(letter, "NFD") !== baseLetter(letter, "NFD");
}

const marks = /\p{M}+/gu;

function baseLetter(character: string, form: "NFD" | "NFKD"): string {
  return character.normalize(form).charAt(0);
}

// Few words have one, and a pattern is dear.
function hasMark(word: string): boolean {
  for (let at = 0; at < word.length; at += 1) {
    const code = word.charCodeAt(at);
    if (code === 0x2e || code === 0x27 || code === 0x2019) return true;
  }
  return false;
}

function isAscii(word: string): boolean {
  for (let at = 0; at < word.length; at += 1) {
    if (word.charCodeAt(at) > 0x7f) return false;
  }
  return true;
}
