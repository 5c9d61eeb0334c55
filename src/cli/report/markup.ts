/** Text as it stands between tags and in quoted attributes (HTML, 13.1.2). */
export function escapeText(text: string): string {
  return text.replaceAll(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}

/** A number of a drawing: two decimals are finer than anybody sees. */
export function coordinate(value: number): string {
  return String(Math.round(value * 100) / 100);
}

/** A text that fits into so many characters. */
export function shorten(text: string, charactersMax: number): string {
  const characters = [...text];
  return characters.length <= charactersMax
    ? text
    : `${characters.slice(0, charactersMax - 1).join("")}…`;
}
