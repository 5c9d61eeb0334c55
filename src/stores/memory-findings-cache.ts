import { LRUCache } from "lru-cache";
import type { FindingsCache, PackedFindings } from "../detect/index.ts";

/** How much is kept, in bytes of memory as estimated by `bytesOf`. */
export interface FindingsCacheBounds {
  /** Of all tenants together. */
  readonly bytesMax: number;
  /** Of one tenant; at most `bytesMax`. */
  readonly tenantBytesMax: number;
}

/** What a cache has done so far, and what it holds. */
export interface FindingsCacheUsage {
  readonly hits: number;
  readonly misses: number;
  readonly bytes: number;
}

/**
 * What an entry takes without findings: a digest in base 64, and its places in the map and in the lists
 * of the cache. Measured as growth of the heap over 100,000 entries.
 */
const entryBytes = 224;

/** A number in a plain array, as V8 keeps it on 64 bits. */
const numberBytes = 8;

/** What a tenant takes before anything is kept for it. */
const shelfBytes = 4096;

type Shelf = LRUCache<string, PackedFindings>;

/**
 * Findings in this process, gone with it. Each tenant has a shelf of its own, from which the texts it
 * asked about longest ago make room; where all shelves together are too large, the tenant that asked
 * longest ago loses its own. So no tenant's traffic picks what another still finds.
 */
export class MemoryFindingsCache implements FindingsCache {
  readonly #bounds: FindingsCacheBounds;
  /** The tenant that asked last comes last. */
  readonly #shelves = new Map<string, Shelf>();
  #last: string | undefined;
  #bytes = 0;
  #hits = 0;
  #misses = 0;

  constructor(bounds: FindingsCacheBounds) {
    this.#bounds = bounds;
  }

  get(tenant: string, key: string): PackedFindings | undefined {
    const found = this.#shelfOf(tenant)?.get(key);
    if (found === undefined) this.#misses += 1;
    else this.#hits += 1;
    return found;
  }

  keep(tenant: string, key: string, findings: PackedFindings): void {
    const shelf = this.#shelfOf(tenant) ?? this.#addShelf(tenant);
    const before = shelf.calculatedSize;
    shelf.set(key, findings);
    this.#bytes += shelf.calculatedSize - before;
    for (const [other, { calculatedSize }] of this.#shelves) {
      if (this.#bytes <= this.#bounds.bytesMax || other === tenant) break;
      this.#shelves.delete(other);
      this.#bytes -= calculatedSize + shelfBytes;
    }
  }

  get usage(): FindingsCacheUsage {
    return { hits: this.#hits, misses: this.#misses, bytes: this.#bytes };
  }

  #shelfOf(tenant: string): Shelf | undefined {
    const shelf = this.#shelves.get(tenant);
    if (shelf === undefined || tenant === this.#last) return shelf;
    this.#last = tenant;
    this.#shelves.delete(tenant);
    this.#shelves.set(tenant, shelf);
    return shelf;
  }

  #addShelf(tenant: string): Shelf {
    const maxSize = Math.max(1, this.#bounds.tenantBytesMax - shelfBytes);
    const shelf: Shelf = new LRUCache({ maxSize, sizeCalculation: bytesOf });
    this.#shelves.set(tenant, shelf);
    this.#last = tenant;
    this.#bytes += shelfBytes;
    return shelf;
  }
}

function bytesOf(findings: PackedFindings): number {
  return entryBytes + findings.length * numberBytes;
}
