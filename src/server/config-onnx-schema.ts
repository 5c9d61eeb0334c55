import { Type } from "typebox";
import { file, mapping } from "./config-schema-parts.ts";

/** A file that has to be the one that was chosen: a model decides what is found. */
const pinnedFile = mapping({
  file,
  digest: Type.String({
    pattern: "^sha256:[0-9a-f]{64}$",
    description: "sha256: and 64 hexadecimal digits, as sha256sum writes them",
  }),
});

/** A token classifier that runs in this process: the key `onnx` of an entry of `classifiers`. */
export const onnx = mapping({
  model: pinnedFile,
  tokenizer: pinnedFile,
  labels: Type.Array(
    Type.String({
      pattern: "^(?:O|[BI]-[!-~]{1,126}|(?![A-Z]-)[!-~]{1,128})$",
      description: "a label such as O, B-PER or I-PER (BIO)",
    }),
    { minItems: 2, maxItems: 1000, uniqueItems: true },
  ),
  // 512 unless given: what BERT and most after it read.
  windowTokens: Type.Optional(Type.Integer({ minimum: 8, maximum: 8192 })),
  // 1 unless given: the others are for serving.
  threads: Type.Optional(Type.Integer({ minimum: 1, maximum: 64 })),
  runtimeDir: Type.Optional(file),
});
