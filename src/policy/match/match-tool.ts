import { fitsPattern } from "../compile/name-pattern.ts";
import type { ToolMatcher } from "../compile/rule.ts";

/** How exactly a rule speaks of a tool, for specificity (policy-model 5.2). */
export type ToolScore = 0 | 1 | 2;

/** What a tool matcher is compared with. */
export interface NamedTool {
  readonly name: string;
  readonly risk: string;
}

/**
 * The specificity with which the matcher fits, undefined where it does not. A request without a tool
 * fits no matcher (policy-model 3).
 */
export function matchTool(
  { names, risk }: ToolMatcher,
  tool: NamedTool | undefined,
): ToolScore | undefined {
  if (tool === undefined) return undefined;
  if (risk !== undefined && !risk.includes(tool.risk)) return undefined;
  if (names === undefined) return risk === undefined ? 0 : 1;
  if (names.includes(tool.name)) return 2;
  return names.some((pattern) => fitsPattern(pattern, tool.name)) ? 1 : undefined;
}
