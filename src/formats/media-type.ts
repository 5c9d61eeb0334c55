/** What a content type says (RFC 9110 section 8.3.1), in lower case. */
export interface MediaType {
  /** Without parameters; empty where there is none. */
  readonly name: string;
  readonly charset: string | undefined;
}

const absent: MediaType = { name: "", charset: undefined };
const json: MediaType = { name: "application/json", charset: undefined };

/** Reads the value of a content type header; what is written badly is read as far as it goes. */
export function parseMediaType(value: string | undefined): MediaType {
  if (value === undefined) return absent;
  if (value === "application/json") return json;
  const [name = "", ...parameters] = value.toLowerCase().split(";");
  const charset = parameters
    .map((parameter) => /^\s*charset\s*=\s*"?([^"\s]*)/.exec(parameter)?.[1])
    .find((found) => found !== undefined);
  return { name: name.trim(), charset };
}

/** True where the type says JSON in UTF-8, as its only reading. */
export function isPlainJson({ name, charset }: MediaType): boolean {
  const isJson = name === "application/json" || name.endsWith("+json");
  return isJson && !name.includes(",") && (charset === undefined || charset === "utf-8");
}
