/** The text with each ASCII letter moved by thirteen; undoes itself. */
export function rotated(text: string): string {
  return text.replace(/[a-z]/giu, (letter) => {
    const code = letter.charCodeAt(0);
    return String.fromCharCode((code & 31) <= 13 ? code + 13 : code - 13);
  });
}
