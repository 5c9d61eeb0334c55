import { X509Certificate } from "node:crypto";
import { readFileSync } from "node:fs";
import { createSecureContext } from "node:tls";
import { secureContextOptions, type TlsMaterial } from "../extproc/index.ts";
import { PathWatch, type WatchTimes } from "../sources/index.ts";
import type { ListenerTlsConfig } from "./config.ts";

/** What `/status` says of a listener's certificates. */
export interface TlsState {
  /** When the material in use was read, in milliseconds since 1970. */
  readonly loadedAtMs: number;
  /** Since when the files do not fit together, so that the material before is in use. */
  readonly refusedSinceMs: number | undefined;
}

/** Told what became of files that changed. */
export interface TlsObserver {
  renewed(material: TlsMaterial): void;
  /** What is there does not fit together; the material before goes on. */
  refused(error: unknown): void;
}

/**
 * The certificate files of one listener: read at start, read again when they change. Files are often
 * replaced one after the other, so a certificate without its key is waited for, not taken.
 */
export class TlsFiles {
  readonly #config: ListenerTlsConfig;
  #material: TlsMaterial;
  #state: TlsState;
  #watch: PathWatch | undefined;

  /** Throws where a file cannot be read, or they do not fit together. */
  constructor(config: ListenerTlsConfig) {
    this.#config = config;
    this.#material = readMaterial(config);
    this.#state = { loadedAtMs: Date.now(), refusedSinceMs: undefined };
  }

  get material(): TlsMaterial {
    return this.#material;
  }

  get state(): TlsState {
    return this.#state;
  }

  /** When the listener's own certificate ends, in milliseconds since 1970. */
  get expiresAtMs(): number {
    return Date.parse(new X509Certificate(this.#material.cert).validTo);
  }

  /** Watches from now on. */
  async watch(observer: TlsObserver, times?: WatchTimes): Promise<void> {
    const { certFile, clientCaFile, keyFile } = this.#config;
    const listener = { changed: () => this.reload(observer), unchanged: () => undefined };
    this.#watch = await PathWatch.open([certFile, keyFile, clientCaFile], listener, times);
  }

  /** Reads the files again, and tells what came of it unless they are as before. */
  reload(observer: TlsObserver): void {
    try {
      const material = readMaterial(this.#config);
      const isRenewed = !isSame(material, this.#material);
      if (isRenewed) observer.renewed(material);
      const loadedAtMs = isRenewed ? Date.now() : this.#state.loadedAtMs;
      this.#material = material;
      this.#state = { loadedAtMs, refusedSinceMs: undefined };
    } catch (error) {
      this.#state = { ...this.#state, refusedSinceMs: this.#state.refusedSinceMs ?? Date.now() };
      observer.refused(error);
    }
  }

  close(): void {
    this.#watch?.close();
  }
}

function readMaterial({ certFile, clientCaFile, keyFile }: ListenerTlsConfig): TlsMaterial {
  const material = {
    cert: readFileSync(certFile),
    key: readFileSync(keyFile),
    clientCa: readFileSync(clientCaFile),
  };
  // An empty bundle of authorities would not be an error below, and would turn every peer away.
  void new X509Certificate(material.clientCa);
  // Throws where key and certificate are not a pair, before anything in use is touched.
  createSecureContext(secureContextOptions(material));
  return material;
}

function isSame(one: TlsMaterial, other: TlsMaterial): boolean {
  return (
    one.cert.equals(other.cert) && one.key.equals(other.key) && one.clientCa.equals(other.clientCa)
  );
}
