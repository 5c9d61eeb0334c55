import { createRequire } from "node:module";
import { join } from "node:path";

/** As much of `onnxruntime-node` as is used; it brings its own types only where it is installed. */
export interface OnnxRuntime {
  readonly InferenceSession: {
    create(model: Uint8Array, options: SessionOptions): Promise<OnnxSession>;
  };
  readonly env: { readonly versions: { readonly node?: string } };
  readonly Tensor: new (type: "int64", data: BigInt64Array, dims: readonly number[]) => OnnxTensor;
}

interface SessionOptions {
  readonly executionProviders: readonly string[];
  readonly intraOpNumThreads: number;
  readonly interOpNumThreads: number;
  readonly logSeverityLevel: number;
  readonly extra: {
    readonly session: {
      /** Where weights lie that the bytes of a model only name. */
      readonly model_external_initializers_file_folder_path: string;
    };
  };
}

/** Fatal errors alone: what it writes about others, past our log, has tokens of the text in it. */
export const quiet = { logSeverityLevel: 4 } as const;

/** A model that is loaded. */
export interface OnnxSession {
  readonly inputNames: readonly string[];
  readonly outputNames: readonly string[];
  run(
    inputs: Readonly<Record<string, OnnxTensor>>,
    options: typeof quiet,
  ): Promise<Readonly<Record<string, OnnxTensor>>>;
}

/** Numbers in some dimensions. */
export interface OnnxTensor {
  readonly type: string;
  readonly data: unknown;
  readonly dims: readonly number[];
}

const packageName = "onnxruntime-node";
/** The first that was tried, and has all that keeps weights out that nobody pinned. */
const versionMin = [1, 30] as const;

/**
 * The ONNX runtime, which is not installed with this package: its libraries are larger than all the
 * rest. `folder` is where it is installed; undefined: where this package is. Throws what to do.
 */
export function loadRuntime(folder: string | undefined): OnnxRuntime {
  const from = folder === undefined ? import.meta.url : join(folder, "package.json");
  const unusable = (why: string, cause?: unknown) => {
    const where = folder === undefined ? "beside this server" : `in ${folder}`;
    const hint = `install it with: ONNXRUNTIME_NODE_INSTALL=skip npm install ${packageName}@1.30.0`;
    return new Error(`${packageName} ${why} ${where}; ${hint}`, { cause });
  };
  let runtime: OnnxRuntime;
  try {
    runtime = createRequire(from)(packageName);
  } catch (cause) {
    const { code } = cause as { readonly code?: unknown };
    throw unusable(code === "MODULE_NOT_FOUND" ? "is not installed" : "cannot be loaded", cause);
  }
  const version = runtime.env.versions.node ?? "unknown";
  const [major = 0, minor = 0] = version.split(".").map(Number);
  if (major === versionMin[0] && minor >= versionMin[1]) return runtime;
  throw unusable(`${version} was never tried`);
}
