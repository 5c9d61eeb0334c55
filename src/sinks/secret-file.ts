import { readFile } from "node:fs/promises";
import { SinkError } from "./sink.ts";

/** The text of a file, read anew each time it is needed, so that a file that is renewed counts. */
export async function readSecret(path: string): Promise<string> {
  try {
    return (await readFile(path, "utf8")).trim();
  } catch (cause) {
    throw new SinkError("away", `the credential in ${path} cannot be read`, { cause });
  }
}

/** A file with `NAME:SECRET` in it. */
export async function readAccount(path: string): Promise<{ name: string; secret: string }> {
  const text = await readSecret(path);
  const colon = text.indexOf(":");
  if (colon < 1) throw new SinkError("denied", `expected NAME:SECRET in ${path}`);
  return { name: text.slice(0, colon), secret: text.slice(colon + 1) };
}

/** Where the files of a TLS client are. */
export interface TlsFiles {
  /** Who vouches for the receiver; undefined: who the system trusts. */
  readonly caFile?: string | undefined;
  /** Who we are, where the receiver asks. */
  readonly certFile?: string | undefined;
  readonly keyFile?: string | undefined;
}

/** The same as Node takes them. */
export async function readTls({ caFile, certFile, keyFile }: TlsFiles): Promise<{
  readonly ca?: string;
  readonly cert?: string;
  readonly key?: string;
}> {
  const [ca, cert, key] = await Promise.all(
    [caFile, certFile, keyFile].map((path) => (path === undefined ? undefined : readSecret(path))),
  );
  return { ...(ca && { ca }), ...(cert && { cert }), ...(key && { key }) };
}
