/** A model that knows two names, its tokenizer, and what an operator writes about both. */
import { createHash } from "node:crypto";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Cleanup } from "./chancery-process.ts";
import { type TinyModel, tinyModel } from "./onnx-model.ts";
import { onnxRuntimeDir } from "./onnx-runtime.ts";
import { tinyTokenizer } from "./tiny-tokenizer.ts";

/** Labels of the model, in the order of its outputs. */
export const nameLabels = ["O", "B-PER", "I-PER", "B-LOC", "I-LOC"] as const;

/** Pieces with what the model says of each; a word that it does not know is nothing. */
const labelOfPiece: Readonly<Record<string, (typeof nameLabels)[number]>> = {
  jane: "B-PER",
  bo: "B-PER",
  roe: "I-PER",
  zo: "B-PER",
  "##e": "O",
  paris: "B-LOC",
  ".": "O",
  write: "O",
};

/** Files of a model and how an entry of `classifiers` names them. */
export interface NamesModel {
  readonly model: { readonly file: string; readonly digest: string };
  readonly tokenizer: { readonly file: string; readonly digest: string };
  readonly labels: readonly string[];
  readonly runtimeDir: string;
}

/** Writes the files into a folder that goes with the test. */
export async function writeNamesModel(
  t: Cleanup,
  changes: Partial<TinyModel> = {},
): Promise<NamesModel> {
  const folder = await mkdtemp(join(tmpdir(), "chancery-onnx-"));
  t.after(() => rm(folder, { recursive: true, force: true }));
  const write = async (name: string, content: string | Uint8Array) => {
    const file = join(folder, name);
    await writeFile(file, content);
    return { file, digest: `sha256:${createHash("sha256").update(content).digest("hex")}` };
  };
  const pieces = Object.keys(labelOfPiece);
  const said = [...new Array(4).fill("O"), ...Object.values(labelOfPiece)];
  // About 99.9 % for what it says.
  const logits = said.map((label) => nameLabels.map((each) => (each === label ? 8 : 0)));
  return {
    model: await write("names.onnx", tinyModel({ logits, ...changes })),
    tokenizer: await write("tokenizer.json", tinyTokenizer({ pieces })),
    labels: nameLabels,
    runtimeDir: await onnxRuntimeDir(),
  };
}
