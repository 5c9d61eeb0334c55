import type { Detector } from "../detect/index.ts";
import type { Identity } from "../domain/index.ts";
import { type PseudonymKey, type Pseudonymous, pseudonymOf } from "../identity/index.ts";
import type { RecordedPrincipal } from "../record/index.ts";

/** What it takes to write of people without naming them. */
interface Discretion {
  readonly detector: Detector;
  /** Of a tenant, for now. */
  readonly pseudonymKey: (tenant: string) => PseudonymKey;
  /** Of a person alone; undefined: those of a tenant share one. */
  readonly subjectKey?: ((subject: Pseudonymous) => PseudonymKey) | undefined;
}

/**
 * Who asked, as records tell it (audit-and-operations 3): workloads by their own ids, people by a
 * pseudonym. A group, a role or an issuer in which something is found, such as an address, is told by
 * a pseudonym too, and `hidden` says where: no decision is to be made again on these.
 */
export function toRecordedPrincipal(
  { tenant, principal, source }: Identity,
  { detector, pseudonymKey, subjectKey }: Discretion,
): RecordedPrincipal {
  const { actor, groups, id, issuer, kind, onRecord, roles } = principal;
  const hide = (subject: string) => {
    const who = { tenant, issuer, subject };
    return pseudonymOf(subjectKey === undefined ? pseudonymKey(tenant) : subjectKey(who), who);
  };
  const recorded = {
    kind,
    ref: kind === "workload" ? id : hide(id),
    auth: source,
    issuer,
    groups,
    roles,
    // Only a workload calls on behalf of others.
    actor: actor && { kind: "workload" as const, ref: actor.id },
  };
  if (onRecord?.hidesNames !== true) return recorded;
  const hidden = new Set<string>();
  const tell = (field: string, name: string) => {
    if (detector.scan(name).length === 0) return name;
    hidden.add(field);
    return hide(name);
  };
  return {
    ...recorded,
    issuer: issuer && tell("issuer", issuer),
    groups: groups?.map((name) => tell("groups", name)),
    roles: roles?.map((name) => tell("roles", name)),
    hidden: [...hidden].sort(),
  };
}
