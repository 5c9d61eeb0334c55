import type { TellToken } from "./tokenizer.ts";

/** What a `WordPiece` model consists of. */
export interface WordPieceTerms {
  readonly vocab: Readonly<Record<string, number>>;
  readonly unk_token: string;
  /** What a piece within a word begins with. */
  readonly continuing_subword_prefix: string;
  /** Characters; a longer word is unknown as a whole. */
  readonly max_input_chars_per_word: number;
}

/**
 * Cuts words into the longest pieces known, from left to right; a word with a part that is no piece is
 * unknown as a whole (Wu and others 2016, as BERT has it). Throws where the terms contradict each other.
 */
export function wordPieces(terms: WordPieceTerms): (word: string, tell: TellToken) => void {
  const { continuing_subword_prefix: prefix, max_input_chars_per_word: charsMax } = terms;
  const vocabulary = new Map(Object.entries(terms.vocab));
  const unknown = vocabulary.get(terms.unk_token);
  if (unknown === undefined) throw new Error("expected `model.vocab` to have `model.unk_token`");
  const unitsMax = [...vocabulary.keys()].reduce((most, piece) => Math.max(most, piece.length), 0);
  const pieceAt = (word: string, start: number) => {
    const first = start === 0 ? "" : prefix;
    for (let end = Math.min(word.length, start + unitsMax); end > start; end -= 1) {
      const id = vocabulary.get(first + word.slice(start, end));
      if (id !== undefined) return { id, end };
    }
    return undefined;
  };
  return (word, tell) => {
    // No character has fewer units than one, so most words need no counting.
    const isLong = word.length > charsMax && [...word].length > charsMax;
    const pieces: (readonly [id: number, start: number, end: number])[] = [];
    for (let start = 0; start < word.length; ) {
      const piece = isLong ? undefined : pieceAt(word, start);
      if (piece === undefined) return tell(unknown, 0, word.length);
      pieces.push([piece.id, start, piece.end]);
      start = piece.end;
    }
    for (const [id, start, end] of pieces) tell(id, start, end);
  };
}
