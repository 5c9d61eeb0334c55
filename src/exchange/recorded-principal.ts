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

/** Told that a name is not recorded as it was, so that nobody decides the same again on it. */
type OnMasked = () => unknown;

/**
 * Who asked, as records tell it (audit-and-operations 3): workloads by their own ids, people by a
 * pseudonym. Claims are not recorded. A group, a role or an issuer in which something is found, such
 * as an address, is told by a pseudonym too.
 */
export function toRecordedPrincipal(
  { tenant, principal, source }: Identity,
  { detector, pseudonymKey, subjectKey }: Discretion,
  masked: OnMasked = () => undefined,
): RecordedPrincipal {
  const { actor, groups, id, issuer, kind, roles } = principal;
  const hide = (subject: string) => {
    const who = { tenant, issuer, subject };
    return pseudonymOf(subjectKey === undefined ? pseudonymKey(tenant) : subjectKey(who), who);
  };
  const tell = (name: string) => {
    if (detector.scan(name).length === 0) return name;
    masked();
    return hide(name);
  };
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
