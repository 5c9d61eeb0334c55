import { isIP } from "node:net";
import { connect, type TLSSocket } from "node:tls";
import { readTls, type TlsFiles } from "./secret-file.ts";
import { type Sink, SinkError, taken } from "./sink.ts";
import { toSyslogFrame } from "./syslog-frame.ts";

/** Where a syslog receiver is. */
export interface SyslogConfig {
  readonly host: string;
  /** 6514 by RFC 5425. */
  readonly port: number;
  readonly tls: TlsFiles;
}

/** The protocol does not say what arrived: so many lines may have been on their way. */
const unacknowledged = 1_000;
const connectMs = 10_000;
/** Longer than the way there and back. */
const acceptMs = 300;
/** A receiver that went away without a word is noticed. */
const keepAliveMs = 30_000;

/** Syslog over TLS (RFC 5425). What was sent before a connection broke is sent again. */
export function createSyslogSink(
  { host, port, tls }: SyslogConfig,
  own: { readonly host: string; readonly processId: number },
): Sink {
  let open: TLSSocket | undefined;
  let isLost = false;

  const drop = (socket: TLSSocket) => {
    socket.destroy();
    if (open !== socket) return;
    open = undefined;
    isLost = true;
  };
  const dial = async (signal: AbortSignal): Promise<TLSSocket> => {
    const files = await readTls(tls);
    const name = isIP(host) === 0 ? { servername: host } : {};
    const socket = connect({ host, port, ...files, ...name, minVersion: "TLSv1.2" });
    await connected(socket, signal);
    await accepted(socket);
    // An error closes it, and that is what counts.
    socket.on("error", () => undefined);
    socket.once("close", () => drop(socket));
    socket.once("end", () => drop(socket));
    // Whatever a receiver says has no meaning; unread, it would keep its end from being seen.
    socket.resume();
    socket.setKeepAlive(true, keepAliveMs);
    open = socket;
    return socket;
  };

  return {
    batch: { lines: 500, bytes: 512 * 1024 },
    unacknowledged,
    takeLoss() {
      const wasLost = isLost;
      isLost = false;
      return wasLost;
    },
    async send(lines, signal) {
      const socket = open ?? (await dial(signal));
      try {
        await write(socket, lines.map((line) => toSyslogFrame(line, own)).join(""), signal);
        return taken;
      } catch (cause) {
        drop(socket);
        throw new SinkError("away", "the connection to the syslog receiver broke", { cause });
      }
    },
    async close() {
      const socket = open;
      open = undefined;
      if (socket === undefined || socket.destroyed) return;
      // What was written is passed on before the end is; whoever does not take it is not waited for.
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, 1_000).unref();
        socket.once("close", () => {
          clearTimeout(timer);
          resolve();
        });
        socket.end();
      });
      socket.destroy();
    },
  };
}

function connected(socket: TLSSocket, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const fail = (cause?: unknown) => {
      socket.destroy();
      reject(new SinkError("away", "expected a TLS connection to the receiver", { cause }));
    };
    const giveUp = () => fail(signal.reason);
    socket.setTimeout(connectMs, fail);
    socket.once("error", fail);
    signal.addEventListener("abort", giveUp, { once: true });
    socket.once("secureConnect", () => {
      socket.setTimeout(0);
      socket.off("timeout", fail);
      socket.off("error", fail);
      signal.removeEventListener("abort", giveUp);
      resolve();
    });
  });
}

/**
 * Resolves once a receiver that does not want us would have said so: with TLS 1.3 a client is connected
 * before its certificate is looked at, and all it sends until then is lost.
 */
function accepted(socket: TLSSocket): Promise<void> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => {
      socket.off("error", refuse);
      socket.off("close", refuse);
      resolve();
    }, acceptMs);
    const refuse = (cause?: unknown) => {
      clearTimeout(timer);
      socket.destroy();
      reject(new SinkError("away", "the receiver closed the connection at once", { cause }));
    };
    socket.once("error", refuse);
    socket.once("close", refuse);
    socket.resume();
  });
}

/** Resolves once the system has the bytes. */
function write(socket: TLSSocket, text: string, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const giveUp = () => {
      // Half a message would be read as the beginning of the next.
      socket.destroy();
      reject(signal.reason);
    };
    signal.addEventListener("abort", giveUp, { once: true });
    socket.once("close", giveUp);
    socket.write(text, (error) => {
      signal.removeEventListener("abort", giveUp);
      socket.off("close", giveUp);
      if (error === null || error === undefined) resolve();
      else reject(error);
    });
  });
}
