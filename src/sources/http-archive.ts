import { archiveBytesMax } from "../bundle/index.ts";
import type { BundleSource } from "./bundle-source.ts";
import { callHttp } from "./http-call.ts";
import { SourceError } from "./source-error.ts";

/** An archive behind an address, asked for again by its entity tag (RFC 9110 section 13.1.2). */
export class HttpArchive implements BundleSource {
  readonly place: string;
  readonly #url: URL;
  readonly #deadlineMs: number;
  #tag: string | undefined;

  constructor(url: URL, deadlineMs: number) {
    this.#url = url;
    this.#deadlineMs = deadlineMs;
    // What stands behind a question mark may be a signature that lets its holder in.
    this.place = `${url.protocol}//${url.host}${url.pathname}`;
  }

  async poll(): Promise<Uint8Array | undefined> {
    const { body, headers, status } = await callHttp(this.#url, {
      headers: this.#tag === undefined ? {} : { "if-none-match": this.#tag },
      bytesMax: archiveBytesMax,
      deadlineMs: this.#deadlineMs,
    });
    if (status === 304 && this.#tag !== undefined) return undefined;
    if (status !== 200) {
      const hint = "Check the address, and who may read there.";
      throw new SourceError(`${this.#url.host} answers ${status}`, hint);
    }
    this.#tag = headers.get("etag") ?? undefined;
    return body;
  }
}
