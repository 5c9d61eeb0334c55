import type { ExchangeObserver } from "../exchange/index.ts";
import type { OperatorLog, Telemetry } from "../telemetry/index.ts";
import type { Config } from "./config.ts";
import type { PolicyLoad, PolicySupplement } from "./policy-keeper.ts";

/** What a server is started with. */
export interface ServerOptions {
  readonly config: Config;
  readonly version: string;
  /** Documents beside those of the policy directories. */
  readonly supplement?: PolicySupplement;
  readonly telemetry: Telemetry;
  readonly log: OperatorLog;
  /** Told of every record beside the metrics, for people watching. */
  readonly watcher?: Watcher;
}

/** What people may watch happen. */
export interface Watcher extends Pick<ExchangeObserver, "decided" | "closed" | "bypassed"> {
  /** Told of every attempt to load policies, the first included. */
  policiesLoaded?(load: PolicyLoad): void;
}
