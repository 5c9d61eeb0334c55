/**
 * The segments of a path as a server would see them (RFC 3986 section 5.2.4), in lower case; query
 * and path parameters are left out. `decoded` undoes escapes before cutting, as servers do that take
 * `%2F` for a slash, `cut` after it.
 */
export function toPathSegments(target: string, order: "decoded" | "cut"): readonly string[] {
  const path = target.split(/[?#]/, 1)[0] ?? "";
  const raw =
    order === "decoded" ? decodeEscapes(path).split(/[/\\]/) : path.split("/").map(decodeEscapes);
  const segments: string[] = [];
  for (const written of raw) {
    const segment = (written.split(";", 1)[0] ?? "").trim();
    if (segment === "..") segments.pop();
    else if (segment !== "" && segment !== ".") segments.push(segment.toLowerCase());
  }
  return segments;
}

function decodeEscapes(text: string): string {
  if (!text.includes("%")) return text;
  try {
    return decodeURIComponent(text);
  } catch {
    // Escapes that are no UTF-8 stand in no path we know, so the text can stay as it is.
    return text;
  }
}
