import { Type } from "typebox";
import { defaultDriftSettings } from "../telemetry/index.ts";
import {
  clientTls,
  credential,
  credentialHeader,
  credentialPrefix,
  settings,
} from "./config-schema-parts.ts";

const logLevels = ["trace", "debug", "info", "warn", "error", "fatal"] as const;

/** When what is found counts as changed: the key `drift`. */
export const drift = settings({
  windowSeconds: Type.Integer({
    default: defaultDriftSettings.windowSeconds,
    minimum: 60,
    maximum: 604_800,
  }),
  referenceSeconds: Type.Integer({
    default: defaultDriftSettings.referenceSeconds,
    minimum: 60,
    maximum: 2_592_000,
  }),
  exchangesMin: Type.Integer({
    default: defaultDriftSettings.exchangesMin,
    minimum: 100,
    maximum: 1_000_000,
  }),
  alertScore: Type.Number({
    default: defaultDriftSettings.alertScore,
    minimum: 0.05,
    maximum: 10,
  }),
});

/** How much of our own output is looked through: the key `leaks`. */
export const leaks = settings({
  // Of records, log lines, spans and metrics each; ten times as many while there is little to do.
  perSecond: Type.Integer({ default: 50, minimum: 0, maximum: 500 }),
});

/** Where spans go: the key `otel`. */
export const otel = settings({
  endpoint: Type.Union([Type.String({ minLength: 1 }), Type.Null()], { default: null }),
  // Enough to see what is usual; whatever is denied or fails is traced anyway.
  sampleRatio: Type.Number({ default: 0.01, minimum: 0, maximum: 1 }),
  credential: Type.Optional(credential),
  header: credentialHeader({ default: "authorization" }),
  prefix: Type.Optional(credentialPrefix),
  tls: Type.Optional(clientTls),
  /** Spans by names that OpenTelemetry has not released yet, and may change. */
  genaiGuardrail: Type.Optional(Type.Enum(["experimental"])),
});

/** The log of operation: the key `log`. */
export const log = settings({ level: Type.Enum(logLevels, { default: "info" }) });
