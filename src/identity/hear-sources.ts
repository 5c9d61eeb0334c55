import type {
  HeaderField,
  IdentityDeclaration,
  MetadataFields,
  ReadMetadata,
} from "../domain/index.ts";
import { readClaims } from "./claims.ts";
import { forwardedWorkload } from "./forwarded-certificate.ts";
import { readIdentityHeaders } from "./identity-headers.ts";
import { type Attributes, isMutualTls, peerWorkload } from "./peer.ts";
import type { Statement, Testimony } from "./statement.ts";

/** What the proxy tells of one request. Headers are the caller's unless the proxy removes them. */
export interface CallerEvidence {
  readonly headers: readonly HeaderField[];
  readonly attributes: Attributes;
  /** Absent where the proxy forwards no metadata. */
  readonly metadata?: ReadMetadata;
}

/** What the declared sources say about a caller, in the order declared. */
export interface Hearing {
  readonly statements: readonly Statement[];
  /** The caller itself, not a hop before us, showed a client certificate. */
  readonly isMutualTls: boolean;
}

/** Where Envoy's JWT filter puts the claims of verified tokens, by the key it is configured with. */
const tokenNamespace = "envoy.filters.http.jwt_authn";

/** Asks each declared source; undefined as soon as one cannot be read. */
export function hearSources(
  evidence: CallerEvidence,
  declarations: readonly IdentityDeclaration[],
  stripped: ReadonlySet<string>,
): Hearing | undefined {
  const peer = peerWorkload(evidence.attributes);
  // The connection of a trusted hop is the hop's own: its certificate is not the caller's.
  const isHop = declarations.some(
    (declaration) => declaration.source === "xfcc" && declaration.trustedHop === peer,
  );
  const statements: Statement[] = [];
  for (const declaration of declarations) {
    const testimony = hear(declaration, evidence, { peer, isHop, stripped });
    if (testimony === "unreadable") return undefined;
    if (testimony !== undefined) statements.push(testimony);
  }
  return { statements, isMutualTls: !isHop && isMutualTls(evidence.attributes) };
}

interface Surroundings {
  readonly peer: string | undefined;
  readonly isHop: boolean;
  readonly stripped: ReadonlySet<string>;
}

function hear(
  declaration: IdentityDeclaration,
  evidence: CallerEvidence,
  { peer, isHop, stripped }: Surroundings,
): Testimony {
  const { headers, metadata } = evidence;
  switch (declaration.source) {
    case "jwt": {
      const tokens = metadata?.(tokenNamespace);
      if (tokens === "unreadable") return "unreadable";
      const claims = tokens?.[declaration.metadataKey];
      if (claims === undefined) return undefined;
      return isFields(claims) ? readClaims("jwt", claims, declaration.claims) : "unreadable";
    }
    case "extAuthz": {
      const claims = metadata?.(declaration.namespace);
      if (claims === "unreadable" || claims === undefined) return claims;
      return readClaims("extAuthz", claims, declaration.claims);
    }
    case "mtls":
      return isHop ? undefined : toWorkload("mtls", peer);
    case "xfcc":
      if (declaration.trustedHop !== peer) return undefined;
      return toWorkload("xfcc", forwardedWorkload(headers, declaration.trustedHop));
    case "header":
      return readIdentityHeaders(headers, declaration.headers, stripped);
  }
}

function toWorkload(
  source: "mtls" | "xfcc",
  workload: string | "unreadable" | undefined,
): Testimony {
  if (workload === undefined || workload === "unreadable") return workload;
  return { source, workload };
}

function isFields(value: unknown): value is MetadataFields {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
