/** True where a name is listed, exactly or by a pattern that ends in `*`. */
export function fitsAny(patterns: readonly string[], name: string): boolean {
  return patterns.some((pattern) =>
    pattern.endsWith("*") ? name.startsWith(pattern.slice(0, -1)) : pattern === name,
  );
}
