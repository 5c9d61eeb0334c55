import { type Static, type TSchema, Type } from "typebox";
import { Value } from "typebox/value";

/*
 * The part of `tokenizer.json` (Hugging Face `tokenizers`, version 1.0) that is read here. Objects may
 * have fields beside these only where they change nothing about tokens.
 */

const named = <Name extends string>(type: Name) => Type.Object({ type: Type.Literal(type) });

const bertNormalizer = Type.Object({
  type: Type.Literal("BertNormalizer"),
  clean_text: Type.Boolean(),
  handle_chinese_chars: Type.Boolean(),
  strip_accents: Type.Union([Type.Boolean(), Type.Null()]),
  lowercase: Type.Boolean(),
});

const oneNormalizer = Type.Union([
  bertNormalizer,
  named("NFC"),
  named("NFD"),
  named("NFKC"),
  named("NFKD"),
  named("Lowercase"),
  named("StripAccents"),
]);

const normalizer = Type.Union([
  Type.Null(),
  oneNormalizer,
  Type.Object({ type: Type.Literal("Sequence"), normalizers: Type.Array(oneNormalizer) }),
]);

const preTokenizer = Type.Union([
  named("BertPreTokenizer"),
  Type.Object({
    type: Type.Literal("ByteLevel"),
    add_prefix_space: Type.Boolean(),
    use_regex: Type.Optional(Type.Literal(true)),
  }),
]);

const id = Type.Integer({ minimum: 0, maximum: 2 ** 31 - 1 });
const token = Type.Tuple([Type.String(), id]);

const onePostProcessor = Type.Union([
  Type.Object({
    type: Type.Literal("TemplateProcessing"),
    single: Type.Array(
      Type.Union([
        Type.Object({ SpecialToken: Type.Object({ id: Type.String() }) }),
        Type.Object({ Sequence: Type.Object({ id: Type.Literal("A") }) }),
      ]),
    ),
    special_tokens: Type.Record(Type.String(), Type.Object({ ids: Type.Array(id) })),
  }),
  Type.Object({ type: Type.Literal("BertProcessing"), cls: token, sep: token }),
  Type.Object({ type: Type.Literal("RobertaProcessing"), cls: token, sep: token }),
  // Trims the offsets of tokens, which happens here anyway.
  named("ByteLevel"),
]);

const postProcessor = Type.Union([
  Type.Null(),
  onePostProcessor,
  Type.Object({ type: Type.Literal("Sequence"), processors: Type.Array(onePostProcessor) }),
]);

const nothing = Type.Optional(Type.Union([Type.Null(), Type.Literal("")]));

const model = Type.Union([
  Type.Object({
    type: Type.Literal("WordPiece"),
    vocab: Type.Record(Type.String(), id),
    unk_token: Type.String(),
    continuing_subword_prefix: Type.String(),
    max_input_chars_per_word: Type.Integer({ minimum: 1, maximum: 1000 }),
  }),
  Type.Object({
    type: Type.Literal("BPE"),
    vocab: Type.Record(Type.String(), id),
    merges: Type.Array(Type.Union([Type.String(), Type.Tuple([Type.String(), Type.String()])])),
    ignore_merges: Type.Optional(Type.Boolean()),
    // Merges by chance, other spellings of tokens, and bytes apart from merges are not read here.
    dropout: Type.Optional(Type.Null()),
    continuing_subword_prefix: nothing,
    end_of_word_suffix: nothing,
    byte_fallback: Type.Optional(Type.Literal(false)),
  }),
]);

// A special token is put in by the post-processor; others would be looked for in texts.
const addedToken = Type.Object({ special: Type.Literal(true) });

/** The parts of the file by their names, in the order in which they are checked. */
const parts = {
  normalizer,
  pre_tokenizer: preTokenizer,
  post_processor: postProcessor,
  model,
  added_tokens: Type.Array(addedToken),
} as const;

/** A tokenizer as a file has it. */
export type TokenizerFile = { readonly [Name in keyof typeof parts]: Static<(typeof parts)[Name]> };

export type NormalizerTerms = Static<typeof oneNormalizer>;
export type PostProcessorTerms = Static<typeof onePostProcessor>;

/** Reads the text of a `tokenizer.json`; throws what is not read here, in one line. */
export function parseTokenizerFile(text: string): TokenizerFile {
  let file: unknown;
  try {
    file = JSON.parse(text);
  } catch {
    throw new Error("expected JSON");
  }
  if (typeof file !== "object" || file === null) throw new Error("expected an object");
  for (const [name, schema] of Object.entries<TSchema>(parts)) {
    const part = Object.hasOwn(file, name) ? (file as Record<string, unknown>)[name] : null;
    if (!Value.Check(schema, part)) throw new Error(`\`${name}\` is ${described(part)}`);
  }
  return file as TokenizerFile;
}

/** What a part calls itself, since most that is not read is of a kind that is not read. */
function described(part: unknown): string {
  const { type } = (part ?? {}) as { readonly type?: unknown };
  return typeof type === "string"
    ? `a ${JSON.stringify(type)} that is not read here`
    : "not one that is read here";
}
