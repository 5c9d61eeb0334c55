import type { Problem } from "../../base/index.ts";
import { headerNames, toDeclaration } from "../compile/identity-declarations.ts";
import type { DocumentOfKind } from "../documents/document.ts";
import type { IdentitySourceSpec } from "../documents/identity-schema.ts";
import { placeProblem } from "../documents/place-problem.ts";

type PlatformDoc = DocumentOfKind<"Platform">;
type Source = IdentitySourceSpec["source"];
type Setting = Exclude<keyof IdentitySourceSpec, "source">;

const settings: readonly Setting[] = [
  "metadataKey",
  "namespace",
  "claims",
  "trustedHop",
  "headers",
];

/** The settings each source has (policy-model 9). */
const settingsOf: Readonly<Record<Source, readonly Setting[]>> = {
  static: [],
  mtls: [],
  xfcc: ["trustedHop"],
  jwt: ["metadataKey", "claims"],
  extAuthz: ["namespace", "claims"],
  header: ["headers"],
};

/** Finds entries of `Platform.spec.identity` that do not say what their source needs: E01, E07. */
export function findSourceProblems(platform: PlatformDoc): readonly Problem[] {
  const entries = platform.spec.identity ?? [];
  return entries.flatMap((entry, index) => [
    ...surplusSettings(platform, entry),
    ...missingHop(platform, entry),
    ...sharedHeader(platform, entry),
    ...repeatedEntry(platform, entry, entries.slice(0, index)),
  ]);
}

function surplusSettings(platform: PlatformDoc, entry: IdentitySourceSpec): readonly Problem[] {
  const allowed = settingsOf[entry.source];
  return settings
    .filter((name) => entry[name] !== undefined && !allowed.includes(name))
    .map((name) =>
      placeProblem(
        platform,
        { key: name, of: entry },
        {
          code: "E01",
          message: `the source \`${entry.source}\` takes no \`${name}\``,
          hint:
            allowed.length === 0
              ? "Remove it; this source has no settings."
              : `Remove it; this source takes ${allowed.map((one) => `\`${one}\``).join(" and ")}.`,
        },
      ),
    );
}

/** The header is whatever the last hop makes of it, so somebody has to be that hop. */
function missingHop(platform: PlatformDoc, entry: IdentitySourceSpec): readonly Problem[] {
  if (entry.source !== "xfcc" || entry.trustedHop !== undefined || !platform.isWhole) return [];
  return [
    placeProblem(
      platform,
      { value: "source", of: entry },
      {
        code: "E01",
        message: "the source `xfcc` lacks `trustedHop`",
        hint: "Add `trustedHop:` with the SPIFFE id of the proxy that sets the header.",
      },
    ),
  ];
}

function sharedHeader(platform: PlatformDoc, entry: IdentitySourceSpec): readonly Problem[] {
  if (entry.source !== "header") return [];
  const names = Object.values(headerNames(entry));
  const shared = names.find((name, index) => names.indexOf(name) !== index);
  if (shared === undefined) return [];
  return [
    placeProblem(
      platform,
      { value: entry.headers === undefined ? "source" : "headers", of: entry },
      {
        code: "E07",
        message: `the header \`${shared}\` stands for two parts of an identity`,
        hint: "Give each part a header of its own.",
      },
    ),
  ];
}

function repeatedEntry(
  platform: PlatformDoc,
  entry: IdentitySourceSpec,
  earlier: readonly IdentitySourceSpec[],
): readonly Problem[] {
  const key = keyOf(entry);
  if (!earlier.some((other) => keyOf(other) === key)) return [];
  return [
    placeProblem(
      platform,
      { value: "source", of: entry },
      {
        code: "E07",
        message: `the source \`${entry.source}\` is declared twice with the same settings`,
        hint: "Remove one of the two.",
      },
    ),
  ];
}

function keyOf(entry: IdentitySourceSpec): string {
  return JSON.stringify(toDeclaration(entry) ?? entry.source);
}
