/** A word in small letters and without accents, as lists of words are kept. */
export function fold(word: string): string {
  if (isAscii(word)) return word.toLowerCase();
  return word.normalize("NFD").replace(marks, "").toLowerCase();
}

function isAscii(word: string): boolean {
  for (let at = 0; at < word.length; at += 1) {
    if (word.charCodeAt(at) > 0x7f) return false;
  }
  return true;
}

const marks = /\p{M}+/gu;
