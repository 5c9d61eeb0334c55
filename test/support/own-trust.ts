/** An authority that no system trusts, with a server of this machine and a client that it vouches for. */
import { mkdtempSync, rmSync } from "node:fs";
import type { ServerOptions } from "node:https";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Authority, createAuthority } from "./certificates.ts";
import type { Cleanup } from "./chancery-process.ts";

export interface OwnTrust {
  readonly authority: Authority;
  /** Of a server that takes clients of the authority only. */
  readonly server: ServerOptions;
  /** Of one that takes anybody. */
  readonly openServer: ServerOptions;
  /** What a client is configured with; `caFile` alone is enough for the open server. */
  readonly tls: { readonly caFile: string; readonly certFile: string; readonly keyFile: string };
}

/** Makes one in a folder that the test's end takes away. */
export async function createOwnTrust(t: Cleanup): Promise<OwnTrust> {
  const folder = mkdtempSync(join(tmpdir(), "trust-"));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  const authority = await createAuthority(folder);
  const [{ cert, key }, client] = await Promise.all([
    authority.issue(["IP:127.0.0.1"]),
    authority.issue(["DNS:gov-1.acme.example"]),
  ]);
  return {
    authority,
    openServer: { cert, key },
    server: { cert, key, ca: authority.cert, requestCert: true, rejectUnauthorized: true },
    tls: {
      caFile: authority.certificatePath,
      certFile: client.certificatePath,
      keyFile: client.keyPath,
    },
  };
}
