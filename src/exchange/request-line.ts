import type { Span } from "../domain/index.ts";

const none: readonly Span[] = [];

/** Paths without anything of the caller's in them, as nearly every request has one. */
const plainPaths: ReadonlySet<string> = new Set([
  "/v1/chat/completions",
  "/v1/messages",
  "/v1/models",
]);

/**
 * Path and query of a request as texts, escapes undone: a caller chooses ids and parameters. Nothing
 * in them can be replaced, since they say what is asked for.
 */
export function textsOfRequestLine(path: string): readonly Span[] {
  if (plainPaths.has(path)) return none;
  const text = decodeEscapes(path);
  const spans: Span[] = [{ place: "prompt", text, isFixed: true }];
  // A plus stands for itself in a path, and for a space in the query of a form.
  if (path.includes("+")) {
    spans.push({ place: "prompt", text: decodeEscapes(spaced(path)), isFixed: true });
  }
  return spans;
}

function spaced(path: string): string {
  return path.replaceAll("+", " ");
}

/** Never fails: bytes that are no UTF-8 become replacement characters. */
function decodeEscapes(text: string): string {
  return text.replace(/(?:%[0-9a-f]{2})+/gi, (escapes) =>
    Buffer.from(escapes.replaceAll("%", ""), "hex").toString("utf8"),
  );
}
