/**
 * Looks for a planted value in bytes that left, in any form a reader could undo. Shares no code with
 * what it judges: no scanner, no decoder and no detector of ours.
 */

/** Layers of escapes that are undone; one more than anything planted has. */
const layersMax = 5;
/** Consecutive characters of a secret that give it away. */
const partUnits = 12;

/** Where a value shows in a text, or undefined. */
export function findTrace(
  text: string,
  planted: { readonly value: string; readonly isSecret: boolean },
): string | undefined {
  const needles = planted.isSecret ? partsOf(planted.value) : [squash(planted.value)];
  for (const form of formsOf(text)) {
    const squashed = squash(form);
    const needle = needles.find((candidate) => squashed.includes(candidate));
    if (needle !== undefined) return needle;
  }
  return undefined;
}

/** A text and all that it becomes when escapes are undone, layer by layer. */
function formsOf(text: string): ReadonlySet<string> {
  const forms = new Set([text]);
  let latest = text;
  for (let layer = 0; layer < layersMax; layer += 1) {
    latest = undoEscapes(latest);
    forms.add(latest);
  }
  forms.add(latest.replace(/%([0-9a-f]{2})/gi, (_, hex) => fromHex(hex)));
  forms.add(latest.replace(/&#x([0-9a-f]+);/gi, (_, hex) => fromHex(hex)));
  forms.add(latest.replace(/&#(\d+);/g, (_, digits) => String.fromCharCode(Number(digits))));
  return forms;
}

const shortEscapes: Readonly<Record<string, string>> = {
  n: "\n",
  r: "\r",
  t: "\t",
  b: "\b",
  f: "\f",
};

function undoEscapes(text: string): string {
  return text.replace(/\\(?:u([0-9a-fA-F]{4})|(.))/g, (_, hex, other) =>
    hex === undefined ? (shortEscapes[other] ?? other) : fromHex(hex),
  );
}

function fromHex(hex: string): string {
  return String.fromCharCode(Number.parseInt(hex, 16));
}

// Separators, quotes and invisible characters do not hide a value from a reader.
function squash(text: string): string {
  return text
    .normalize("NFKC")
    .toLowerCase()
    .replace(/[^a-z0-9@]/g, "");
}

/** A secret is given away by any longer part of what is random in it. */
function partsOf(value: string): readonly string[] {
  const isBlock = value.startsWith("-----BEGIN");
  const random = isBlock ? value.split("\n").slice(1, -1) : [value.slice(prefixUnits(value))];
  return random.map(squash).flatMap((text) => {
    const parts: string[] = [];
    for (let at = 0; at + partUnits <= text.length; at += partUnits / 2) {
      parts.push(text.slice(at, at + partUnits));
    }
    return parts;
  });
}

/** What a token begins with tells its kind and not itself. */
function prefixUnits(value: string): number {
  return Math.min(20, value.length - partUnits);
}

/**
 * All literals of a JSON text in order, names included, strings that are JSON themselves taken apart
 * in the same way. Two texts with the same literals say the same, copies of members and all.
 * @throws SyntaxError where the text is no JSON
 */
export function literalsOf(json: string): readonly string[] {
  JSON.parse(json);
  const literals: string[] = [];
  for (const [literal] of json.matchAll(/"(?:[^"\\]|\\.)*"|[^\s",:[\]{}]+|[[\]{}]/gs)) {
    if (literal.startsWith('"')) literals.push(...textLiterals(JSON.parse(literal)));
    else literals.push(literal);
  }
  return literals;
}

/** What differs in a JSON text: the literals that do, or the writing where they say the same. */
export function differencesOf(received: string, expected: string): readonly string[] {
  if (received === expected) return [];
  const literals = literalsOf(received);
  const differences = literalsOf(expected).flatMap((literal, at) =>
    literal === literals[at] ? [] : [`${literal} became ${literals[at]}`],
  );
  return differences.length > 0 ? differences : [`${expected} is written ${received}`];
}

function textLiterals(text: string): readonly string[] {
  if (!/^\s*[[{"]/.test(text)) return [JSON.stringify(text)];
  try {
    return ["(", ...literalsOf(text), ")"];
  } catch {
    // Text that only begins like JSON.
    return [JSON.stringify(text)];
  }
}
