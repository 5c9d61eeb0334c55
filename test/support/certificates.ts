/** Certificates made on the spot, so that none is kept in the repository. */
import { execFile } from "node:child_process";
import { randomUUID } from "node:crypto";
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";

const run = promisify(execFile);

/** A certificate and its key, as PEM files and as text. */
export interface Certificate {
  readonly certificatePath: string;
  readonly keyPath: string;
  readonly cert: string;
  readonly key: string;
}

/** An authority that issues certificates for a day. */
export interface Authority extends Certificate {
  /** `names` as OpenSSL writes them, such as `URI:spiffe://acme.example/bot` or `IP:127.0.0.1`. */
  issue(names: readonly string[]): Promise<Certificate>;
}

/** Makes an authority whose files go into a folder of the test. */
export async function createAuthority(directory: string): Promise<Authority> {
  const configPath = join(directory, `${randomUUID()}.cnf`);
  // Without the system's own defaults, which would make every certificate an authority.
  await writeFile(configPath, "[req]\ndistinguished_name = names\n[names]\n");
  const make = async (name: string, args: readonly string[]): Promise<Certificate> => {
    const path = join(directory, `${name}-${randomUUID()}`);
    const [certificatePath, keyPath] = [`${path}.pem`, `${path}.key`];
    await run("openssl", [
      ...["req", "-x509", "-config", configPath, "-days", "1", "-nodes", "-subj", `/CN=${name}`],
      ...["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256"],
      ...["-keyout", keyPath, "-out", certificatePath, ...args],
    ]);
    const [cert, key] = await Promise.all([
      readFile(certificatePath, "utf8"),
      readFile(keyPath, "utf8"),
    ]);
    return { certificatePath, keyPath, cert, key };
  };
  const extension = (text: string) => ["-addext", text];
  const authority = await make("authority", [
    ...extension("basicConstraints=critical,CA:TRUE"),
    ...extension("keyUsage=critical,keyCertSign"),
  ]);
  return {
    ...authority,
    issue: (names) =>
      make("leaf", [
        ...["-CA", authority.certificatePath, "-CAkey", authority.keyPath],
        ...extension("basicConstraints=critical,CA:FALSE"),
        ...extension(`subjectAltName=${names.join(",")}`),
      ]),
  };
}
