import type { RecordedSide } from "../record/index.ts";
import { ContentDigest } from "./content-digest.ts";
import type { ExchangeDeps } from "./deps.ts";
import type { Knowledge } from "./knowledge.ts";

/** How long the bodies of one exchange are, and by which keyed digest they are known, if by one. */
export class RecordedBodies {
  readonly #deps: Pick<ExchangeDeps, "contentKey">;
  readonly #knowledge: Pick<Knowledge, "identity">;
  #inputBytes: number | undefined;
  #inputDigest: ContentDigest | undefined;
  #outputBytes = 0;
  #outputDigest: ContentDigest | undefined;

  constructor(deps: Pick<ExchangeDeps, "contentKey">, knowledge: Pick<Knowledge, "identity">) {
    this.#deps = deps;
    this.#knowledge = knowledge;
  }

  /** The body as it is judged, decoded and before any edit. */
  input(body: Uint8Array): void {
    this.#inputBytes = body.length;
    if (this.#deps.contentKey === undefined) return;
    this.#inputDigest = this.#startDigest();
    this.#inputDigest?.add(body);
  }

  /** A piece of the answer as it is sent. */
  output(bytes: Uint8Array): void {
    this.#outputBytes += bytes.length;
    if (this.#deps.contentKey === undefined) return;
    this.#outputDigest ??= this.#startDigest();
    this.#outputDigest?.add(bytes);
  }

  /** Undefined where no body was judged. */
  get recordedInput(): RecordedSide | undefined {
    if (this.#inputBytes === undefined) return undefined;
    return { bytes: this.#inputBytes, digest: this.#inputDigest?.text() };
  }

  /** Undefined where nothing was sent. */
  get recordedOutput(): RecordedSide | undefined {
    if (this.#outputBytes === 0) return undefined;
    return { bytes: this.#outputBytes, digest: this.#outputDigest?.text() };
  }

  get outputBytes(): number {
    return this.#outputBytes;
  }

  /** Nobody's content has no key. */
  #startDigest(): ContentDigest | undefined {
    const tenant = this.#knowledge.identity?.tenant;
    const key = tenant === undefined ? undefined : this.#deps.contentKey?.(tenant);
    return key && new ContentDigest(key);
  }
}
