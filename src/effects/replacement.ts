import type { Finding, RedactionMethod } from "../domain/index.ts";

/**
 * A word for a value that says nothing of it but whether two are the same: within one exchange for
 * `tokenize`, within one tenant and the period of its key for `hash`.
 */
export type TokenOf = (method: "tokenize" | "hash", type: string, value: string) => string;

/** Letters and digits that `partial` leaves at the end of a value, where they are a third at most. */
const keptMax = 4;

/** What stands in for a found value (policy-model 5.5). */
export function replacementOf(
  { type }: Pick<Finding, "type">,
  method: RedactionMethod,
  { tokenOf, value }: { readonly value: string; readonly tokenOf: TokenOf },
): string {
  switch (method) {
    case "remove":
      return "";
    case "mask":
      return `[${type}]`;
    case "tokenize":
    case "hash":
      return `[${type}:${tokenOf(method, type, value)}]`;
    case "partial": {
      const kept = endOf(value);
      return kept === "" ? `[${type}]` : `[${type}:${kept}]`;
    }
  }
}

/** The last letters and digits of a value, without what only groups them. */
function endOf(value: string): string {
  const plain = value.replace(/[^\p{L}\p{N}]/gu, "");
  const characters = [...plain];
  const kept = Math.min(keptMax, Math.floor(characters.length / 3));
  return kept === 0 ? "" : characters.slice(-kept).join("");
}
