import { recordBytesMax } from "../base/index.ts";
import type { Detector } from "../detect/index.ts";
import type { Identity, Principal } from "../domain/index.ts";

/** Bytes of all claims of a caller together: more would push what was decided out of the record. */
const claimBytesMax = recordBytesMax / 4;

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
  let left = claimBytesMax;
  const claims = recordClaims.filter((name) => {
    const bytes = bytesOf(principal, name);
    if (bytes > left || !isTellable(principal, name, detector)) return false;
    left -= bytes;
    return true;
  });
  const onRecord = { hidesNames, claims: new Set(claims) };
  return { ...identity, principal: { ...principal, onRecord } };
}

/** Whether something is found in a name the caller goes by, such as an address. */
function hasTellingName({ groups, issuer, roles }: Principal, detector: Detector): boolean {
  const tells = (name: string) => detector.scan(name).length > 0;
  if (issuer !== undefined && tells(issuer)) return true;
  return (groups?.some(tells) ?? false) || (roles?.some(tells) ?? false);
}

/** About as many as its value takes in a record; none where it is not there. */
function bytesOf({ claims }: Principal, name: string): number {
  if (claims === undefined || !Object.hasOwn(claims, name)) return 0;
  return Buffer.byteLength(JSON.stringify(claims[name]) ?? "");
}

/**
 * Whether a claim can be told as it is, or is not there: a truth value, a number, a text or texts, in
 * which nothing is found and nobody is named. A number may be one of an account as well as its digits
 * are. An empty list would be read back as one that is missing.
 */
function isTellable(principal: Principal, name: string, detector: Detector): boolean {
  const { claims } = principal;
  if (claims === undefined || !Object.hasOwn(claims, name)) return true;
  const value = claims[name];
  if (typeof value === "boolean") return true;
  const items: readonly unknown[] = Array.isArray(value) ? value : [value];
  const isQuiet = (text: string) => !names(text, principal) && detector.scan(text).length === 0;
  return (
    items.length > 0 &&
    items.every((item) => {
      if (typeof item === "string") return item.isWellFormed() && isQuiet(item);
      return typeof item === "number" && item === value && isQuiet(String(item));
    })
  );
}

/**
 * A person stands in records as a pseudonym alone, by whatever claim he is known, the account of an
 * address among them; workloads do not.
 */
function names(text: string, { id, kind }: Principal): boolean {
  const [account = ""] = id.toLowerCase().split("@", 1);
  return kind !== "workload" && text.toLowerCase().includes(account);
}
