import { createHmac, type Hmac } from "node:crypto";
import type { PseudonymKey } from "../identity/index.ts";

/**
 * A digest of what was judged or sent, under the tenant's content key of the month: a plain hash of a
 * short text could be guessed (audit-and-operations 3). Who has the key can show that a text was it.
 */
export class ContentDigest {
  readonly #mac: Hmac;
  readonly #number: number | undefined;

  constructor({ number, secret }: PseudonymKey) {
    this.#mac = createHmac("sha256", secret);
    this.#number = number;
  }

  add(bytes: Uint8Array): void {
    this.#mac.update(bytes);
  }

  /** `hmac-sha256:c<number of the key>:` and the digest in base64url; to be asked for once. */
  text(): string {
    return `hmac-sha256:c${this.#number}:${this.#mac.digest("base64url")}`;
  }
}
