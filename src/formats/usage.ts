import type { Usage } from "../domain/index.ts";

/** A usage of what is known, undefined when nothing is. */
export function toUsage(input: number | undefined, output: number | undefined): Usage | undefined {
  if (input === undefined && output === undefined) return undefined;
  return {
    ...(input !== undefined && { in: input }),
    ...(output !== undefined && { out: output }),
  };
}
