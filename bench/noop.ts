/** `node bench/noop.ts unix:/path|HOST:PORT`: our transport with an exchange that changes nothing. */
import { argv, exit } from "node:process";
import { defaultLimits } from "../src/base/index.ts";
import { createExtProcServer, type TransportObserver } from "../src/extproc/index.ts";
import { openNoopExchange } from "./noop-exchange.ts";

const nothing = (): void => undefined;
const observer: TransportObserver = {
  sessionOpened: nothing,
  sessionClosed: nothing,
  streamOpened: nothing,
  streamEnded: nothing,
  wireError: (kind) => console.error(`wire error: ${kind}`),
  limitHit: (limit) => console.error(`limit hit: ${limit}`),
  messageSeconds: nothing,
};

const server = createExtProcServer({
  open: openNoopExchange,
  bodyModes: {
    request: ["BUFFERED", "STREAMED", "FULL_DUPLEX_STREAMED", "NONE"],
    response: ["FULL_DUPLEX_STREAMED", "BUFFERED", "STREAMED", "NONE"],
  },
  limits: defaultLimits,
  whenDurable: (_, done) => done(true),
  commit: nothing,
  observer,
  isReady: () => true,
  onBug: (error) => console.error(error),
});

const address = await server.listen(argv[2] ?? "127.0.0.1:0");
console.log(`ready ${address}`);
process.on("SIGTERM", () => {
  server.close().then(() => exit(0), console.error);
});
