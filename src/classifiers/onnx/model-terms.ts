/** A file that has to be the one that was chosen. */
export interface PinnedFile {
  /** Absolute. */
  readonly file: string;
  /** `sha256:` and 64 hexadecimal digits. */
  readonly digest: string;
}

/** A token classifier that runs here, as the operator has it. Plain data, since it goes to a thread. */
export interface ModelTerms {
  /** ONNX, with its weights within. */
  readonly model: PinnedFile;
  /** The `tokenizer.json` that goes with it. */
  readonly tokenizer: PinnedFile;
  /** BIO labels by the number of the output. */
  readonly labels: readonly string[];
  /** Tokens that the model reads at once, those around a text included. */
  readonly windowTokens: number;
  /** Threads that compute. */
  readonly threads: number;
  /** Where `onnxruntime-node` is installed; undefined: where this package is. */
  readonly runtimeDir: string | undefined;
}
