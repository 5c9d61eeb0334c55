import type { Decision, HeaderField } from "../domain/index.ts";
import { isPlainJson } from "../formats/index.ts";
import type { HeaderEdit } from "./commands.ts";
import type { ExchangeCore } from "./core.ts";
import { withCredential } from "./credential.ts";
import type { HeaderMasks } from "./header-texts.ts";

/** What is done to the headers of a permitted request beside its route. */
export interface RequestChanges {
  readonly masks: HeaderMasks;
  /** False for a request that has none by its kind. */
  readonly hasBody: boolean;
  /** Of a changed body whose mode keeps `content-length`. */
  readonly contentLength: number | undefined;
}

/**
 * The header edit of a permitted request: where it goes and with which credential, what was masked,
 * what describes its body, and nothing of ours from others.
 */
export function requestEdit(
  { deps, knowledge: { head } }: ExchangeCore,
  { isObserved, obligations, target }: Decision,
  { contentLength, hasBody, masks }: RequestChanges,
): HeaderEdit {
  const set: HeaderField[] = [...masks.set];
  const asked = isObserved === true ? undefined : obligations.headers?.set;
  for (const name in asked) set.push({ name, value: asked[name] ?? "" });
  const remove = [...(head?.remove ?? [])];
  if (target !== undefined) {
    set.push({ name: "x-chancery-model", value: target.modelId });
    set.push({ name: "x-chancery-provider", value: target.provider });
  }
  if (contentLength !== undefined && head?.hasContentLength === true) {
    set.push({ name: "content-length", value: String(contentLength) });
  }
  // It was judged as JSON in UTF-8, so nobody behind us is to take it for anything else.
  const isJudgedBody = hasBody && isObserved !== true;
  if (isJudgedBody && head !== undefined && !isPlainJson(head.mediaType)) {
    set.push({ name: "content-type", value: "application/json" });
  }
  const isUnpacked = isObserved !== true && head !== undefined && head.codings.length > 0;
  if (isUnpacked) remove.push("content-encoding");
  const credential = target === undefined ? undefined : deps.credentialOf(target.provider);
  const edit = { set, remove };
  return credential === undefined ? edit : withCredential(edit, credential);
}
