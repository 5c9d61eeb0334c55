/**
 * Texts to the tokens that a model reads, and back to the units of the text. Reads the part of the
 * Hugging Face `tokenizer.json` that is told in `tokenizer-file.ts`, and refuses the rest.
 */
export { readTokenizer } from "./read-tokenizer.ts";
export type { Encoding, Tokenizer } from "./tokenizer.ts";
