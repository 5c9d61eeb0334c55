/** A transport under test with exchanges that do as they are told and remember what they heard. */
import type { TestContext } from "node:test";
import { defaultLimits } from "../../src/base/index.ts";
import type {
  CommandSink,
  ExchangeEvent,
  ExchangeSession,
  Opening,
} from "../../src/exchange/index.ts";
import {
  createExtProcServer,
  type ExtProcServer,
  type ExtProcServerOptions,
  type TransportObserver,
} from "../../src/extproc/index.ts";
import { RawGrpcClient, toGrpcFrame } from "./raw-grpc-client.ts";

/** What a scripted exchange does with an event. */
export type Script = (event: ExchangeEvent, exchange: ScriptedExchange) => void;

/** One exchange that was opened. Settled unless the script says otherwise. */
export class ScriptedExchange implements ExchangeSession {
  readonly opening: Opening;
  readonly sink: CommandSink;
  readonly events: ExchangeEvent[] = [];
  isSettled = true;
  readonly #script: Script;
  #waiting: (() => void)[] = [];

  constructor(opening: Opening, sink: CommandSink, script: Script) {
    this.opening = opening;
    this.sink = sink;
    this.#script = script;
  }

  get kinds(): readonly ExchangeEvent["kind"][] {
    return this.events.map((event) => event.kind);
  }

  handle(event: ExchangeEvent): void {
    this.events.push(event);
    for (const wake of this.#waiting.splice(0)) wake();
    this.#script(event, this);
  }

  /** Resolves when an event of this kind has been heard. */
  async heard(kind: ExchangeEvent["kind"]): Promise<void> {
    while (!this.kinds.includes(kind)) {
      await new Promise<void>((resolve) => {
        this.#waiting.push(resolve);
      });
    }
  }
}

/** A server with everything that was reported about it. */
export interface Fixture {
  readonly server: ExtProcServer;
  readonly address: string;
  readonly client: RawGrpcClient;
  readonly exchanges: readonly ScriptedExchange[];
  /** Observer calls as `name` or `name argument`, in order; message times left out. */
  readonly observed: readonly string[];
  readonly bugs: readonly unknown[];
  /** The nth exchange, as soon as it has been opened. */
  opened(index: number): Promise<ScriptedExchange>;
  /** Another connection. */
  connect(): RawGrpcClient;
  /** Resolves when the server has taken all that was sent on a connection so far. */
  settled(client?: RawGrpcClient): Promise<void>;
}

/** Answers each event with the empty answer of its kind, as a BUFFERED or STREAMED proxy wants. */
export const answerEach: Script = (event, { sink }) => {
  if (event.kind === "request_headers") sink.send({ kind: "headers", direction: "request" });
  if (event.kind === "response_headers") sink.send({ kind: "headers", direction: "response" });
  if (event.kind === "request_body") sink.send({ kind: "body", direction: "request" });
  if (event.kind === "response_body") sink.send({ kind: "body", direction: "response" });
};

/** Starts a server on a free loopback port, closed when the test ends. */
export async function startFixture(
  t: TestContext,
  script: Script = answerEach,
  options: Partial<ExtProcServerOptions> & { readonly address?: string } = {},
): Promise<Fixture> {
  const exchanges: ScriptedExchange[] = [];
  const observed: string[] = [];
  const bugs: unknown[] = [];
  const waiting: (() => void)[] = [];
  const { address: wanted, ...overrides } = options;
  const server = createExtProcServer({
    open: (opening, sink) => {
      const exchange = new ScriptedExchange(opening, sink, script);
      exchanges.push(exchange);
      for (const wake of waiting.splice(0)) wake();
      return exchange;
    },
    bodyModes: { request: ["BUFFERED"], response: ["FULL_DUPLEX_STREAMED"] },
    limits: defaultLimits,
    commit: () => undefined,
    whenDurable: (_, done) => done(true),
    observer: observeInto(observed),
    isReady: () => true,
    onBug: (error) => bugs.push(error),
    ...overrides,
  });
  const address = await server.listen(wanted ?? "127.0.0.1:0");
  const clients: RawGrpcClient[] = [];
  const connect = (): RawGrpcClient => {
    const client = new RawGrpcClient(address);
    clients.push(client);
    return client;
  };
  t.after(async () => {
    await Promise.all(clients.map((client) => client.close()));
    await server.close();
  });
  const opened = async (index: number): Promise<ScriptedExchange> => {
    for (;;) {
      const exchange = exchanges[index];
      if (exchange !== undefined) return exchange;
      await new Promise<void>((resolve) => {
        waiting.push(resolve);
      });
    }
  };
  const client = connect();
  const settled = (on: RawGrpcClient = client): Promise<void> => barrier(on);
  return { server, address, client, exchanges, observed, bugs, opened, connect, settled };
}

/** A health check comes behind everything sent before it, and is answered in a later turn. */
async function barrier(client: RawGrpcClient): Promise<void> {
  const call = client.call({ ":path": "/grpc.health.v1.Health/Check" });
  call.sendBytes(toGrpcFrame(Buffer.alloc(0)));
  call.finish();
  await call.end;
}

function observeInto(observed: string[]): TransportObserver {
  return {
    sessionOpened: () => observed.push("sessionOpened"),
    sessionClosed: (reason) => observed.push(`sessionClosed ${reason}`),
    streamOpened: () => observed.push("streamOpened"),
    streamEnded: (end) => observed.push(`streamEnded ${end}`),
    wireError: (kind) => observed.push(`wireError ${kind}`),
    limitHit: (limit) => observed.push(`limitHit ${limit}`),
    messageSeconds: () => undefined,
  };
}
