/** A number that stands in JSON text without quotes, by offsets into the text as it came. */
export class BareNumber {
  readonly start: number;
  /** The end of what has come of it. */
  end: number;
  isOpen = true;
  /** A quote as it is written around here: more backslashes the more strings this stands in. */
  readonly quote: string;

  constructor(start: number, end: number, quote: string) {
    this.start = start;
    this.end = end;
    this.quote = quote;
  }
}

const tab = 0x09;
const lineFeed = 0x0a;
const carriageReturn = 0x0d;
const space = 0x20;
const quote = 0x22;
const comma = 0x2c;
const colon = 0x3a;
const openArray = 0x5b;
const backslash = 0x5c;
const closeArray = 0x5d;
const openObject = 0x7b;
const closeObject = 0x7d;

/** What may come next. */
const states = {
  root: 0,
  value: 1,
  valueOrClose: 2,
  name: 3,
  nameOrClose: 4,
  colon: 5,
  commaOrClose: 6,
  end: 7,
  string: 8,
  escape: 9,
  hex: 10,
  number: 11,
  literal: 12,
  /** This is no JSON, or nothing in which a number could stand bare. */
  over: 13,
} as const;
type State = (typeof states)[keyof typeof states];

/** Strings in strings that are followed; each layer doubles the backslashes. */
const layersMax = 6;
const depthMax = 64;
const quotes = ['"'];
while (quotes.length < layersMax) {
  quotes.push(JSON.stringify(quotes.at(-1)).slice(1, -1));
}

/** The character behind a backslash, by what it stands for (RFC 8259 section 7). */
const escaped: ReadonlyMap<number, number> = new Map(
  [...'"\\/bfnrt'].map((letter) => [
    letter.charCodeAt(0),
    (JSON.parse(`"\\${letter}"`) as string).charCodeAt(0),
  ]),
);

/**
 * Reads an object or array of JSON unit by unit and notes the numbers that stand bare in it, in the
 * JSON that its strings hold as well. It keeps only where it is, so text may come in any pieces.
 */
export class JsonLexer {
  readonly #layer: number;
  readonly #numbers: BareNumber[];
  /** True for an object, outermost first. */
  readonly #open: boolean[] = [];
  #state: State;
  /** The number that is being read. */
  #number: BareNumber | undefined;
  /** What the string being read holds, as far as it may be JSON of its own. */
  #inner: JsonLexer | undefined;
  #stringStart = 0;
  #isBegun = false;
  #isName = false;
  #isFirst = false;
  /** Offset of the escape being read, its hexadecimal digits so far and their value. */
  #escapeStart = 0;
  #hexDigits = 0;
  #hexValue = 0;

  /** Numbers are added to `numbers`, in the order they begin; `isAnyValue`: not in lists alone. */
  constructor(numbers: BareNumber[], options: { layer?: number; isAnyValue?: boolean } = {}) {
    this.#numbers = numbers;
    this.#layer = options.layer ?? 0;
    this.#state = options.isAnyValue === true ? states.value : states.root;
  }

  /** True once nothing more can be found: the text is not JSON, or no object or array. */
  get isOver(): boolean {
    return this.#state === states.over;
  }

  /** True while the text is an object or array, or any value where that will do. */
  get isJson(): boolean {
    return this.#isBegun && this.#state !== states.over;
  }

  /** Reads a unit that stands at `start` and, where it is written as an escape, goes to `end`. */
  unit(code: number, start: number, end: number): void {
    switch (this.#state) {
      case states.over:
        return;
      case states.string:
        return this.#inString(code, start, end);
      case states.escape:
        return this.#inEscape(code, end);
      case states.hex:
        return this.#inHex(code, end);
      case states.number:
        if (isNumberUnit(code)) return this.#continueNumber(end);
        this.#endNumber();
        break;
      case states.literal:
        if (code >= 0x61 && code <= 0x7a) return;
        this.#state = this.#afterValue();
    }
    if (code === space || code === lineFeed || code === carriageReturn || code === tab) return;
    this.#isBegun = true;
    this.#state = this.#between(code, start, end);
  }

  /** The state after a unit that is neither blank nor inside a value. */
  #between(code: number, start: number, end: number): State {
    switch (this.#state) {
      case states.root:
        return code === openObject || code === openArray ? this.#openContainer(code) : states.over;
      case states.valueOrClose:
        return code === closeArray ? this.#close(code) : this.#beginValue(code, start, end);
      case states.value:
        return this.#beginValue(code, start, end);
      case states.nameOrClose:
        return code === closeObject ? this.#close(code) : this.#beginName(code, start);
      case states.name:
        return this.#beginName(code, start);
      case states.colon:
        return code === colon ? states.value : states.over;
      case states.commaOrClose:
        if (code !== comma) return this.#close(code);
        return this.#open.at(-1) === true ? states.name : states.value;
      default:
        return states.over;
    }
  }

  #beginValue(code: number, start: number, end: number): State {
    if (code === quote) return this.#beginString(start, false);
    if (code === openObject || code === openArray) return this.#openContainer(code);
    if (code === 0x74 || code === 0x66 || code === 0x6e) return states.literal;
    if (code !== 0x2d && (code < 0x30 || code > 0x39)) return states.over;
    this.#number = new BareNumber(start, end, quotes[this.#layer] as string);
    this.#numbers.push(this.#number);
    return states.number;
  }

  #beginName(code: number, start: number): State {
    return code === quote ? this.#beginString(start, true) : states.over;
  }

  #beginString(start: number, isName: boolean): State {
    this.#stringStart = start;
    this.#isName = isName;
    this.#isFirst = true;
    this.#inner = undefined;
    return states.string;
  }

  #openContainer(code: number): State {
    if (this.#open.length >= depthMax) return states.over;
    this.#open.push(code === openObject);
    return code === openObject ? states.nameOrClose : states.valueOrClose;
  }

  #close(code: number): State {
    const isObject = this.#open.pop();
    if (code !== (isObject === true ? closeObject : closeArray)) return states.over;
    return this.#afterValue();
  }

  #afterValue(): State {
    return this.#open.length === 0 ? states.end : states.commaOrClose;
  }

  #continueNumber(end: number): void {
    if (this.#number !== undefined) this.#number.end = end;
  }

  #endNumber(): void {
    if (this.#number !== undefined) this.#number.isOpen = false;
    this.#number = undefined;
    this.#state = this.#afterValue();
  }

  #inString(code: number, start: number, end: number): void {
    if (code === quote) {
      this.#endInner();
      this.#state = this.#isName ? states.colon : this.#afterValue();
    } else if (code === backslash) {
      this.#escapeStart = start;
      this.#state = states.escape;
    } else if (code < space) {
      this.#state = states.over;
    } else {
      this.#content(code, start, end);
    }
  }

  #inEscape(code: number, end: number): void {
    const meaning = escaped.get(code);
    if (meaning !== undefined) {
      this.#state = states.string;
      this.#content(meaning, this.#escapeStart, end);
    } else {
      this.#state = code === 0x75 ? states.hex : states.over;
      this.#hexDigits = 0;
      this.#hexValue = 0;
    }
  }

  #inHex(code: number, end: number): void {
    const digit = Number.parseInt(String.fromCharCode(code), 16);
    if (Number.isNaN(digit)) {
      this.#state = states.over;
      return;
    }
    this.#hexDigits += 1;
    this.#hexValue = this.#hexValue * 16 + digit;
    if (this.#hexDigits < 4) return;
    this.#state = states.string;
    this.#content(this.#hexValue, this.#escapeStart, end);
  }

  /** A unit of what the string says. */
  #content(code: number, start: number, end: number): void {
    if (this.#isFirst) {
      this.#isFirst = false;
      const isJson = code === openObject || code === openArray || code <= space;
      if (isJson && !this.#isName && this.#layer + 1 < layersMax) {
        this.#inner = new JsonLexer(this.#numbers, { layer: this.#layer + 1 });
      }
    }
    if (this.#inner === undefined) return;
    this.#inner.unit(code, start, end);
    if (this.#inner.isOver) this.#endInner();
  }

  /** What is no JSON to its end, within quotes, is text: its numbers do not stand bare. */
  #endInner(): void {
    const inner = this.#inner;
    if (inner === undefined) return;
    this.#inner = undefined;
    if (inner.#state === states.end) return;
    const numbers = this.#numbers;
    while ((numbers.at(-1)?.start ?? -1) >= this.#stringStart) numbers.pop();
  }
}

/** The characters of a JSON number (RFC 8259 section 6); their order is not looked at. */
function isNumberUnit(code: number): boolean {
  return (
    (code >= 0x30 && code <= 0x39) ||
    code === 0x2e ||
    code === 0x2d ||
    code === 0x2b ||
    (code | 0x20) === 0x65
  );
}
