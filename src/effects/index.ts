/**
 * Decisions → what is done to the bytes: which findings are replaced, and by what. Knows no wire
 * format. Start with `planEdits`.
 */
export { findingsApart } from "./apart.ts";
export {
  type EditPlan,
  type FoundSpan,
  planEdits,
  type RedactionScope,
  redactionFor,
  requireEditable,
  type ToolRedactions,
} from "./plan-edits.ts";
export { replacementOf, type TokenOf } from "./replacement.ts";
