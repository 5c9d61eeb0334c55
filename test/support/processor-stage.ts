/** The transport and the exchanges, put together in this process with parts a test can break. */
import { Fault, type Timers } from "../../src/base/index.ts";
import type { ExchangeDeps } from "../../src/exchange/index.ts";
import {
  type AcceptedBodyModes,
  createExtProcServer,
  type ExtProcServer,
  type StreamEnd,
} from "../../src/extproc/index.ts";
import type { Cleanup } from "./chancery-process.ts";
import { setExchangeStage, type WrittenRecord } from "./exchange-stage.ts";

/** What a test may change. */
export interface ProcessorOptions {
  readonly deps?: Partial<ExchangeDeps>;
  readonly bodyModes?: AcceptedBodyModes;
  /** True while records cannot be written. */
  readonly isDiskFull?: () => boolean;
}

/** A processor on a free loopback port. */
export interface ProcessorStage {
  readonly server: ExtProcServer;
  readonly address: string;
  readonly records: readonly WrittenRecord[];
  /** How streams ended, in order. */
  readonly streamEnds: readonly StreamEnd[];
  readonly bugs: readonly unknown[];
  /** Of all bodies held at this moment. */
  heldBytes(): number;
}

const bothModes: AcceptedBodyModes = {
  request: ["BUFFERED", "FULL_DUPLEX_STREAMED"],
  response: ["FULL_DUPLEX_STREAMED", "BUFFERED", "STREAMED"],
};

/** Starts one under the policies of the exchange tests, with timers that run. */
export async function startProcessor(
  t: Cleanup,
  options: ProcessorOptions = {},
): Promise<ProcessorStage> {
  const stage = setExchangeStage({ timers: runningTimers, ...options.deps });
  const streamEnds: StreamEnd[] = [];
  const bugs: unknown[] = [];
  const server = createExtProcServer({
    open: stage.open,
    bodyModes: options.bodyModes ?? bothModes,
    limits: stage.deps.limits,
    whenDurable: (_, done) => done(true),
    commit: () => {
      if (options.isDiskFull?.() !== true) return;
      stage.loseTurn();
      throw new Fault("audit_unavailable", "expected room on the disk");
    },
    observer: {
      sessionOpened: () => undefined,
      sessionClosed: () => undefined,
      streamOpened: () => undefined,
      streamEnded: (end) => streamEnds.push(end),
      wireError: () => undefined,
      limitHit: () => undefined,
      messageSeconds: () => undefined,
    },
    isReady: () => true,
    onBug: (error) => bugs.push(error),
  });
  const address = await server.listen("127.0.0.1:0");
  const heldBytes = () => stage.deps.heldBytes.total;
  t.after(() => server.close());
  return { server, address, records: stage.records, streamEnds, bugs, heldBytes };
}

const runningTimers: Timers = {
  after: (milliseconds, run) => {
    const timeout = setTimeout(run, milliseconds);
    timeout.unref();
    return {
      cancel: () => clearTimeout(timeout),
      restart: () => {
        timeout.refresh();
      },
    };
  },
};
