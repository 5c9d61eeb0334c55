import type { Redis } from "ioredis";
import type { Timers } from "../base/index.ts";
import {
  type Charge,
  type ChargeResult,
  type Correction,
  type QuotaStore,
  type StoreCall,
  StoreUnavailable,
  type StoreWindow,
  type Taken,
} from "../quota/index.ts";
import { correctScript, type RedisScript, reserveScript } from "./redis-scripts.ts";

/** Told about the store's connection, for the operator's log; calls are cheap and never throw. */
export interface StoreObserver {
  connected(): void;
  /** Once for each time it is lost. */
  lost(cause: Error): void;
}

export interface RedisQuotaStoreOptions {
  /** `redis://HOST:PORT/DB` or `rediss://…` for TLS; a user name may be in it, a password not. */
  readonly url: string;
  readonly password: string | undefined;
  /** One call may take this long; what comes later is undone. */
  readonly deadlineMs: number;
  readonly timers: Timers;
  readonly observer: StoreObserver;
}

const reconnectMs = { first: 50, most: 5_000 };
/** A connection that says nothing for so long, though it was asked, is given up. */
const silenceMs = 5_000;
const repliesPerCharge = 3;

/**
 * Connects to Redis, and resolves when it is connected or the deadline has passed: a server starts
 * without it, and tries again until it is there. Quotas are unavailable until then.
 */
export async function openRedisQuotaStore(
  options: RedisQuotaStoreOptions,
): Promise<RedisQuotaStore> {
  // Loaded on use: with this library in it, a process scans texts half as slow again.
  const { Redis } = await import("ioredis");
  const store = new RedisQuotaStore(options, Redis);
  await store.connected();
  return store;
}

/**
 * Counters in Redis or what speaks its protocol (6.0 or later), shared by all processes that are
 * given the same one. Keys are `chancery:quota:{TENANT}:…` with digests in place of names; the braces
 * keep those of one tenant on one node, where a script can reach them together.
 */
export class RedisQuotaStore implements QuotaStore {
  readonly #redis: Redis;
  readonly #options: RedisQuotaStoreOptions;
  #isLost = false;

  constructor(options: RedisQuotaStoreOptions, Client: typeof Redis) {
    const { observer, password, url } = options;
    this.#options = options;
    this.#redis = new Client(url, {
      ...(password === undefined ? {} : { password }),
      // What is not answered counts as not reserved, so nothing is sent later or a second time.
      enableOfflineQueue: false,
      autoResendUnfulfilledCommands: false,
      maxRetriesPerRequest: 0,
      connectTimeout: silenceMs,
      socketTimeout: silenceMs,
      retryStrategy: backoffMs,
      protocol: 2,
      disableClientInfo: true,
      lazyConnect: true,
    });
    this.#redis.on("ready", () => {
      this.#isLost = false;
      this.#teach();
      observer.connected();
    });
    this.#redis.on("error", (error) => this.#lose(error));
    this.#redis.on("close", () => this.#lose(new Error("the connection was closed")));
  }

  /** Starts to connect; resolves when that is done, has failed once, or takes too long. */
  connected(): Promise<void> {
    return new Promise((resolve) => {
      const deadline = this.#options.timers.after(this.#options.deadlineMs, resolve);
      const done = () => {
        deadline.cancel();
        resolve();
      };
      // A failure is told by the connection's events, and tried again.
      this.#redis.connect().then(done, done);
    });
  }

  async reserve(charges: readonly Charge[], call: StoreCall): Promise<Taken> {
    const values = charges.flatMap((charge) => toArguments(charge, call.nowMs, 0));
    const reply = this.#run(reserveScript, keysOf(charges, call), values);
    return this.#before(
      reply.then((numbers) => toTaken(numbers, charges.length)),
      (late) => this.#undo(charges, late, call),
    );
  }

  async correct(corrections: readonly Correction[], call: StoreCall): Promise<void> {
    const values = corrections.flatMap((correction) =>
      toArguments({ ...correction, isSoft: true }, call.nowMs, correction.slot),
    );
    await this.#before(
      this.#run(correctScript, keysOf(corrections, call), values),
      () => undefined,
    );
  }

  /** Ends the connection; nothing is reserved after it. */
  close(): void {
    this.#isLost = true;
    this.#redis.disconnect();
  }

  /** Before the first call, or a burst of them would be told that their script is not known. */
  #teach(): void {
    for (const { text } of [reserveScript, correctScript]) {
      // Where it may not be kept there, each call that is not understood sends it along.
      this.#redis.script("LOAD", text).catch(() => undefined);
    }
  }

  async #run(
    { sha, text }: RedisScript,
    keys: readonly string[],
    values: readonly string[],
  ): Promise<unknown> {
    try {
      return await this.#redis.evalsha(sha, keys.length, ...keys, ...values);
    } catch (error) {
      // Somebody may have emptied the server of scripts.
      if (!isScriptUnknown(error)) throw error;
      return await this.#redis.eval(text, keys.length, ...keys, ...values);
    }
  }

  /** The reply, unless it comes too late; then `undo` is told of it. */
  #before<T>(reply: Promise<T>, undo: (late: T) => void): Promise<T> {
    const { deadlineMs, timers } = this.#options;
    return new Promise((resolve, reject) => {
      let isLate = false;
      const deadline = timers.after(deadlineMs, () => {
        isLate = true;
        reject(new StoreUnavailable(`expected an answer in ${deadlineMs} ms`));
      });
      reply.then(
        (value) => {
          deadline.cancel();
          if (isLate) undo(value);
          else resolve(value);
        },
        (cause: unknown) => {
          deadline.cancel();
          reject(new StoreUnavailable("the store did not answer", { cause }));
        },
      );
    });
  }

  /** Nobody waits for this reservation any more. */
  #undo(charges: readonly Charge[], { isTaken, results }: Taken, call: StoreCall): void {
    if (!isTaken) return;
    const corrections = charges.map(({ isSoft: _, ...charge }, index) => ({
      ...charge,
      amount: -charge.amount,
      slot: results[index]?.slot ?? 0,
    }));
    // Where this fails too, the amounts stay counted until their windows are over.
    this.correct(corrections, call).catch(() => undefined);
  }

  #lose(cause: Error): void {
    if (this.#isLost) return;
    this.#isLost = true;
    this.#options.observer.lost(cause);
  }
}

function keysOf(charges: readonly { readonly key: string }[], { tenant }: StoreCall): string[] {
  return charges.map(({ key }) => `chancery:quota:{${tenant}}:${key}`);
}

function toArguments(charge: Charge, nowMs: number, slot: number): readonly string[] {
  const { amount, isSoft, limit, window } = charge;
  const [first, second] = ofWindow(window, nowMs, slot);
  return [amount, limit, isSoft ? 1 : 0, window.kind, first, second].map(String);
}

/** Of a fixed window the time left by our clock: calendars are ours, and a period is a key of its own. */
function ofWindow(window: StoreWindow, nowMs: number, slot: number): readonly [number, number] {
  switch (window.kind) {
    case "fixed":
      return [Math.ceil(window.endMs - nowMs), 0];
    case "sliding":
      return [window.slotMs, slot];
    case "gcra":
      return [window.periodMicros, window.burst];
  }
}

function toTaken(reply: unknown, count: number): Taken {
  const numbers = Array.isArray(reply) ? reply.map(Number) : [];
  if (numbers.length !== 1 + count * repliesPerCharge || numbers.some(Number.isNaN)) {
    throw new Error("expected a reply to each charge");
  }
  const results: ChargeResult[] = [];
  for (let at = 1; at < numbers.length; at += repliesPerCharge) {
    const [within, retry = -1, slot = 0] = numbers.slice(at, at + repliesPerCharge);
    const isWithin = within === 1;
    const retryAfterMs = isWithin || retry < 0 ? undefined : retry;
    results.push({ isWithin, retryAfterMs, slot });
  }
  return { isTaken: numbers[0] === 1, results };
}

function backoffMs(attempt: number): number {
  const steady = Math.min(reconnectMs.first * 2 ** Math.min(attempt, 10), reconnectMs.most);
  // Processes that lost one server together do not come back to it in step.
  return steady / 2 + Math.random() * (steady / 2);
}

function isScriptUnknown(error: unknown): boolean {
  return error instanceof Error && error.message.startsWith("NOSCRIPT");
}
