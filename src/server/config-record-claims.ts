import type { ConfigObjection } from "./config-objection.ts";

/**
 * Claims that say who somebody is: the subject (RFC 7519 section 4.1.2), those of OpenID Connect Core
 * section 5.1 that name a person or lead to one, and how directories call an account. A record knows
 * people by a pseudonym alone (audit-and-operations 3), which any of these would undo.
 */
const namesOfPeople: ReadonlySet<string> = new Set([
  ...["sub", "name", "given_name", "family_name", "middle_name", "nickname", "preferred_username"],
  ...["profile", "picture", "website", "email", "birthdate", "phone_number", "address"],
  ...["upn", "unique_name"],
]);

/** What is wrong with the claims that are to be recorded. */
export function checkRecordClaims(claims: readonly string[]): readonly ConfigObjection[] {
  return claims.flatMap((name, index) => {
    const path = ["audit", "recordClaims", index];
    if (claims.indexOf(name) !== index) {
      const message = `\`${name}\` is listed twice`;
      return [{ path, severity: "error", message, hint: "Leave one of them out." }];
    }
    // The same in another language has its tag behind it (OpenID Connect Core section 5.2).
    const [claim = ""] = name.toLowerCase().split("#", 1);
    if (!namesOfPeople.has(claim)) return [];
    const message = `\`${name}\` says who somebody is, and records know people by pseudonyms alone`;
    const hint =
      "Leave it out: a condition that reads it is recorded by how it ended, which replay needs.";
    return [{ path, severity: "error", message, hint }];
  });
}
