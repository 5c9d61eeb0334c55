/** Models small enough to be written by hand, in the format of real ones (ONNX, its proto3 message). */
import protobuf from "protobufjs";

/** What a token classifier of the tests knows: one label for each token, however it is used. */
export interface TinyModel {
  /** Logits for each token by its id, one for each label. */
  readonly logits: readonly (readonly number[])[];
  /** Inputs that it declares; only `input_ids` is read. */
  readonly inputs?: readonly string[];
  /** Tokens it reads at once; undefined: as many as there are. */
  readonly tokens?: number;
  /** A file that its embeddings are in, instead of the model itself. */
  readonly weightsFile?: string;
}

const schema = protobuf.parse(`
  syntax = "proto3";
  message Model { int64 ir_version = 1; string producer_name = 2; Graph graph = 7; repeated Opset opset_import = 8; }
  message Opset { string domain = 1; int64 version = 2; }
  message Graph { repeated Node node = 1; string name = 2; repeated Tensor initializer = 5; repeated Value input = 11; repeated Value output = 12; }
  message Node { repeated string input = 1; repeated string output = 2; string name = 3; string op_type = 4; }
  message Tensor { repeated int64 dims = 1; int32 data_type = 2; string name = 8; bytes raw_data = 9; repeated Entry external_data = 13; int32 data_location = 14; }
  message Entry { string key = 1; string value = 2; }
  message Value { string name = 1; Type type = 2; }
  message Type { TensorType tensor_type = 1; }
  message TensorType { int32 elem_type = 1; Shape shape = 2; }
  message Shape { repeated Dimension dim = 1; }
  message Dimension { oneof value { int64 dim_value = 1; string dim_param = 2; } }
`).root;

const elements = { float: 1, int64: 7 } as const;

/**
 * A token classifier as a file: an embedding of each token (Gather), times a matrix (MatMul), plus a
 * bias (Add). Bit for bit the same for the same terms.
 */
export function tinyModel({ inputs, logits, tokens, weightsFile }: TinyModel): Uint8Array {
  const labels = logits[0]?.length ?? 0;
  const identity = Array.from({ length: labels * labels }, (_, at) =>
    at % (labels + 1) === 0 ? 1 : 0,
  );
  const sequence = tokens === undefined ? { dim_param: "sequence" } : { dim_value: tokens };
  const batch = { dim_param: "batch" };
  const graph = {
    name: "tiny",
    node: [
      { op_type: "Gather", input: ["embeddings", "input_ids"], output: ["embedded"] },
      { op_type: "MatMul", input: ["embedded", "weights"], output: ["product"] },
      { op_type: "Add", input: ["product", "bias"], output: ["logits"] },
    ],
    initializer: [
      weightsFile === undefined
        ? floats("embeddings", [logits.length, labels], logits.flat())
        : elsewhere("embeddings", [logits.length, labels], weightsFile),
      floats("weights", [labels, labels], identity),
      floats("bias", [labels], new Array(labels).fill(0)),
    ],
    input: (inputs ?? ["input_ids", "attention_mask"]).map((name) =>
      value(name, elements.int64, [batch, sequence]),
    ),
    output: [value("logits", elements.float, [batch, sequence, { dim_value: labels }])],
  };
  const Model = schema.lookupType("Model");
  const model = { ir_version: 8, producer_name: "tests", graph, opset_import: [{ version: 17 }] };
  return Model.encode(Model.fromObject(camelled(model) as object)).finish();
}

function floats(name: string, dims: readonly number[], values: readonly number[]): object {
  const bytes = Buffer.alloc(values.length * 4);
  for (const [at, each] of values.entries()) bytes.writeFloatLE(each, at * 4);
  return { name, dims, data_type: elements.float, raw_data: bytes };
}

function elsewhere(name: string, dims: readonly number[], file: string): object {
  const external_data = [{ key: "location", value: file }];
  return { name, dims, data_type: elements.float, external_data, data_location: 1 };
}

function value(name: string, elem_type: number, dim: readonly object[]): object {
  return { name, type: { tensor_type: { elem_type, shape: { dim } } } };
}

/** Field names as the reflection of protobufjs has them. */
function camelled(given: unknown): unknown {
  if (Array.isArray(given)) return given.map(camelled);
  if (typeof given !== "object" || given === null || given instanceof Uint8Array) return given;
  return Object.fromEntries(
    Object.entries(given).map(([name, each]) => [
      name.replace(/_(\w)/g, (_, letter: string) => letter.toUpperCase()),
      camelled(each),
    ]),
  );
}
