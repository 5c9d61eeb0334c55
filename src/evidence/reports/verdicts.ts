/** Labels of decisions, the strictest first: of several, the first of these is that of the whole. */
const verdicts = ["deny", "fail_open", "redact", "transform", "warn", "allow"];

/** The label of an exchange by those of its records; `none` where nothing of it was judged. */
export function strictest(one: string, other: string | undefined): string {
  const places = [one, other ?? "none"].map((verdict) => verdicts.indexOf(verdict));
  const known = places.filter((place) => place >= 0);
  return verdicts[Math.min(...known)] ?? one;
}
