/**
 * One request and its response as a state machine: takes events, calls the stages in order, sends
 * commands. Knows no proxy's wire types and touches nothing outside. Start with `Exchange`.
 */
export type { CommandSink, ExchangeCommand, ExchangeMetadata, HeaderEdit } from "./commands.ts";
export type {
  AuditRules,
  Classifiers,
  Classify,
  ContentRules,
  Eventually,
  ExchangeDeps,
  HeldBytes,
  RecordAppender,
} from "./deps.ts";
export type { BodyMode, ExchangeEvent, Opening } from "./events.ts";
export { createExchanges } from "./exchange.ts";
export type { LiveKillSwitches } from "./live-switches.ts";
export type { ExchangeObserver } from "./observer.ts";
export { ownDetectionSteps } from "./own-detection.ts";
export type { JudgedThing, RampWatch } from "./ramp-watch.ts";
export type { ExchangeSession, OpenExchange } from "./session.ts";
export type { StageRun } from "./stopwatch.ts";
export type { TraceContext } from "./trace-context.ts";
export type { ExchangeTrace, Recorded, TraceOpening, Tracer } from "./tracer.ts";
