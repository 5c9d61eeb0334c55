import { once } from "node:events";
import { type AddressInfo, connect, createServer, type Socket } from "node:net";
import type { Cleanup } from "./chancery-process.ts";

/** A TCP relay in front of an HTTP/2 server that loses its first answers. */
export interface CuttingProxy {
  /** `HOST:PORT`. */
  readonly address: string;
  /** Connections cut so far. */
  readonly cuts: number;
}

const frameHeadBytes = 9;
const headersFrame = 1;

/**
 * Starts a relay that cuts the first `times` connections on which the server begins to answer a
 * call: the server has done its work, and its client cannot know.
 */
export async function startCuttingProxy(
  t: Cleanup,
  options: { readonly socket: string; readonly times: number },
): Promise<CuttingProxy> {
  let cuts = 0;
  const sockets = new Set<Socket>();
  const server = createServer((client) => {
    const target = connect(options.socket);
    for (const side of [client, target]) {
      sockets.add(side);
      // A cut connection is what this is for.
      side.on("error", () => undefined);
      side.on("close", () => {
        sockets.delete(side);
        client.destroy();
        target.destroy();
      });
    }
    const answers = watchForAnswer();
    client.on("data", (bytes) => target.write(bytes));
    target.on("data", (bytes) => {
      if (cuts >= options.times || !answers(bytes)) return void client.write(bytes);
      cuts += 1;
      client.destroy();
    });
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  t.after(async () => {
    const closed = once(server, "close");
    server.close();
    for (const socket of sockets) socket.destroy();
    await closed;
  });
  const { port } = server.address() as AddressInfo;
  return {
    address: `127.0.0.1:${port}`,
    get cuts() {
      return cuts;
    },
  };
}

/** Tells of each piece a server sends whether a HEADERS frame (RFC 9113, 6.2) begins in it. */
function watchForAnswer(): (bytes: Buffer) => boolean {
  let rest = Buffer.alloc(0);
  return (bytes) => {
    rest = Buffer.concat([rest, bytes]);
    let isAnswer = false;
    while (rest.length >= frameHeadBytes) {
      const end = frameHeadBytes + rest.readUIntBE(0, 3);
      isAnswer ||= rest[3] === headersFrame;
      if (rest.length < end) break;
      rest = rest.subarray(end);
    }
    return isAnswer;
  };
}
