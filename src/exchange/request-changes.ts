import type { Decision, Edit } from "../domain/index.ts";
import type { RequestChanges } from "../formats/index.ts";

/**
 * Everything that a permit changes in the body of its request; undefined where that is its texts
 * alone, as with most.
 */
export function changesOf(
  { obligations, target }: Decision,
  edits: readonly Edit[],
  removedTools: ReadonlySet<number>,
): RequestChanges | undefined {
  const { params, prompt, retention } = obligations;
  const isMore = params ?? prompt ?? retention?.store;
  if (target === undefined && isMore === undefined && removedTools.size === 0) return undefined;
  return {
    edits,
    model: target?.upstreamName,
    provider: target?.provider,
    params,
    store: retention?.store,
    removedTools,
    prepend: prompt?.prepend,
  };
}
