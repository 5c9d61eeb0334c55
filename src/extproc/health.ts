import { constants, type ServerHttp2Stream } from "node:http2";
import { Fault } from "../base/index.ts";
import { type BufferedBytes, FrameReader } from "./frame-reader.ts";
import { toFrame } from "./frame-writer.ts";
import { grpc } from "./gen/messages.js";
import { type GrpcStatus, refuseCall, respond, toTrailers } from "./grpc-status.ts";
import type { TransportObserver } from "./observer.ts";
import { reportWireFault } from "./wire-fault.ts";

const { HealthCheckRequest, HealthCheckResponse } = grpc.health.v1;
const { ServingStatus } = HealthCheckResponse;

/** The service whose health is told, beside `""`, the server as a whole. */
export const processorService = "envoy.service.ext_proc.v3.ExternalProcessor";

/** Calls of the health service by HTTP/2 path. */
export const healthPaths = {
  check: "/grpc.health.v1.Health/Check",
  watch: "/grpc.health.v1.Health/Watch",
} as const;

/** A service name is all a request holds. */
const requestBytesMax = 4096;
const watchEveryMs = 1000;

/** What health is told from. */
export interface HealthOptions {
  readonly isServing: () => boolean;
  readonly observer: TransportObserver;
  readonly buffered: BufferedBytes;
}

/** grpc.health.v1 (gRPC "Health Checking Protocol"): one answer to Check, every change to Watch. */
export class HealthService {
  readonly #options: HealthOptions;
  readonly #watchers = new Set<ServerHttp2Stream>();
  /** Those who watch a service that does not exist: they wait, and end with the others. */
  readonly #waiters = new Set<ServerHttp2Stream>();
  /** What watchers were told last. */
  #toldServing = false;
  #timer: NodeJS.Timeout | undefined;

  constructor(options: HealthOptions) {
    this.#options = options;
  }

  /** Answers one call. The stream has its error listener already. */
  handle(stream: ServerHttp2Stream, path: string): void {
    const reader = new FrameReader(requestBytesMax, this.#options.buffered);
    let service: string | undefined;
    stream.on("data", (chunk: Buffer) => {
      if (stream.headersSent) return;
      try {
        reader.push(chunk);
        for (let message = reader.next(); message !== undefined; message = reader.next()) {
          service = decodeService(message);
        }
      } catch (error) {
        reader.release();
        this.#refuse(stream, error);
      }
    });
    stream.on("end", () => {
      reader.release();
      if (stream.headersSent || stream.destroyed) return;
      if (service === undefined) this.#refuse(stream, new Fault("message_malformed", "no request"));
      else if (path === healthPaths.check) this.#check(stream, service);
      else this.#watch(stream, service);
    });
    stream.on("close", () => {
      reader.release();
      this.#forget(stream);
    });
  }

  /** Tells watchers what changed, if anything did. */
  publish(): void {
    const isServing = this.#options.isServing();
    if (isServing === this.#toldServing) return;
    this.#toldServing = isServing;
    for (const stream of this.#watchers) stream.write(statusFrame(isServing));
  }

  /** Ends all watches: the server goes away. */
  endWatches(): void {
    for (const stream of [...this.#watchers, ...this.#waiters]) stream.end();
    this.#watchers.clear();
    this.#waiters.clear();
    clearInterval(this.#timer);
    this.#timer = undefined;
  }

  #check(stream: ServerHttp2Stream, service: string): void {
    if (!isKnown(service)) {
      refuseCall(stream, { name: "NOT_FOUND", message: "unknown service" });
      return;
    }
    answer(stream, ok);
    stream.end(statusFrame(this.#options.isServing()));
  }

  #watch(stream: ServerHttp2Stream, service: string): void {
    answer(stream, goingAway);
    if (!isKnown(service)) {
      // The protocol asks to leave the call open: the service could appear. Ours cannot.
      this.#waiters.add(stream);
      stream.write(toStatusFrame(ServingStatus.SERVICE_UNKNOWN));
      return;
    }
    this.publish();
    this.#watchers.add(stream);
    stream.write(statusFrame(this.#toldServing));
    this.#timer ??= setInterval(() => this.publish(), watchEveryMs).unref();
  }

  #forget(stream: ServerHttp2Stream): void {
    this.#waiters.delete(stream);
    this.#watchers.delete(stream);
    if (this.#watchers.size > 0) return;
    clearInterval(this.#timer);
    this.#timer = undefined;
  }

  #refuse(stream: ServerHttp2Stream, error: unknown): void {
    const fault =
      error instanceof Fault
        ? error
        : new Fault("message_malformed", "expected a HealthCheckRequest", { cause: error });
    const name = reportWireFault(fault, this.#options.observer);
    refuseCall(stream, { name, message: fault.message });
    stream.close(constants.NGHTTP2_NO_ERROR);
  }
}

const ok: GrpcStatus = { name: "OK", message: "" };
const goingAway: GrpcStatus = { name: "UNAVAILABLE", message: "draining" };

function decodeService(message: Buffer): string {
  return HealthCheckRequest.decode(message).service ?? "";
}

function isKnown(service: string): boolean {
  return service === "" || service === processorService;
}

/** Starts an answer that will end with `status`. */
function answer(stream: ServerHttp2Stream, status: GrpcStatus): void {
  stream.once("wantTrailers", () => stream.sendTrailers(toTrailers(status)));
  respond(stream);
}

function statusFrame(isServing: boolean): Buffer {
  return toStatusFrame(isServing ? ServingStatus.SERVING : ServingStatus.NOT_SERVING);
}

function toStatusFrame(status: grpc.health.v1.HealthCheckResponse.ServingStatus): Buffer {
  return toFrame((writer) => HealthCheckResponse.encode({ status }, writer));
}
