import { type ClientRequest, Agent as HttpAgent, type IncomingMessage, request } from "node:http";
import { request as requestTls } from "node:https";
import type { HttpAnswer, HttpClient, HttpPost } from "../base/index.ts";
import type { TlsFiles } from "./secret-file.ts";
import { TlsAgent } from "./tls-agent.ts";

/** An answer is a few lines. */
const answerBytesMax = 64 * 1024;
/** Shorter than servers keep a connection that nobody uses, so that none ends as it is used again. */
const idleMs = 4_000;

/**
 * A client of receivers that are trusted by these files, or by who the system trusts. Node's `fetch`
 * takes no authority of one's own. Connections are kept for a moment, and keep no process alive.
 */
export function createHttpClient(tls: TlsFiles = {}): HttpClient & { close(): void } {
  const options = { keepAlive: true, timeout: idleMs };
  const [plain, secure] = [new HttpAgent(options), new TlsAgent(tls, options)];
  return {
    async post(post, signal) {
      const url = new URL(post.url);
      const sending = { method: "POST", signal, headers: headersOf(post) };
      const call =
        url.protocol === "https:"
          ? requestTls(url, { ...sending, agent: secure })
          : request(url, { ...sending, agent: plain });
      const answer = answerOf(call);
      call.end(post.body);
      return answer;
    },
    close() {
      plain.destroy();
      secure.destroy();
    },
  };
}

function headersOf({ body, headers }: HttpPost) {
  // What is bounded is what arrives.
  return { ...headers, "content-length": Buffer.byteLength(body), "accept-encoding": "identity" };
}

function answerOf(call: ClientRequest): Promise<HttpAnswer> {
  return new Promise((resolve, reject) => {
    call.on("error", reject);
    call.on("response", (response) => {
      const { headers, statusCode: status = 0 } = response;
      readText(response).then(
        (text) => resolve({ status, retryAfter: headers["retry-after"], text }),
        reject,
      );
    });
  });
}

async function readText(response: IncomingMessage): Promise<string> {
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  for await (const chunk of response) {
    bytes += chunk.length;
    if (bytes > answerBytesMax) throw new Error(`expected at most ${answerBytesMax} bytes`);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString();
}
