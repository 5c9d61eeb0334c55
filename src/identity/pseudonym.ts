import { createHmac, type KeyObject } from "node:crypto";

/** A secret for pseudonyms: of a tenant for one period, or of one person. */
export interface PseudonymKey {
  /** Of the period; stands in the pseudonym, so that it is known which key it needs. */
  readonly number: number | undefined;
  /** 32 random bytes, in a form that is cheap to use and that no log prints. */
  readonly secret: KeyObject;
}

/** Whom a pseudonym stands for. */
export interface Pseudonymous {
  readonly tenant: string;
  readonly issuer: string | undefined;
  readonly subject: string;
}

const digestBytes = 16;

/**
 * `p<number>:` and the first 16 bytes of an HMAC-SHA-256 over tenant, issuer and subject, in
 * base64url (audit-and-operations 3): one for each person, tenant and period, and no way back. With
 * a key of the person's own it is `s:` and the same.
 */
export function pseudonymOf(key: PseudonymKey, { tenant, issuer, subject }: Pseudonymous): string {
  const mac = createHmac("sha256", key.secret).update(`${tenant}\0${issuer ?? ""}\0${subject}`);
  const prefix = key.number === undefined ? "s" : `p${key.number}`;
  return `${prefix}:${mac.digest().subarray(0, digestBytes).toString("base64url")}`;
}
