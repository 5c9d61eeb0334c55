import type { Detector } from "../detect/index.ts";
import type { Identity, Principal } from "../domain/index.ts";

/** What is told of callers, and what finds that a name says more than it may. */
interface RecordTerms {
  readonly detector: Detector;
  readonly recordClaims?: readonly string[] | undefined;
}

/**
 * The caller with what records are going to tell of it (audit-and-operations 2.4), settled before any
 * decision, so that of all that is not told the outcome is. The same object for most.
 */
export function withRecordTerms(
  identity: Identity | undefined,
  { detector, recordClaims = [] }: RecordTerms,
): Identity | undefined {
  if (identity === undefined) return undefined;
  const { principal } = identity;
  const hidesNames = hasTellingName(principal, detector);
  if (!hidesNames && recordClaims.length === 0) return identity;
  const claims = recordClaims.filter((name) => isTellable(principal, name, detector));
  const onRecord = { hidesNames, claims: new Set(claims) };
  return { ...identity, principal: { ...principal, onRecord } };
}

/** Whether something is found in a name the caller goes by, such as an address. */
function hasTellingName({ groups, issuer, roles }: Principal, detector: Detector): boolean {
  const tells = (name: string) => detector.scan(name).length > 0;
  if (issuer !== undefined && tells(issuer)) return true;
  return (groups?.some(tells) ?? false) || (roles?.some(tells) ?? false);
}

/**
 * Whether a claim can be told as it is, or is not there: a truth value, a number, a text or texts, in
 * which nothing is found and nobody is named. An empty list would be read back as one that is missing.
 */
function isTellable(principal: Principal, name: string, detector: Detector): boolean {
  const { claims } = principal;
  if (claims === undefined || !Object.hasOwn(claims, name)) return true;
  const value = claims[name];
  if (typeof value === "boolean") return true;
  const items: readonly unknown[] = Array.isArray(value) ? value : [value];
  return (
    items.length > 0 &&
    items.every((item) => {
      if (typeof item !== "string") return item === value && isTellableNumber(item, principal);
      return item.isWellFormed() && !names(item, principal) && detector.scan(item).length === 0;
    })
  );
}

function isTellableNumber(value: unknown, principal: Principal): boolean {
  return typeof value === "number" && !names(String(value), principal);
}

/** A person stands in records as a pseudonym alone, by whatever claim he is known; workloads do not. */
function names(text: string, { id, kind }: Principal): boolean {
  return kind !== "workload" && text.toLowerCase().includes(id.toLowerCase());
}
