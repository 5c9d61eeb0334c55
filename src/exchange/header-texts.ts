import type { Edit, Finding, HeaderField, Obligations, Place, Span } from "../domain/index.ts";
import { planEdits, requireEditable, type TokenOf } from "../effects/index.ts";

/** A header and its value as a text to be judged. */
export interface HeaderText {
  readonly name: string;
  readonly span: Span;
}

const none: readonly HeaderText[] = [];

/** What is shorter is no value of any class unless a label stands beside it. */
const valueUnitsMin = 6;

/**
 * Headers whose values are not judged. Credentials, of the caller or of proxies that vouch for him,
 * are where they belong, and a rule against secrets must not take them for a leak. The others carry
 * addresses, lengths and times of the proxy and the protocol. Whatever is not listed is judged,
 * whoever made up its name.
 */
const passedOver: ReadonlySet<string> = new Set(
  (
    "authorization proxy-authorization x-api-key api-key x-goog-api-key cookie set-cookie " +
    "x-amz-security-token x-amzn-oidc-data x-amzn-oidc-accesstoken x-goog-iap-jwt-assertion " +
    "x-serverless-authorization cf-access-jwt-assertion x-forwarded-access-token " +
    "x-forwarded-id-token x-auth-request-access-token " +
    "host connection content-length content-encoding transfer-encoding x-forwarded-for " +
    "x-forwarded-proto x-forwarded-client-cert x-real-ip x-envoy-internal " +
    "x-envoy-upstream-service-time x-envoy-external-address x-envoy-expected-rq-timeout-ms " +
    "x-envoy-attempt-count"
  ).split(" "),
);

/** Headers that come with nearly every call and whose ordinary values cannot hold anything. */
const ordinary: ReadonlySet<string> = new Set(
  (
    "content-type te trailer accept accept-encoding accept-language cache-control date vary " +
    "expires last-modified strict-transport-security alt-svc anthropic-version retry-after " +
    "keep-alive server"
  ).split(" "),
);

/** A word or media type, a product with its version, a number, a parameter of these headers, a day. */
const ordinaryPart = [
  "[A-Za-z*][A-Za-z*+.-]{0,30}(?:/(?:[A-Za-z*+.-]{1,30}|[\\d.]{1,8}))?",
  "\\d{1,6}",
  '(?:q|v|ma|max|timeout|persist|max-age|s-maxage|stale-[a-z-]+|h[23])="?:?[\\d.]{1,8}"?',
  "charset=utf-8",
  "\\d{4}-\\d\\d-\\d\\d",
].join("|");

/** What these headers mostly say, and no value of any class. A date is that of RFC 9110, section 5.6.7. */
const ordinaryValue = new RegExp(
  `^(?:${ordinaryPart})(?: ?[,;] ?(?:${ordinaryPart}))*$` +
    "|^[A-Z][a-z]{2}, \\d\\d [A-Z][a-z]{2} \\d{4} \\d\\d:\\d\\d:\\d\\d GMT$",
);

/** Ids of requests and traces (RFC 9562, W3C Trace Context), which nearly every call has. */
const idShape =
  /^[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}$|^[0-9a-f]{2}-[0-9a-f]{32}-[0-9a-f]{16}-[0-9a-f]{2}$/;
const idLengths: ReadonlySet<number> = new Set([36, 55]);

/** The proxy lets nobody edit headers of its own. */
const fixed = { isFixed: true } as const;

/** What was last seen of each ordinary header and is beyond suspicion: calls are much alike. */
const lastOrdinary = new Map<string, string>();

function isOrdinary(name: string, value: string): boolean {
  if (lastOrdinary.get(name) === value) return true;
  if (!ordinaryValue.test(value)) return false;
  lastOrdinary.set(name, value);
  return true;
}

function isJudged(name: string, value: string): boolean {
  if (passedOver.has(name) || (ordinary.has(name) && isOrdinary(name, value))) return false;
  // Pseudo-headers are the request line; its path is judged as such. Ours are taken off.
  if (name.startsWith(":") || name.startsWith("x-chancery-")) return false;
  return !(idLengths.has(value.length) && idShape.test(value));
}

/** The values of a header or trailer block that are judged, each with this place. */
export function textsOf(headers: readonly HeaderField[], place: Place): readonly HeaderText[] {
  let texts: HeaderText[] | undefined;
  for (const { name, value } of headers) {
    if (value.length < valueUnitsMin || !isJudged(name, value)) continue;
    texts ??= [];
    const isFixed = name.startsWith("x-envoy-");
    texts.push({ name, span: { place, text: value, ...(isFixed ? fixed : {}) } });
  }
  return texts ?? none;
}

/** Header values as they are to be, and how many findings that took. */
export interface HeaderMasks {
  readonly set: readonly HeaderField[];
  /** Those that are taken off as a whole. */
  readonly remove: readonly string[];
  readonly edited: number;
}

export const noMasks: HeaderMasks = { set: [], remove: [], edited: 0 };

/**
 * The edits of header values that carry out a decision's redactions.
 * @throws Fault redaction_impossible
 */
export function maskHeaders(
  texts: readonly HeaderText[],
  findings: readonly (readonly Finding[])[],
  how: {
    readonly direction: "request" | "response";
    readonly redact: Obligations["redact"];
    readonly tokenOf: TokenOf;
  },
): HeaderMasks {
  const spans = texts.map(({ span }, index) => ({
    place: span.place,
    text: span.text,
    findings: findings[index] ?? [],
  }));
  const { edits } = planEdits({ ...how, spans });
  return applyToHeaders(texts, edits);
}

/**
 * Header values with these edits. A name is set once for all its values, which a list of them means
 * as well (RFC 9110 section 5.3).
 * @throws Fault redaction_impossible
 */
export function applyToHeaders(texts: readonly HeaderText[], edits: readonly Edit[]): HeaderMasks {
  if (edits.length === 0) return noMasks;
  requireEditable(
    edits,
    texts.map(({ span }) => span),
  );
  const changed = new Set(edits.map((edit) => texts[edit.span]?.name));
  const values = new Map<string, string[]>();
  texts.forEach(({ name, span: { text } }, index) => {
    if (!changed.has(name)) return;
    const value = edited(
      text,
      edits.filter((edit) => edit.span === index),
    );
    values.set(name, [...(values.get(name) ?? []), value]);
  });
  const set = [...values].map(([name, parts]) => ({ name, value: parts.join(", ") }));
  return { set, remove: [], edited: edits.length };
}

/** Edits come in the order of the text and do not overlap. */
function edited(text: string, edits: readonly Edit[]): string {
  let result = "";
  let position = 0;
  for (const { start, end, replacement } of edits) {
    result += text.slice(position, start) + replacement;
    position = end;
  }
  return result + text.slice(position);
}
