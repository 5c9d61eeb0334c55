import type { RequestOptions } from "node:http";
import { Agent, type AgentOptions } from "node:https";
import type { Duplex } from "node:stream";
import { readTls, type TlsFiles } from "./secret-file.ts";

type OnSocket = (error: Error | null, socket: Duplex) => void;

/** Connections whose certificates are read from their files anew for each, so that renewed ones count. */
export class TlsAgent extends Agent {
  readonly #files: TlsFiles;

  constructor(files: TlsFiles, options: AgentOptions = {}) {
    // A session that is taken up again is not verified, whatever the files say by then.
    super({ ...options, maxCachedSessions: 0 });
    this.#files = files;
  }

  override createConnection(options: RequestOptions, onSocket?: OnSocket): undefined {
    const connect = async () =>
      super.createConnection({ ...options, ...(await readTls(this.#files)) });
    connect().then(
      (socket) => onSocket?.(null, socket as Duplex),
      // Node asks for an error alone; its types ask for a socket as well.
      (error) => (onSocket as ((error: Error) => void) | undefined)?.(error),
    );
  }
}
