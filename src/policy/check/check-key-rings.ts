import type { Problem } from "../../base/index.ts";
import { type DocumentOfKind, documentsOf, type PolicyDocument } from "../documents/document.ts";
import { placeProblem } from "../documents/place-problem.ts";

type Owner = DocumentOfKind<"Platform"> | DocumentOfKind<"Tenant">;
type KeyRing = NonNullable<Owner["spec"]["keyRing"]>;

/** Finds key rings that nobody could sign with: E01, and E07 for two keys of one id (policy-model 10). */
export function findKeyRingProblems(documents: readonly PolicyDocument[]): readonly Problem[] {
  const owners: readonly Owner[] = [
    ...documentsOf(documents, "Platform"),
    ...documentsOf(documents, "Tenant"),
  ];
  return owners.flatMap((owner) => {
    const { keyRing } = owner.spec;
    if (keyRing === undefined) return [];
    return [
      ...(owner.isWhole ? tooFewKeys(owner, keyRing) : []),
      ...keyRing.keys.flatMap((key, index) => [
        ...neverValid(owner, key),
        ...repeatedKey(owner, key, keyRing.keys.slice(0, index)),
      ]),
    ];
  });
}

function tooFewKeys(owner: Owner, keyRing: KeyRing): readonly Problem[] {
  const { threshold = 1, keys } = keyRing;
  if (keys.length >= threshold) return [];
  return [
    placeProblem(
      owner,
      { value: "keys", of: keyRing },
      {
        code: "E01",
        message: `a bundle needs ${threshold} signatures, and there are ${keys.length} keys`,
        hint: "Add keys, or lower `threshold`.",
      },
    ),
  ];
}

type Key = KeyRing["keys"][number];

function neverValid(owner: Owner, key: Key): readonly Problem[] {
  const { notBefore, notAfter } = key;
  if (notBefore === undefined || notAfter === undefined) return [];
  if (Date.parse(notBefore) < Date.parse(notAfter)) return [];
  return [
    placeProblem(
      owner,
      { value: "notAfter", of: key },
      {
        code: "E01",
        message: "`notAfter` is not after `notBefore`, so the key would never be valid",
        hint: "Exchange the two, or leave one of them out.",
      },
    ),
  ];
}

/** One key under two ids would count as two people's. */
function repeatedKey(owner: Owner, key: Key, earlier: readonly Key[]): readonly Problem[] {
  const field = earlier.some(({ id }) => id === key.id)
    ? "id"
    : earlier.some(({ ed25519 }) => ed25519 === key.ed25519)
      ? "ed25519"
      : undefined;
  if (field === undefined) return [];
  return [
    placeProblem(
      owner,
      { value: field, of: key },
      {
        code: "E07",
        message:
          field === "id"
            ? `two keys of this ring have the id \`${key.id}\``
            : "this key stands twice in its ring, so that one person could sign for two",
        hint: "Rename or remove one of the two.",
      },
    ),
  ];
}
