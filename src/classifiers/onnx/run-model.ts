import { type OnnxRuntime, type OnnxSession, type OnnxTensor, quiet } from "./runtime.ts";

/** Gives the logits of tokens, one row of labels for each. */
export type ModelRun = (ids: readonly number[]) => Promise<ArrayLike<number>>;

interface ModelParts {
  readonly runtime: OnnxRuntime;
  readonly session: OnnxSession;
  readonly inputs: readonly ModelInput[];
  /** How many it has to tell. */
  readonly labels: number;
}

type ModelInput = "input_ids" | "attention_mask" | "token_type_ids";

/** What each token is given in an input beside its own number. */
const filling: Readonly<Record<Exclude<ModelInput, "input_ids">, bigint>> = {
  // Every token is there: no window is padded.
  attention_mask: 1n,
  // All of it is the first text.
  token_type_ids: 0n,
};

/** The inputs of a model, if it has those that encoders for text have; throws otherwise. */
export function inputsOf(names: readonly string[]): readonly ModelInput[] {
  const isInput = (name: string): name is ModelInput =>
    name === "input_ids" || Object.hasOwn(filling, name);
  const inputs = names.filter(isInput);
  if (inputs.length < names.length || !inputs.includes("input_ids")) {
    const known = ["input_ids", ...Object.keys(filling)].join(", ");
    throw new Error(`it has the inputs ${names.join(", ")}; known are ${known}`);
  }
  return inputs;
}

/** Runs a model on one window at a time. Rejects where it tells other than one row for each token. */
export function createModelRun({ inputs, labels, runtime, session }: ModelParts): ModelRun {
  const [output = ""] = session.outputNames;
  return async (ids) => {
    const dims = [1, ids.length];
    const tensorOf = (input: ModelInput) => {
      const data =
        input === "input_ids"
          ? BigInt64Array.from(ids, BigInt)
          : new BigInt64Array(ids.length).fill(filling[input]);
      return new runtime.Tensor("int64", data, dims);
    };
    const given = Object.fromEntries(inputs.map((input) => [input, tensorOf(input)]));
    return logitsOf((await session.run(given, quiet))[output], [...dims, labels]);
  };
}

function logitsOf(tensor: OnnxTensor | undefined, dims: readonly number[]): Float32Array {
  const found = tensor === undefined ? "nothing" : `${tensor.type} of ${tensor.dims.join(" x ")}`;
  const expected = `float32 of ${dims.join(" x ")}`;
  if (found !== expected || !(tensor?.data instanceof Float32Array)) {
    throw new Error(`expected ${expected}, found ${found}`);
  }
  return tensor.data;
}
