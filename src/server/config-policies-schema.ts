import { Type } from "typebox";
import { keyRingSchema } from "../policy/index.ts";
import { credential, file, mapping } from "./config-schema-parts.ts";

const staleRules = ["serve", "deny"] as const;

/** One of the first four; a credential goes with a registry. */
const policySource = mapping({
  directory: Type.Optional(file),
  git: Type.Optional(Type.String({ minLength: 1 })),
  archive: Type.Optional(file),
  oci: Type.Optional(Type.String({ minLength: 1 })),
  credential: Type.Optional(credential),
});

/** Where policies come from, and who vouches for them: the key `policies`. */
export const policies = mapping({
  // Nobody watches a folder that was not named.
  killSwitches: Type.Union([Type.String({ minLength: 1 }), Type.Null()], { default: null }),
  sources: Type.Array(policySource, { minItems: 1 }),
  /** The keys that vouch for the platform's bundles (policy-model 10). */
  trust: Type.Optional(keyRingSchema),
  // Often enough for a change of policy, seldom enough for a registry.
  pollSeconds: Type.Integer({ default: 300, minimum: 1, maximum: 86_400 }),
  // A development flag (policy-model 10): never on by itself.
  unsigned: Type.Boolean({ default: false }),
  // An age at which policies are too old is the operator's to say.
  maxAgeSeconds: Type.Union([Type.Integer({ minimum: 1, maximum: 31_536_000 }), Type.Null()], {
    default: null,
  }),
  // With an alarm: the last good policies still refuse what they refused.
  stale: Type.Enum(staleRules, { default: "serve" }),
});
