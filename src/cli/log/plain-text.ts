/** Controls, format characters (zero-width, bidirectional), separators, lone surrogates. */
const unseen = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]/gu;

/** A text from a record for a terminal, on which nothing in it may act: what is not seen is a dot. */
export function plainText(text: string): string {
  return text.replaceAll(unseen, "·");
}
