import { readFileSync } from "node:fs";

/** The version of this package, as its package.json says; the engine version of policies. */
export function packageVersion(): string {
  // Two levels up from src/cli and from dist/cli alike.
  const text = readFileSync(new URL("../../package.json", import.meta.url), "utf8");
  const { version } = JSON.parse(text) as { readonly version: string };
  return version;
}
