/** Versions of a layer that are known again; who goes back further is taken for going on. */
const digestsMax = 64;

/** A layer that serves, with the digest of what it consists of. */
interface ServingLayer {
  readonly id: string;
  readonly digest: string;
}

/** Knows in one process which versions served before, to tell going back from going on. */
export class ServedDigests {
  /** By layer, the newest last. */
  #known: ReadonlyMap<string, readonly string[]> = new Map();

  /** These serve from now on; gives how many of them are what they were some time before. */
  serve(layers: readonly ServingLayer[]): number {
    const before = this.#known;
    let returned = 0;
    this.#known = new Map(
      layers.map(({ digest, id }) => {
        const digests = before.get(id) ?? [];
        if (digests.at(-1) === digest) return [id, digests];
        const others = digests.filter((one) => one !== digest);
        if (others.length < digests.length) returned += 1;
        return [id, [...others, digest].slice(-digestsMax)];
      }),
    );
    return returned;
  }
}
