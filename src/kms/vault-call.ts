import { readFile } from "node:fs/promises";
import { request as httpRequest, type IncomingMessage } from "node:http";
import { request as httpsRequest } from "node:https";
import { KmsError } from "./kms-error.ts";

/** Where a Vault or OpenBao is, and how we are known to it. Paths of files are absolute. */
export interface VaultAddress {
  /** `https:`, or `http:` on this machine; without a path. */
  readonly address: string;
  /** Read anew for each call: an agent renews it. */
  readonly tokenFile: string;
  readonly namespace: string | undefined;
  readonly tls: VaultTls;
}

/** Files in PEM, read anew for each call as well. */
export interface VaultTls {
  /** The authorities that vouch for the server; undefined: those of the machine. */
  readonly caFile?: string | undefined;
  /** Who we are, where the server asks. */
  readonly certFile?: string | undefined;
  readonly keyFile?: string | undefined;
}

/** One call of its HTTP API. */
export interface VaultCall {
  readonly method: "GET" | "POST";
  /** As in `/v1/transit/keys/audit-root`. */
  readonly path: string;
  readonly body?: unknown;
  readonly signal: AbortSignal;
}

/** A key with many versions; a signature is a few hundred bytes. */
const answerBytesMax = 256 * 1024;

/** What can be in a header and is no word of it. */
const tokenForm = /^[\x21-\x7e]+$/;

/** The `data` of an answer to a call. Rejects with `KmsError`. */
export async function callVault(vault: VaultAddress, call: VaultCall): Promise<unknown> {
  const [token, tls] = await Promise.all([readToken(vault.tokenFile), readTls(vault.tls)]);
  const url = new URL(call.path, vault.address);
  const body = call.body === undefined ? undefined : Buffer.from(JSON.stringify(call.body));
  const send = url.protocol === "https:" ? httpsRequest : httpRequest;
  const answer = new Promise<IncomingMessage>((resolve, reject) => {
    const request = send(url, {
      method: call.method,
      // Calls are minutes apart: no connection is worth keeping.
      agent: false,
      signal: call.signal,
      ...tls,
      headers: {
        "x-vault-token": token,
        // Agents in front of a server ask for this, so that no web page can call them.
        "x-vault-request": "true",
        ...(vault.namespace !== undefined && { "x-vault-namespace": vault.namespace }),
        ...(body && { "content-type": "application/json", "content-length": body.length }),
      },
    });
    request.on("response", resolve);
    request.on("error", reject);
    request.end(body);
  });
  try {
    return await readAnswer(await answer, vault);
  } catch (cause) {
    if (cause instanceof KmsError) throw cause;
    throw new KmsError("kms_away", `expected an answer of ${vault.address}`, { cause });
  }
}

async function readAnswer(
  response: IncomingMessage,
  { address, namespace, tokenFile }: VaultAddress,
): Promise<unknown> {
  const text = await readBody(response);
  const { statusCode: status = 0 } = response;
  if (status === 200) return dataOf(text, address);
  if (status === 403) {
    const message = `${address} denies it to the token in ${tokenFile}: expected \`read\` on the key and \`update\` on its \`sign\``;
    throw new KmsError("kms_denied", message);
  }
  if (status === 404) {
    const where = namespace === undefined ? "" : ` in the namespace ${namespace}`;
    throw new KmsError("kms_unfit", `${address} knows no such key or mount${where}`);
  }
  // Sealed, no leader, too many requests, a replica that is behind: this passes.
  const passes = status >= 500 || status === 429 || status === 412;
  throw new KmsError(
    passes ? "kms_away" : "kms_invalid",
    `expected status 200 of ${address}, found ${status}`,
  );
}

function dataOf(text: string, address: string): unknown {
  try {
    const { data } = JSON.parse(text) as { readonly data?: unknown };
    if (typeof data === "object" && data !== null) return data;
  } catch {
    // What the parser says would quote the answer.
  }
  throw new KmsError("kms_invalid", `expected JSON with \`data\` from ${address}`);
}

async function readBody(response: IncomingMessage): Promise<string> {
  const parts: Buffer[] = [];
  let total = 0;
  for await (const part of response as AsyncIterable<Buffer>) {
    total += part.length;
    if (total > answerBytesMax) {
      throw new KmsError("kms_invalid", `expected an answer of at most ${answerBytesMax} bytes`);
    }
    parts.push(part);
  }
  return Buffer.concat(parts).toString();
}

async function readToken(path: string): Promise<string> {
  const token = (await readText(path, "the token file")).trim();
  if (tokenForm.test(token)) return token;
  throw new KmsError("kms_denied", `expected one word, a token, in ${path}`);
}

async function readTls({ caFile, certFile, keyFile }: VaultTls) {
  return {
    ...(caFile !== undefined && { ca: await readText(caFile, "the CA file") }),
    ...(certFile !== undefined && { cert: await readText(certFile, "the certificate") }),
    ...(keyFile !== undefined && { key: await readText(keyFile, "the key of the certificate") }),
  };
}

async function readText(path: string, what: string): Promise<string> {
  try {
    return await readFile(path, "utf8");
  } catch (cause) {
    throw new KmsError("kms_denied", `${what} ${path} cannot be read`, { cause });
  }
}
