import { type ClientRequest, Agent as HttpAgent, request as httpRequest } from "node:http";
import { Agent as HttpsAgent, request as httpsRequest } from "node:https";
import type { HeaderField } from "../domain/index.ts";

/** Where a classifier is called over HTTP, and as whom. */
export interface HttpEndpoint {
  readonly url: URL;
  /** The authorities that vouch for the server, in PEM; undefined: those of the machine. */
  readonly ca: Buffer | undefined;
  /** The header that goes with each call; asked each time, since files are renewed. */
  readonly credential: () => HeaderField | undefined;
  /** Connections kept open. */
  readonly connectionsMax: number;
}

/** More than any answer about texts of the size that is asked about. */
const answerBytesMax = 4 * 1024 * 1024;

/**
 * JSON calls to one server over connections that are kept. Redirects are no answers: what is asked
 * about goes to the server that the operator named and to no other.
 */
export class HttpTransport {
  readonly #endpoint: HttpEndpoint;
  readonly #agent: HttpAgent;

  constructor(endpoint: HttpEndpoint) {
    this.#endpoint = endpoint;
    const options = { keepAlive: true, maxSockets: endpoint.connectionsMax };
    this.#agent =
      endpoint.url.protocol === "https:"
        ? new HttpsAgent({ ...options, ...(endpoint.ca && { ca: endpoint.ca }) })
        : new HttpAgent(options);
  }

  /** Posts to a path below the address; rejects unless there is a 200 with JSON in time. */
  async post(path: string, body: unknown, signal: AbortSignal): Promise<unknown> {
    const bytes = Buffer.from(JSON.stringify(body));
    try {
      return await this.#post(path, bytes, signal);
    } catch (error) {
      // The server may close a kept connection just as it is used again; it has not seen the call.
      if (!(error instanceof StaleConnection) || signal.aborted) throw error;
      return await this.#post(path, bytes, signal);
    }
  }

  close(): void {
    this.#agent.destroy();
  }

  #post(path: string, bytes: Buffer, signal: AbortSignal): Promise<unknown> {
    const { url } = this.#endpoint;
    const credential = this.#endpoint.credential();
    const request = url.protocol === "https:" ? httpsRequest : httpRequest;
    const call = request(new URL(`${url.pathname.replace(/\/+$/, "")}${path}`, url), {
      method: "POST",
      agent: this.#agent,
      signal,
      headers: {
        "content-type": "application/json",
        "content-length": bytes.length,
        // What is bounded is what arrives.
        "accept-encoding": "identity",
        ...(credential && { [credential.name]: credential.value }),
      },
    });
    const answer = readAnswer(call);
    call.end(bytes);
    return answer;
  }
}

/** The connection was gone before anything of the answer came. */
class StaleConnection extends Error {}

function readAnswer(call: ClientRequest): Promise<unknown> {
  return new Promise((resolve, reject) => {
    call.on("error", (error: NodeJS.ErrnoException) => {
      const isStale = call.reusedSocket && error.code === "ECONNRESET";
      reject(isStale ? new StaleConnection("connection closed", { cause: error }) : error);
    });
    call.on("response", (response) => {
      const fail = (why: string) => {
        reject(new Error(why));
        call.destroy();
      };
      if (response.statusCode !== 200)
        return fail(`expected status 200, found ${response.statusCode}`);
      const parts: Buffer[] = [];
      let total = 0;
      response.on("error", reject);
      response.on("data", (part: Buffer) => {
        total += part.length;
        if (total > answerBytesMax) return fail(`expected at most ${answerBytesMax} bytes`);
        parts.push(part);
      });
      response.on("end", () => {
        if (!response.complete) return fail("the answer broke off");
        try {
          resolve(JSON.parse(Buffer.concat(parts).toString()));
        } catch {
          // What the parser says would quote the answer, which may quote what was asked about.
          fail("expected JSON");
        }
      });
    });
  });
}
