/** What a legal hold keeps (audit-and-operations 4.7): records of a tenant in a span of time. */
export interface LegalHold {
  /** Its id, which the record has that sets it. */
  readonly hold?: string | undefined;
  readonly tenant: string;
  /** RFC 3339 in UTC with six decimals, both ends included; open where absent. */
  readonly from?: string | undefined;
  readonly to?: string | undefined;
}

/** What of a record says whether a hold keeps it. */
export interface HeldRecord {
  readonly kind?: string | undefined;
  readonly at?: string | undefined;
  readonly tenant?: string | undefined;
  /** Of a `hold` record the id of the hold. */
  readonly hold?: string | undefined;
}

/** Whether a hold keeps records of a tenant, the first and last of which were made at these times. */
export function holdCovers(
  { from, tenant, to }: LegalHold,
  found: string | undefined,
  first: string,
  last: string,
): boolean {
  return (
    found === tenant && (from === undefined || last >= from) && (to === undefined || first <= to)
  );
}

/** Whether one of the holds keeps a record; that which sets a hold stays as long as the hold does. */
export function holdsKeep(holds: readonly LegalHold[], record: HeldRecord): boolean {
  const { at = "", hold, kind, tenant } = record;
  const id = kind === "hold" ? hold : undefined;
  return holds.some(
    (one) => holdCovers(one, tenant, at, at) || (id !== undefined && one.hold === id),
  );
}
