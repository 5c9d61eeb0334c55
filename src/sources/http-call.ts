import { SourceError } from "./source-error.ts";

/** One call over HTTP. */
export interface HttpCall {
  readonly method?: "GET" | "HEAD" | "POST" | "PUT";
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: Uint8Array;
  /** Of the answer; more is an error. */
  readonly bytesMax: number;
  /** For all of it, redirects included. */
  readonly deadlineMs: number;
}

/** An answer, whole. */
export interface HttpAnswer {
  readonly status: number;
  readonly headers: Headers;
  readonly body: Uint8Array;
}

const redirectsMax = 3;

/** Whether an address may be called: over TLS, or on this machine. */
export function isCallable({ hostname, protocol }: URL): boolean {
  if (protocol === "https:") return true;
  return protocol === "http:" && /^(?:localhost|127(?:\.\d{1,3}){3}|\[::1\])$/.test(hostname);
}

/**
 * Calls a server and reads its answer, following a few redirects of a GET; credentials stay with
 * the server they are for. Throws `SourceError` where there is no answer, whatever its status.
 */
export async function callHttp(url: URL, call: HttpCall): Promise<HttpAnswer> {
  const signal = AbortSignal.timeout(call.deadlineMs);
  let target = url;
  for (let redirects = 0; ; redirects += 1) {
    const answer = await callOnce(target, url, call, signal);
    const location = answer.headers.get("location");
    const isRedirect = [301, 302, 303, 307, 308].includes(answer.status) && location !== null;
    if (!isRedirect || (call.method ?? "GET") !== "GET") return answer;
    if (redirects === redirectsMax) {
      throw new SourceError(`${url.host} redirects in a circle`, "Name the last address itself.");
    }
    target = redirectTarget(location, target);
  }
}

function redirectTarget(location: string, from: URL): URL {
  const target = URL.canParse(location, from.href) ? new URL(location, from.href) : undefined;
  const isWeaker = from.protocol === "https:" && target?.protocol !== "https:";
  if (target !== undefined && !isWeaker) return target;
  throw new SourceError(`${from.host} redirects to an address that is not secure`, httpsHint);
}

const httpsHint = "Use https; plain http is for servers on this machine only.";

async function callOnce(
  target: URL,
  first: URL,
  call: HttpCall,
  signal: AbortSignal,
): Promise<HttpAnswer> {
  if (!isCallable(target)) {
    throw new SourceError(`${target.host} is not called over plain http`, httpsHint);
  }
  const headers = new Headers(call.headers);
  // What arrives is what was sent: sizes and digests are those of the archive.
  headers.set("accept-encoding", "identity");
  if (target.origin !== first.origin) headers.delete("authorization");
  try {
    const response = await fetch(target, {
      method: call.method ?? "GET",
      headers,
      redirect: "manual",
      signal,
      ...(call.body === undefined ? {} : { body: new Uint8Array(call.body) }),
    });
    const body = await readBounded(response, call.bytesMax);
    return { status: response.status, headers: response.headers, body };
  } catch (error) {
    if (error instanceof SourceError) throw error;
    const what = signal.aborted ? `does not answer within ${call.deadlineMs} ms` : reasonOf(error);
    const hint = "Check the address, and whether the server is up and reachable from here.";
    throw new SourceError(`${target.host} ${what}`, hint, { cause: error });
  }
}

async function readBounded(response: Response, bytesMax: number): Promise<Uint8Array> {
  const parts: Uint8Array[] = [];
  let total = 0;
  for await (const part of response.body ?? []) {
    total += part.byteLength;
    if (total > bytesMax) {
      const hint = "Check that the address is that of a bundle.";
      throw new SourceError(`the answer is larger than ${bytesMax} bytes`, hint);
    }
    parts.push(part);
  }
  return Buffer.concat(parts);
}

function reasonOf(error: unknown): string {
  const cause = (error as Error).cause as NodeJS.ErrnoException | undefined;
  return `cannot be reached: ${cause?.code ?? "connection failed"}`;
}
