import type { PolicyFile } from "../policy/index.ts";
import { type KeyRing, type ParseFile, platformAuthority } from "./key-ring.ts";

/** What the platform's documents say about bundles. */
export interface PlatformTerms {
  /** For bundles of the platform itself, from the next one on. */
  readonly ring: KeyRing | undefined;
  readonly tenants: ReadonlySet<string>;
  /** By tenant, of those that have one. */
  readonly tenantRings: ReadonlyMap<string, KeyRing>;
  /** Bytes of a tenant's documents together. */
  readonly bundleBytesMax: number | undefined;
}

/** Reads the terms out of the platform's files. */
export function readPlatformTerms(files: readonly PolicyFile[], parse: ParseFile): PlatformTerms {
  let ring: KeyRing | undefined;
  let bundleBytesMax: number | undefined;
  const tenants = new Set<string>();
  const tenantRings = new Map<string, KeyRing>();
  for (const document of files.flatMap((file) => parse(file).documents)) {
    if (document.kind === "Platform") {
      ring = document.spec.keyRing ?? ring;
      bundleBytesMax = document.spec.limits?.bundleBytes ?? bundleBytesMax;
    }
    if (document.kind !== "Tenant" || document.metadata.name === platformAuthority) continue;
    tenants.add(document.metadata.name);
    if (document.spec.keyRing !== undefined) {
      tenantRings.set(document.metadata.name, document.spec.keyRing);
    }
  }
  return { ring, tenants, tenantRings, bundleBytesMax };
}
