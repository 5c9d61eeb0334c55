/** The oldest Envoy we run with: 1.37 sends local replies again and knows every setting we ship. */
export const oldestVersion = "1.37";

/**
 * The version in what `envoy --version` prints, such as `1.40.0` of
 * `envoy  version: <commit>/1.40.0/Clean/RELEASE/BoringSSL`; undefined if that is not Envoy's form.
 */
export function parseEnvoyVersion(output: string): string | undefined {
  return /version:\s*[^/\s]+\/(\d+\.\d+\.\d+)(?:-[^/\s]+)?\//.exec(output)?.[1];
}

/** Whether a version is `oldestVersion` or later. */
export function isRecentEnough(version: string): boolean {
  const [major = 0, minor = 0] = version.split(".").map(Number);
  const [oldestMajor = 0, oldestMinor = 0] = oldestVersion.split(".").map(Number);
  return major > oldestMajor || (major === oldestMajor && minor >= oldestMinor);
}
