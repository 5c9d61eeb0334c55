import { type HeaderField, headerValues } from "../domain/index.ts";
import { claimsSpiffe, isSpiffeId } from "./spiffe-id.ts";

const headerName = "x-forwarded-client-cert";

/**
 * The SPIFFE id that a trusted hop vouches for in `x-forwarded-client-cert`: that of the last
 * element, the only one the hop wrote itself. Who calls this has proven that the connection's peer
 * is the hop. Undefined where the hop saw no such certificate.
 */
export function forwardedWorkload(
  headers: readonly HeaderField[],
  trustedHop: string,
): string | "unreadable" | undefined {
  const values = headerValues(headers, headerName);
  if (values.length === 0) return undefined;
  const element = values.length === 1 ? lastElement(values[0] ?? "") : undefined;
  if (element === undefined) return "unreadable";
  // Envoy names the certificate of the proxy that wrote the element, where it has a URI.
  const writers = valuesOf(element, "by");
  if (writers.length > 0 && !writers.includes(trustedHop)) return "unreadable";
  const [workload, ...others] = valuesOf(element, "uri").filter(claimsSpiffe);
  if (workload === undefined) return undefined;
  if (others.length > 0 || !isSpiffeId(workload)) return "unreadable";
  // Written by a proxy that appended the hop as its own client: of the caller it says nothing.
  return workload === trustedHop ? undefined : workload;
}

type Pair = readonly [key: string, value: string];

function valuesOf(element: readonly Pair[], key: string): readonly string[] {
  return element.filter(([name]) => name === key).map(([, value]) => value);
}

/** `key=value` or `key="value"`, then what separates it from the next one. */
const pair = /[ \t]*([A-Za-z]+)=(?:"((?:[^"\\]|\\.)*)"|([^",;]*))(;|,|$)/y;

/**
 * Pairs of the last of the comma-separated elements, keys in lower case (Envoy's documentation of
 * the header). Undefined where any part of the value is not of that form: a comma whose quotes do
 * not close could hide where the last element begins.
 */
function lastElement(value: string): readonly Pair[] | undefined {
  let element: Pair[] = [];
  pair.lastIndex = 0;
  for (;;) {
    const match = pair.exec(value);
    if (match === null) return undefined;
    const [, key = "", quoted, plain = "", separator] = match;
    element.push([key.toLowerCase(), quoted?.replace(/\\(.)/g, "$1") ?? plain]);
    if (separator === "") return element;
    if (separator === ",") element = [];
  }
}
