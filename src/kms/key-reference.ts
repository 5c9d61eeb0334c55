/** What the engine takes for a name (`sign/:name`, `keys/:name`), so that none is a path. */
const form = /^hashivault:\/\/(\w(?:[\w.-]{0,126}\w)?)$/;

/**
 * The name of the key in a reference such as `hashivault://audit-root`, the manner of sigstore;
 * undefined where the text is none.
 */
export function parseKeyReference(text: string): string | undefined {
  return form.exec(text)?.[1];
}
