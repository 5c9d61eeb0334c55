import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import type { TestContext } from "node:test";

/** What a server of classifiers was asked. */
export interface ClassifierCall {
  readonly path: string;
  readonly headers: IncomingMessage["headers"];
  readonly body: Readonly<Record<string, unknown>>;
}

/** A server on this machine that answers as a test says; its end takes it down. */
export interface ClassifierServer {
  readonly url: string;
  readonly calls: readonly ClassifierCall[];
  /** Connections that were ever opened. */
  readonly connections: number;
  /** How calls are answered from now on; one that answers nothing hangs. */
  answerWith(answer: (call: ClassifierCall, response: ServerResponse) => void): void;
}

export async function startClassifierServer(t: TestContext): Promise<ClassifierServer> {
  const calls: ClassifierCall[] = [];
  let connections = 0;
  let answer: Parameters<ClassifierServer["answerWith"]>[0] = () => undefined;
  const server = createServer((request, response) => {
    const parts: Buffer[] = [];
    request.on("data", (part: Buffer) => parts.push(part));
    request.on("end", () => {
      const body = JSON.parse(Buffer.concat(parts).toString()) as ClassifierCall["body"];
      const call = { path: request.url ?? "", headers: request.headers, body };
      calls.push(call);
      answer(call, response);
    });
  });
  server.on("connection", () => {
    connections += 1;
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  t.after(() => {
    server.closeAllConnections();
    return new Promise((resolve) => server.close(resolve));
  });
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    calls,
    get connections() {
      return connections;
    },
    answerWith: (next) => {
      answer = next;
    },
  };
}

export function sendJson(response: ServerResponse, value: unknown): void {
  response.setHeader("content-type", "application/json");
  response.end(JSON.stringify(value));
}

/**
 * Answers as Presidio's analyzer does: a list of entities with offsets in code points, as Python counts
 * them. Knows the names given by heart.
 */
export function presidioAnswers(...names: readonly string[]) {
  return ({ body }: ClassifierCall, response: ServerResponse): void => {
    const characters = [...String(body["text"])];
    const entities = body["entities"] as readonly string[];
    const found = names.flatMap((name) => {
      const wanted = [...name];
      return characters.flatMap((_, start) =>
        wanted.every((character, index) => characters[start + index] === character)
          ? [
              {
                ...{ entity_type: "PERSON", start, end: start + wanted.length, score: 0.85 },
                ...{ analysis_explanation: null, recognition_metadata: null },
              },
            ]
          : [],
      );
    });
    sendJson(response, entities.includes("PERSON") ? found : []);
  };
}
