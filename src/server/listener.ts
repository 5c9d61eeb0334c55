import type { ExtProcServer } from "../extproc/index.ts";
import type { OperatorLog } from "../telemetry/index.ts";
import type { ListenerConfig } from "./config.ts";
import { TlsFiles, type TlsObserver } from "./tls-files.ts";

/** One listener of the configuration: its transport and, with TLS, its certificates. */
export class Listener {
  readonly transport: ExtProcServer;
  readonly #config: ListenerConfig;
  readonly #tlsObserver: TlsObserver;
  #tls: TlsFiles | undefined;
  #address: string | undefined;

  constructor(
    config: ListenerConfig,
    transport: ExtProcServer,
    log: Pick<OperatorLog, "info" | "error">,
  ) {
    this.transport = transport;
    this.#config = config;
    this.#tlsObserver = {
      renewed: (material) => {
        transport.renewTls(material);
        log.info("certificates renewed", { addresses: this.#address ?? config.address });
      },
      refused: (error) => log.error("certificates refused", error),
    };
  }

  /** Listens, and gives the address as bound. Throws where that, or its certificates, do not do. */
  async listen(): Promise<string> {
    const { address, socketMode, tls } = this.#config;
    if (tls !== undefined) this.#tls = new TlsFiles(tls);
    const material = this.#tls?.material;
    this.#address = await this.transport.listen(address, {
      socketMode,
      ...(tls && material && { tls: { material, allow: tls.allow } }),
    });
    await this.#tls?.watch(this.#tlsObserver);
    return this.#address;
  }

  /** Reads its certificates again. */
  reload(): void {
    this.#tls?.reload(this.#tlsObserver);
  }

  /** Ends watching; the transport is drained by itself. */
  close(): void {
    this.#tls?.close();
  }

  /** What `/status` says of it. */
  status(): object {
    const { activeStreams } = this.transport;
    const address = this.#address ?? this.#config.address;
    if (this.#tls === undefined) return { address, tls: null, activeStreams };
    const { expiresAtMs, state } = this.#tls;
    const tls = {
      loadedAt: renderTime(state.loadedAtMs),
      expiresAt: renderTime(expiresAtMs),
      refusedSince: renderTime(state.refusedSinceMs),
    };
    return { address, tls, activeStreams };
  }
}

function renderTime(atMs: number | undefined): string | null {
  return atMs === undefined ? null : new Date(atMs).toISOString();
}
