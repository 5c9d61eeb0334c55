import { bytePairs } from "./byte-pairs.ts";
import { bertSteps, lowerCase, unicodeForm, withoutMarks } from "./normal-steps.ts";
import type { NormalStep } from "./normal-text.ts";
import { createTokenizer, type Tokenizer } from "./tokenizer.ts";
import {
  type NormalizerTerms,
  type PostProcessorTerms,
  parseTokenizerFile,
  type TokenizerFile,
} from "./tokenizer-file.ts";
import { wordPieces } from "./word-pieces.ts";

/** Each sign is a word, and so is what stands between signs and white space (BERT). */
const bertWord = /[\p{P}$+<=>^`|~]|[^\p{P}$+<=>^`|~\p{White_Space}]+/gu;

/** Letters, digits or signs with the blank before them; English short forms; white space (GPT-2). */
const byteLevelWord =
  /'s|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\p{White_Space}\p{L}\p{N}]+|\p{White_Space}+(?!\P{White_Space})|\p{White_Space}+/gu;

/**
 * A tokenizer of the text of a `tokenizer.json`: WordPiece after BERT, or byte pairs after GPT-2 and
 * RoBERTa. How it would pad and cut texts does not count. Throws where it is another one.
 */
export function readTokenizer(text: string): Tokenizer {
  const file = parseTokenizerFile(text);
  const { model, pre_tokenizer: preTokenizer } = file;
  const ids = Object.values(model.vocab);
  const around = { ...specialTokens(file), steps: stepsOf(file) };
  const idMax = [...ids, ...around.before, ...around.after].reduce((a, b) => Math.max(a, b), 0);
  const isBytes = preTokenizer.type === "ByteLevel";
  if (isBytes !== (model.type === "BPE")) {
    throw new Error(`a model of type ${model.type} with ${preTokenizer.type} is not read here`);
  }
  return createTokenizer({
    ...around,
    idMax,
    word: isBytes ? byteLevelWord : bertWord,
    addsBlank: isBytes && preTokenizer.add_prefix_space,
    tokensOf: model.type === "BPE" ? bytePairs(model) : wordPieces(model),
  });
}

function stepsOf({ normalizer }: TokenizerFile): readonly NormalStep[] {
  if (normalizer === null) return [];
  if (normalizer.type !== "Sequence") return stepsOfOne(normalizer);
  return normalizer.normalizers.flatMap(stepsOfOne);
}

function stepsOfOne(normalizer: NormalizerTerms): readonly NormalStep[] {
  switch (normalizer.type) {
    case "BertNormalizer":
      return bertSteps(normalizer);
    case "Lowercase":
      return [lowerCase];
    case "StripAccents":
      return [withoutMarks];
    default:
      return [unicodeForm(normalizer.type)];
  }
}

type Around = Pick<Tokenizer, "after" | "before">;

function specialTokens({ post_processor: given }: TokenizerFile): Around {
  if (given === null) return { before: [], after: [] };
  const all = (given.type === "Sequence" ? given.processors : [given]).map(aroundOf);
  // The last of several stands outermost.
  return {
    before: all.toReversed().flatMap(({ before }) => before),
    after: all.flatMap(({ after }) => after),
  };
}

function aroundOf(processor: PostProcessorTerms): Around {
  if (processor.type === "ByteLevel") return { before: [], after: [] };
  if (processor.type !== "TemplateProcessing") {
    return { before: [processor.cls[1]], after: [processor.sep[1]] };
  }
  const { single, special_tokens: special } = processor;
  const ids = single.map((item) => {
    if ("Sequence" in item) return undefined;
    const known = Object.hasOwn(special, item.SpecialToken.id)
      ? special[item.SpecialToken.id]
      : undefined;
    if (known === undefined) throw new Error("`post_processor` has a token that it does not tell");
    return known.ids;
  });
  const text = ids.indexOf(undefined);
  if (text === -1 || text !== ids.lastIndexOf(undefined)) {
    throw new Error("`post_processor` does not have the text once");
  }
  return {
    before: ids.slice(0, text).flatMap((list) => list ?? []),
    after: ids.slice(text + 1).flatMap((list) => list ?? []),
  };
}
