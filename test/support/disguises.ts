/** The forms in which a value could turn up where nobody may find it. */

/** Shorter parts would turn up by chance. */
const edgeUnits = 8;

/**
 * Every form of a value to look for: as it is, in the encodings of logs and URLs, and its first and
 * last eight characters. Base 64 is covered at each of its three alignments.
 */
export function disguisesOf(value: string): readonly string[] {
  const json = JSON.stringify(value).slice(1, -1);
  const bytes = Buffer.from(value);
  const escaped = [...value].map(
    (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
  const squashed = value.replace(/[^A-Za-z0-9]/g, "");
  const forms = [
    value,
    json,
    JSON.stringify(json).slice(1, -1),
    encodeURIComponent(value),
    percentEncodeAll(bytes),
    escaped.join(""),
    bytes.toString("hex"),
    ...[0, 1, 2].flatMap((offset) => base64Cores(bytes, offset)),
    ...(squashed.length >= edgeUnits ? [squashed] : []),
    ...edgesOf(value),
  ];
  return [...new Set(forms.flatMap((form) => [form, form.toLowerCase()]))];
}

function percentEncodeAll(bytes: Buffer): string {
  return [...bytes].map((byte) => `%${byte.toString(16).padStart(2, "0")}`).join("");
}

/** What the base 64 of any text that holds the bytes at this alignment has in common. */
function base64Cores(bytes: Buffer, offset: number): readonly string[] {
  const padded = Buffer.concat([Buffer.alloc(offset), bytes]);
  const whole = padded.subarray(0, padded.length - (padded.length % 3)).toString("base64");
  const core = whole.slice(offset === 0 ? 0 : 4);
  return [core, core.replaceAll("+", "-").replaceAll("/", "_")];
}

/** Of a private key the edges are what is random in it, not its markers. */
function edgesOf(value: string): readonly string[] {
  const lines = value.split("\n");
  const random = lines.length > 2 ? lines.slice(1, -1).join("") : value;
  return [random.slice(0, edgeUnits), random.slice(-edgeUnits)];
}
