/**
 * Decides again what records say was decided (audit-and-operations 2.4): from a record and the
 * policies it names the input, from the input a decision, and how the two compare. It fetches
 * nothing and asks no time; records and policies come through ports. Start with `verifyRecords` and
 * `compareRecords`.
 */
export { type AgainstReport, compareRecords } from "./against.ts";
export type { Difference } from "./compare.ts";
export { type ExplainedRecord, explainRecord } from "./explain-record.ts";
export type { JudgedRecord } from "./judged-record.ts";
export type { Remedy } from "./remedies.ts";
export type { Transition } from "./transitions.ts";
export {
  type IsMeant,
  type JudgedInLog,
  judgedIn,
  type ReplayableRecord,
  type VerifyReport,
  verifyRecords,
} from "./verify.ts";
export { type VersionSource, Versions } from "./versions.ts";
