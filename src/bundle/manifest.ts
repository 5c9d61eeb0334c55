import { Type } from "typebox";
import { Value } from "typebox/value";
import { canonicalJson } from "../signing/index.ts";
import { notOurs } from "./bundle-error.ts";

const digest = Type.String({ pattern: "^sha256:[0-9a-f]{64}$" });
const moment = Type.String({
  pattern: "^\\d{4}-\\d{2}-\\d{2}T\\d{2}:\\d{2}:\\d{2}(?:\\.\\d{1,6})?Z$",
});

function closed<const P extends Record<string, Type.TSchema>>(properties: P) {
  return Type.Object(properties, { additionalProperties: false });
}

const manifestSchema = closed({
  format: Type.Literal(1),
  /** The authority: `platform` or a tenant. What keys say about it counts, this must agree. */
  namespace: Type.String({ pattern: "^[a-z0-9](?:[-a-z0-9]{0,61}[a-z0-9])?$" }),
  version: Type.String({
    pattern: "^\\d{1,9}\\.\\d{1,9}\\.\\d{1,9}(?:-[0-9A-Za-z.-]{1,64})?(?:\\+[0-9A-Za-z.-]{1,64})?$",
  }),
  sequence: Type.Integer({ minimum: 1, maximum: Number.MAX_SAFE_INTEGER }),
  createdAt: moment,
  expiresAt: moment,
  /** Sorted by path, which starts below the namespace's folder. */
  files: Type.Array(
    closed({
      path: Type.String({ minLength: 1, maxLength: 200 }),
      sha256: Type.String({ pattern: "^[0-9a-f]{64}$" }),
      bytes: Type.Integer({ minimum: 0 }),
    }),
    { maxItems: 10_000 },
  ),
  git: Type.Union([
    Type.Null(),
    closed({
      repository: Type.Union([Type.Null(), Type.String({ maxLength: 512 })]),
      commit: Type.String({ pattern: "^[0-9a-f]{40,64}$" }),
      dirty: Type.Boolean(),
    }),
  ]),
  builder: Type.String({ minLength: 1, maxLength: 128 }),
  /** Of the problems that `check` found, and of the results of `test`; null: not run. */
  lint: Type.Union([Type.Null(), digest]),
  tests: Type.Union([Type.Null(), digest]),
});

/** What a bundle says about itself, and what its signatures are over. */
export type Manifest = Type.Static<typeof manifestSchema>;

/** Where documents of a bundle come from, as its manifest tells it. */
export type GitFacts = NonNullable<Manifest["git"]>;

/** What the payload of a bundle's envelope is. */
export const manifestType = "application/vnd.chancery.bundle.manifest.v1+json";

/** The bytes that are signed; nobody has to make them again to verify them. */
export function encodeManifest(manifest: Manifest): Uint8Array {
  return Buffer.from(canonicalJson(manifest));
}

/** The manifest that bytes hold. Throws `BundleError` where they hold none. */
export function decodeManifest(bytes: Uint8Array): Manifest {
  let value: unknown;
  try {
    value = JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(bytes));
  } catch {
    throw notOurs("the manifest is no JSON");
  }
  if (!Value.Check(manifestSchema, value)) {
    const [error] = Value.Errors(manifestSchema, value);
    throw notOurs(`the manifest does not have its shape${placeOf(error?.instancePath)}`);
  }
  return value;
}

function placeOf(path: string | undefined): string {
  return path === undefined || path === "" ? "" : ` at ${path.slice(0, 80)}`;
}
