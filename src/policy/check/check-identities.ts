import type { Problem } from "../../base/index.ts";
import { overlap } from "../compile/name-pattern.ts";
import {
  type DocumentOfKind,
  documentsOf,
  type NamespaceView,
  type PolicyDocument,
  platformNamespace,
} from "../documents/document.ts";
import { placeProblem } from "../documents/place-problem.ts";
import type { Container } from "../documents/placed-tree.ts";
import { findSourceProblems } from "./check-identity-sources.ts";

/**
 * Finds declarations that leave open who a caller is: sources without what they need, E01; two
 * claims on one identity, E07; an app that claims another tenant's, E06 (policy-model 9).
 */
export function findIdentityProblems({
  namespace,
  own,
  platform,
}: NamespaceView): readonly Problem[] {
  if (namespace === platformNamespace) {
    const tenants = documentsOf(own, "Tenant");
    return [
      ...documentsOf(own, "Platform").flatMap(findSourceProblems),
      ...claimedTwice(
        tenants.flatMap((tenant) =>
          claimsOf(tenant, tenant.spec.identities, ["issuers", "workloads"]),
        ),
      ),
    ];
  }
  const apps = documentsOf(own, "App");
  const others = documentsOf(platform, "Tenant").filter(
    ({ metadata }) => metadata.name !== namespace,
  );
  return [
    ...claimedTwice(
      apps.flatMap((app) => claimsOf(app, app.spec.selectors, ["workloads", "clients", "routes"])),
    ),
    ...foreignWorkloads(apps, others),
  ];
}

/** One pattern of a document, with where it stands. */
interface Claim {
  readonly document: PolicyDocument;
  readonly field: string;
  readonly pattern: string;
  readonly spot: { readonly value: number; readonly of: Container };
}

function claimsOf<Field extends string>(
  document: PolicyDocument,
  lists: Readonly<Partial<Record<Field, readonly string[]>>> | undefined,
  fields: readonly Field[],
): readonly Claim[] {
  return fields.flatMap((field) => {
    const list = lists?.[field] ?? [];
    return list.map((pattern, index) => ({
      document,
      field,
      pattern,
      spot: { value: index, of: list },
    }));
  });
}

/** Whoever fits the patterns of two is neither's, so it is told before it happens. */
function claimedTwice(claims: readonly Claim[]): readonly Problem[] {
  const sorted = claims.toSorted(byDocument);
  return sorted.flatMap((claim, index) => {
    const earlier = sorted
      .slice(0, index)
      .find(
        (other) =>
          other.field === claim.field &&
          other.document !== claim.document &&
          overlap(other.pattern, claim.pattern),
      );
    if (earlier === undefined) return [];
    const { kind, metadata } = earlier.document;
    return [
      placeProblem(claim.document, claim.spot, {
        code: "E07",
        message: `\`${claim.pattern}\` of \`${claim.field}\` is also claimed by the ${kind.toLowerCase()} \`${metadata.name}\``,
        hint: "Narrow one of the two; a caller that fits both is nobody's.",
      }),
    ];
  });
}

/** So that the one reported does not depend on the order of loading. */
function byDocument({ document: a }: Claim, { document: b }: Claim): number {
  if (a.metadata.name === b.metadata.name) return 0;
  return a.metadata.name < b.metadata.name ? -1 : 1;
}

function foreignWorkloads(
  apps: readonly DocumentOfKind<"App">[],
  others: readonly DocumentOfKind<"Tenant">[],
): readonly Problem[] {
  const taken = others.flatMap(({ spec }) => spec.identities?.workloads ?? []);
  return apps
    .flatMap((app) => claimsOf(app, app.spec.selectors, ["workloads"]))
    .filter(({ pattern }) => taken.some((other) => overlap(other, pattern)))
    .map(({ document, pattern, spot }) =>
      placeProblem(document, spot, {
        code: "E06",
        message: `\`${pattern}\` claims workloads of another tenant`,
        hint: "Select only workloads that the Tenant document lists under `identities`.",
      }),
    );
}
