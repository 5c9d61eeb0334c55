import { units } from "../text/units.ts";

/** Characters alike, or in the order of the alphabet or the digits, that only filling has. */
const repeatsMin = 6;
const stepsMin = 6;
const fillers =
  /example|your[-_]|dummy|placeholder|change[-_]?me|replace[-_]?me|redacted|sample|insert[-_]|xxxxx|\*\*\*\*|\.\.\.\./i;

/**
 * Whether a value, which begins at `start` of the text that is laid down, is filling for documentation
 * rather than a secret: one character over and over, a run through the alphabet or the digits, or a
 * word that says so.
 */
export function isPlaceholder(value: string, start: number): boolean {
  return hasMonotony(start, start + value.length) || fillers.test(value);
}

function hasMonotony(start: number, end: number): boolean {
  let repeats = 1;
  let steps = 1;
  let last = units[start] ?? 0;
  for (let at = start + 1; at < end; at += 1) {
    const code = units[at] ?? 0;
    const step = code - last;
    last = code;
    // Hardly any character is the one before or the next of it.
    if (step !== 0 && step !== 1) {
      repeats = 1;
      steps = 1;
      continue;
    }
    repeats = step === 0 ? repeats + 1 : 1;
    steps = step === 1 ? steps + 1 : 1;
    if (repeats >= repeatsMin || steps >= stepsMin) return true;
  }
  return false;
}

/** Words that stand in for a secret, or around one in its name. */
const standInWords =
  "pass(?:word|wd|phrase|code)?|pwd|secret|token|api|key|credentials?|auth|admin|root|" +
  "user(?:name)?|client|access|account|database|db|my|your|the|some|new|old|test(?:ing)?|demo|" +
  "default|foo|bar|baz|qux|temp|tmp|fake|mock|value|here|goes|super|strong|secure|string|" +
  "hidden|masked|removed|none|null|undefined|true|false|todo|tbd|letmein|qwerty|welcome|" +
  "required|optional|field|input|hash(?:ed)?|encrypted";
const standIns = new RegExp(standInWords, "gi");
/** The first letters of whatever is nothing but such words, or but the letter x. */
const standInOpening = new RegExp(`^[^a-z]*(?:${standInWords}|x|$)`, "i");

/**
 * Whether nothing is left of a value but digits once the words are taken out that stand in for
 * secrets: `my_password`, `admin123`, `YOUR-TOKEN-HERE`.
 */
export function isStandIn(value: string): boolean {
  if (!standInOpening.test(value)) return false;
  const rest = value.replace(standIns, "").replace(/[\s\-_.:/!<>[\](){}"'$@]/g, "");
  return /^(?:\d{0,4}|12345\d*|x+|X+)$/.test(rest);
}

/**
 * Whether a value stands for another one that is elsewhere: a variable, a template, a reference to a
 * store of secrets, or a value that is encrypted.
 */
export function isReference(value: string): boolean {
  return reference.test(value);
}

const reference = new RegExp(
  [
    // $NAME ${NAME} $(command) %NAME% #{name} <name> {name} [name] __NAME__ :name
    "^\\$[A-Za-z_][\\w:]*$",
    "\\$[{(]",
    "\\{\\{|\\}\\}|<%|%>|#\\{",
    "^%[A-Za-z_]\\w*%$",
    "^%\\(?\\w+\\)?[sd]$",
    "^<[^>]*>?$",
    "^\\{[\\w.: -]*\\}$",
    "^\\[[\\w .-]*\\]$",
    "^__\\w+__$",
    "^[:@?][A-Za-z_]+$",
    // Where secrets are kept, and what keeps them encrypted.
    "^(?:vault|op|ref\\+\\w+|secretref|awssm|gcpsm|env|file|arn|kms|keyring|sops|data|urn|ssm|secretsmanager):[^\\s]*",
    "^ENC[[(]",
    "^\\{cipher\\}",
    "^!?@?Microsoft\\.KeyVault",
    "^![A-Z][A-Za-z]+$",
    // Code that fetches one: getSecret("x"), process.env.X, os.environ["X"].
    "^[A-Za-z_$][\\w$.:]*\\(.*\\)$",
    "^(?:process\\.env|os\\.environ|import\\.meta\\.env|deno\\.env|env|secrets|vars|var|local|data)[.[][\\w.[\\]'\"\\\\]+$",
  ].join("|"),
  "i",
);
