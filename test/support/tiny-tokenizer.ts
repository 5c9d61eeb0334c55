/** Tokenizers small enough to be read, in the format of real ones (`tokenizer.json`). */

/** What a WordPiece tokenizer of the tests may have otherwise. */
export interface TinyTokenizer {
  /** Pieces from number 4 on; those before it are `[PAD]`, `[UNK]`, `[CLS]` and `[SEP]`. */
  readonly pieces: readonly string[];
  /** Parts of the file that are other than usual. */
  readonly parts?: Readonly<Record<string, unknown>>;
}

const special = ["[PAD]", "[UNK]", "[CLS]", "[SEP]"];

/** The text of a `tokenizer.json` as models after BERT have it, in lower case. */
export function tinyTokenizer({ parts, pieces }: TinyTokenizer): string {
  const vocab = Object.fromEntries([...special, ...pieces].map((piece, id) => [piece, id]));
  return JSON.stringify({
    version: "1.0",
    truncation: null,
    padding: null,
    added_tokens: special.map((content, id) => ({ id, content, special: true })),
    normalizer: {
      type: "BertNormalizer",
      ...{ clean_text: true, handle_chinese_chars: true, strip_accents: null, lowercase: true },
    },
    pre_tokenizer: { type: "BertPreTokenizer" },
    post_processor: {
      type: "TemplateProcessing",
      single: [
        { SpecialToken: { id: "[CLS]", type_id: 0 } },
        { Sequence: { id: "A", type_id: 0 } },
        { SpecialToken: { id: "[SEP]", type_id: 0 } },
      ],
      pair: [],
      special_tokens: {
        "[CLS]": { id: "[CLS]", ids: [2], tokens: ["[CLS]"] },
        "[SEP]": { id: "[SEP]", ids: [3], tokens: ["[SEP]"] },
      },
    },
    decoder: { type: "WordPiece", prefix: "##", cleanup: true },
    model: {
      type: "WordPiece",
      ...{ unk_token: "[UNK]", continuing_subword_prefix: "##", max_input_chars_per_word: 100 },
      vocab,
    },
    ...parts,
  });
}

/** What a tokenizer over bytes may have otherwise. */
export interface TinyBytePairs {
  /** By rank; what they come to are the tokens from 256 on. */
  readonly merges: readonly string[];
  /** Parts of the model that are other than usual. */
  readonly model?: Readonly<Record<string, unknown>>;
  /** Parts of the file that are. */
  readonly parts?: Readonly<Record<string, unknown>>;
}

/** The text of a `tokenizer.json` as models after RoBERTa have it, without what stands around a text. */
export function tinyBytePairs({ merges, model, parts }: TinyBytePairs): string {
  const tokens = [...byteCharacters(), ...merges.map((merge) => merge.replace(" ", ""))];
  return JSON.stringify({
    version: "1.0",
    added_tokens: [],
    normalizer: null,
    pre_tokenizer: { type: "ByteLevel", add_prefix_space: false, trim_offsets: true },
    post_processor: { type: "ByteLevel", add_prefix_space: true, trim_offsets: false },
    decoder: { type: "ByteLevel" },
    model: {
      type: "BPE",
      ...{ dropout: null, unk_token: null, continuing_subword_prefix: "", end_of_word_suffix: "" },
      ...{ fuse_unk: false, byte_fallback: false, ignore_merges: false, merges },
      vocab: Object.fromEntries(tokens.map((token, id) => [token, id])),
      ...model,
    },
    ...parts,
  });
}

/** Bytes as vocabularies spell them: first those that print as themselves, then the others from U+0100 on. */
function byteCharacters(): readonly string[] {
  const bytes = Array.from({ length: 256 }, (_, byte) => byte);
  const prints = (byte: number) =>
    (byte > 32 && byte < 127) || (byte > 160 && byte < 256 && byte !== 173);
  const others = bytes.filter((byte) => !prints(byte));
  return [
    ...bytes.filter(prints).map((byte) => String.fromCharCode(byte)),
    ...others.map((_, index) => String.fromCharCode(256 + index)),
  ];
}
