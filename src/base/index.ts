/**
 * The ground floor: failures by stable code, problems with a place, limits, clock and HTTP as ports.
 * Knows nothing of AI traffic and touches nothing outside. Start with `Fault` and `Problem`.
 */
export { type Clock, type Timer, type Timers, toRecordTime } from "./clock.ts";
export { Fault, type FaultCode, faultCodes } from "./fault.ts";
export type { HttpAnswer, HttpClient, HttpPost } from "./http-client.ts";
export { Bug, invariant } from "./invariant.ts";
export { defaultLimits, type Limits, recordBytesMax, recordListMax } from "./limits.ts";
export { nearestName } from "./nearest.ts";
export { type Problem, type ProblemCode, problemCodes, sortProblems } from "./problem.ts";
export { createUuidV7 } from "./uuid.ts";
