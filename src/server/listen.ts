import { createExchanges, type ExchangeDeps } from "../exchange/index.ts";
import { createExtProcServer, type ExtProcServer } from "../extproc/index.ts";
import { parseStaticIdentity } from "../identity/index.ts";
import type { Config, ListenerConfig } from "./config.ts";
import { type DrainParts, lastSendMs } from "./drain.ts";
import type { KillSwitchKeeper } from "./kill-switch-keeper.ts";
import type { QuotaLedger } from "./quota-ledger.ts";
import { ServerNotStarted } from "./server-not-started.ts";
import type { ServerOptions } from "./server-options.ts";
import type { ServerState } from "./server-state.ts";

/** What the exchanges of all listeners have in common. */
export type ListenersDeps = Omit<ExchangeDeps, "identity" | "offeredTools" | "stripsHeaders">;

/** What a server listens on, as bound. */
export interface Addresses {
  /** In the order of the configuration. */
  readonly addresses: readonly string[];
  readonly adminAddress: string;
}

/** Listens on everything, or on nothing: then throws `ServerNotStarted`, with all that was open closed. */
export async function listen(
  { admin: { address: adminAddress } }: Config,
  parts: Pick<DrainParts, "admin" | "policies" | "records" | "sinks" | "state"> & {
    readonly killSwitches: KillSwitchKeeper;
    readonly quotas: QuotaLedger;
  },
): Promise<Addresses> {
  const { admin, killSwitches, policies, quotas, records, sinks, state } = parts;
  const addresses: string[] = [];
  try {
    for (const listener of state.listeners) addresses.push(await listener.listen());
    return { addresses, adminAddress: await admin.listen(adminAddress) };
  } catch (cause) {
    policies.close();
    killSwitches.close();
    quotas.close();
    for (const listener of state.listeners) listener.close();
    await Promise.all(state.transports.map((transport) => transport.close()));
    await records.close();
    await sinks.close(AbortSignal.timeout(lastSendMs));
    throw new ServerNotStarted("The server cannot listen", cause);
  }
}

/** The transport of one listener; it listens when told to. */
export function createTransport(
  listener: ListenerConfig,
  deps: ListenersDeps,
  { config, log, telemetry }: ServerOptions,
  state: ServerState,
): ExtProcServer {
  const { identity } = listener;
  return createExtProcServer({
    open: createExchanges({
      ...deps,
      identity: identity && parseStaticIdentity(`${identity.tenant}/${identity.app}`),
      stripsHeaders: new Set(listener.stripsHeaders),
      offeredTools: listener.offeredTools,
    }),
    bodyModes: listener.bodyModes,
    limits: config.limits,
    commit: () => state.commit(),
    whenDurable: (seq, done) => state.whenDurable(seq, done),
    observer: telemetry.transport,
    isReady: () => state.isReady,
    onBug: (error) => log.error("bug", error),
  });
}
