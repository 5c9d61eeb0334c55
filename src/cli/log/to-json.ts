/** The one JSON document that a command prints for programs. */
export function toJson(document: object): string {
  return `${JSON.stringify(document, undefined, 2)}\n`;
}
