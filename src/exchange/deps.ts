import type { Clock, Limits, Timers } from "../base/index.ts";
import type { Classifier, Detector } from "../detect/index.ts";
import type { Finding, HeaderField, Identity, Span } from "../domain/index.ts";
import type { PseudonymKey, Pseudonymous } from "../identity/index.ts";
import type { Snapshot } from "../policy/index.ts";
import type { Ledger } from "../quota/index.ts";
import type { RecordPosition } from "../record/index.ts";
import type { LiveKillSwitches } from "./live-switches.ts";
import type { ExchangeObserver } from "./observer.ts";
import type { RampWatch } from "./ramp-watch.ts";
import type { Tracer } from "./tracer.ts";

/** A value now, or one that comes later and is waited for under `deadlines.phaseMs`. */
export type Eventually<T> = T | Promise<T>;

/**
 * Findings of each span, in the order of the spans. `tenant`: whose texts they are, where that is known;
 * what was found for one tenant is not looked up for another.
 */
export type Classify = (
  spans: readonly Span[],
  tenant: string | undefined,
) => Eventually<readonly (readonly Finding[])[]>;

/** Models that are asked beside the rules, by what policies name them. */
export interface Classifiers {
  /** Undefined: there is none of this name. */
  of(endpoint: string): Classifier | undefined;
}

/** What the log has to know of a record beside its line. */
export interface ExchangeRecordRole {
  readonly kind: "decision" | "closing" | "bypass";
  readonly exchange: string;
  /** A decision that a closing follows. */
  readonly isOpening?: boolean;
  /** Days it is kept; absent: as everything that says nothing. */
  readonly retainDays?: number | undefined;
  /** It may be written after the fact where it cannot be written now. */
  readonly mayBeLate: boolean;
}

/** Where records go. What is appended in a turn is written before the turn's answers leave. */
export interface RecordAppender {
  /** Name of the log, `log` of every record in it. */
  readonly origin: string;
  /**
   * Gives the record its place and returns its `seq`, undefined where it is going to be written late;
   * `at`: when, if not now. Throws Fault audit_unavailable.
   */
  append(
    encode: (position: RecordPosition) => string,
    role: ExchangeRecordRole,
    at?: string,
  ): number | undefined;
  /** The `seq` the next record would get; falls back when a write failed. */
  readonly nextSeq: number;
}

/** What the records of a route are held to (audit-and-operations 16 `audit`). */
export interface AuditRules {
  /** When an answer leaves: its record is written, or on the disk for good. */
  readonly wait: "written" | "committed";
  /** What becomes of an exchange whose decision cannot be written. */
  readonly onFailure: "refuse" | "continue";
}

/** The body bytes held by all exchanges of a process, bounded by `limits.heldBytesMax`. */
export interface HeldBytes {
  total: number;
}

/** What is done with traffic that is not judged (audit-and-operations 16 `content`). */
export interface ContentRules {
  /** `flag` passes as `pass` does and says so in `x-chancery-warning`. */
  readonly unrecognised: "refuse" | "pass" | "flag";
  readonly modelList: "refuse" | "pass";
}

/** Everything an exchange is given; one object for all exchanges of a listener. */
export interface ExchangeDeps {
  readonly clock: Clock;
  readonly timers: Timers;
  /** UUIDv7, lower case. */
  readonly createId: () => string;
  /** The active snapshot; an exchange keeps the one it began with. */
  readonly snapshot: () => Snapshot | undefined;
  /** The one caller of a listener that serves one app; undefined where others are told apart. */
  readonly identity: Identity | undefined;
  /** Identity headers that the proxy of this listener removes from clients, in lower case. */
  readonly stripsHeaders: ReadonlySet<string>;
  /** Names of the claims that records tell, where their values name nobody; absent: none. */
  readonly recordClaims?: readonly string[] | undefined;
  /** Of a tenant, for now. Throws Fault audit_unavailable. */
  readonly pseudonymKey: (tenant: string) => PseudonymKey;
  /** Of one person, where each has a key; undefined: those of a tenant share one. Throws the same. */
  readonly subjectKey?: ((subject: Pseudonymous) => PseudonymKey) | undefined;
  /** Of digests of a tenant's content, for now; undefined: there are none. Throws the same. */
  readonly contentKey?: ((tenant: string) => PseudonymKey) | undefined;
  /** The header that a provider is called with; undefined: the caller's own credentials pass. */
  readonly credentialOf: (provider: string) => HeaderField | undefined;
  /** The fast channel; undefined: only the switches among the policies count. */
  readonly killSwitches: LiveKillSwitches | undefined;
  /** Guards of ramps; undefined: they are not watched. */
  readonly ramps: RampWatch | undefined;
  /** What becomes of a request that offers a tool which nobody permits. */
  readonly offeredTools: "remove" | "refuse";
  readonly classify: Classify;
  /** Beside the rules, for the apps whose policies name one; undefined: there are none. */
  readonly classifiers: Classifiers | undefined;
  /** For texts that come in pieces. */
  readonly detector: Detector;
  readonly records: RecordAppender;
  /** By Envoy's name of the route, undefined where there is none. */
  readonly auditRules: (route: string | undefined) => AuditRules;
  /** Days a record is kept where no rule says more, at least 184. */
  readonly retentionDays: number;
  readonly quotas: Ledger;
  readonly observer: ExchangeObserver;
  /** Undefined: nothing is traced. */
  readonly tracer?: Tracer | undefined;
  readonly limits: Limits;
  readonly deadlines: { readonly phaseMs: number; readonly exchangeIdleSeconds: number };
  readonly content: ContentRules;
  readonly region: string | undefined;
  /** Policies were loaded under the development flag. */
  readonly isUnsigned: boolean;
  readonly heldBytes: HeldBytes;
}
