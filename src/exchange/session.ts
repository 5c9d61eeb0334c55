import type { CommandSink } from "./commands.ts";
import type { ExchangeEvent, Opening } from "./events.ts";

/** One open exchange as its transport sees it. */
export interface ExchangeSession {
  /** Takes the next event in the order it came. Never throws; failures leave as commands. */
  handle(event: ExchangeEvent): void;
  /** True once nothing is owed to the proxy: it may half-close and be told status 0. */
  readonly isSettled: boolean;
  /** Of a trace that somebody keeps. */
  readonly traceId?: string | undefined;
}

/** Opens the exchange of one stream; called once per stream, before its first event. */
export type OpenExchange = (opening: Opening, sink: CommandSink) => ExchangeSession;
