/** One header as it stood on the wire: lower-case name, value decoded as UTF-8 with replacement. */
export interface HeaderField {
  readonly name: string;
  readonly value: string;
}

/** Plain data without prototypes, as a proxy's earlier filters left it. */
export type MetadataFields = Readonly<Record<string, unknown>>;

/**
 * Reads one namespace of the proxy's dynamic metadata; undefined where none was forwarded under that
 * name, `unreadable` where it is deeper or larger than what is read.
 */
export type ReadMetadata = (namespace: string) => MetadataFields | "unreadable" | undefined;

/** The two halves of an exchange. */
export type Direction = "request" | "response";

/** What a caller asks of a model or a tool server (policy-model 3.1). */
export const actions = [
  "llm.generate",
  "llm.embed",
  "llm.image",
  "llm.audio",
  "llm.read",
  "tool.list",
  "tool.call",
  "tool.result",
] as const;
export type Action = (typeof actions)[number];

/** Where a decision is made (policy-model 3.1). */
export type Point = "request" | "response" | "tool.list" | "tool.call" | "tool.result";

/** Which part of an exchange a text belongs to (policy-model 3). */
export const places = [
  "system",
  "prompt",
  "attachment",
  "tool_args",
  "tool_result",
  "response",
] as const;
export type Place = (typeof places)[number];

/** How a decision comes to be called, first that applies (policy-model 12.1). */
export type Verdict = "deny" | "fail_open" | "redact" | "transform" | "warn" | "allow";

/** The first value of a header, or undefined. `name` is lower-case. */
export function headerValue(headers: readonly HeaderField[], name: string): string | undefined {
  for (const header of headers) if (header.name === name) return header.value;
  return undefined;
}

/** All values of a header in wire order. `name` is lower-case. */
export function headerValues(headers: readonly HeaderField[], name: string): readonly string[] {
  const values: string[] = [];
  for (const header of headers) if (header.name === name) values.push(header.value);
  return values;
}
