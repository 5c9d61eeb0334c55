import type { Detector } from "../detect/index.ts";
import type { Identity } from "../domain/index.ts";
import { type PseudonymKey, pseudonymOf } from "../identity/index.ts";
import type { RecordedPrincipal } from "../record/index.ts";

/** What it takes to write of people without naming them. */
interface Discretion {
  readonly detector: Detector;
  /** Of a tenant, for now. */
  readonly pseudonymKey: (tenant: string) => PseudonymKey;
}

/**
 * Who asked, as records tell it (audit-and-operations 3): workloads by their own ids, people by a
 * pseudonym. Claims are not recorded. A group, a role or an issuer in which something is found, such
 * as an address, is told by a pseudonym too.
 */
export function toRecordedPrincipal(
  { tenant, principal, source }: Identity,
  { detector, pseudonymKey }: Discretion,
): RecordedPrincipal {
  const { actor, groups, id, issuer, kind, roles } = principal;
  const hide = (subject: string) => pseudonymOf(pseudonymKey(tenant), { tenant, issuer, subject });
  const tell = (name: string) => (detector.scan(name).length === 0 ? name : hide(name));
  return {
    kind,
    ref: kind === "workload" ? id : hide(id),
    auth: source,
    issuer: issuer && tell(issuer),
    groups: groups?.map(tell),
    roles: roles?.map(tell),
    // Only a workload calls on behalf of others.
    actor: actor && { kind: "workload", ref: actor.id },
  };
}
