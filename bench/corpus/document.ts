/** A value planted in a text. Offsets are UTF-16 units, end exclusive. */
export interface GoldSpan {
  readonly start: number;
  readonly end: number;
  readonly type: string;
  /**
   * A wider span that is as good an answer: "aged 93" for the number in it, the whole run for a value
   * inside base 64.
   */
  readonly wide?: { readonly start: number; readonly end: number };
  /** Found or not, both are right: a name in a mail header, say. */
  readonly isOptional?: boolean;
}

/** One text of a corpus with everything in it that has to be found. */
export interface LabelledDocument {
  readonly id: string;
  readonly genre: string;
  readonly text: string;
  /** Sorted, not overlapping; none in a clean document. */
  readonly spans: readonly GoldSpan[];
}

/** A value to plant, with what has to stand right beside it. */
export interface Value {
  /** Type of the catalogue; none for a look-alike that nothing should find. */
  readonly type?: string;
  readonly text: string;
  readonly lead?: string;
  readonly tail?: string;
  /** An answer that covers `lead` and `tail` too is as good. */
  readonly isWideRight?: boolean;
  /** Found or not, both are right. */
  readonly isOptional?: boolean;
}

/** Writes a text and keeps the places of what was planted in it. */
export class Composer {
  text = "";
  readonly spans: GoldSpan[] = [];

  write(text: string): this {
    this.text += text;
    return this;
  }

  value(value: Value): this {
    const from = this.text.length;
    this.text += value.lead ?? "";
    const start = this.text.length;
    this.text += value.text;
    const end = this.text.length;
    this.text += value.tail ?? "";
    if (value.type === undefined) return this;
    const wide = value.isWideRight === true ? { wide: { start: from, end: this.text.length } } : {};
    const optional = value.isOptional === true ? { isOptional: true } : {};
    this.spans.push({ start, end, type: value.type, ...wide, ...optional });
    return this;
  }

  /** Writes a template, `{}` standing for the value. */
  fill(template: string, value: Value): this {
    const place = template.indexOf("{}");
    if (place < 0) throw new Error(`expected {} in "${template}"`);
    return this.write(template.slice(0, place))
      .value(value)
      .write(template.slice(place + 2));
  }

  /** Adds what another has written, each character through `encode`. */
  append(other: Composer, encode: (character: string) => string = (character) => character): this {
    const places: number[] = [];
    for (const character of other.text) {
      for (let unit = 0; unit < character.length; unit += 1) places.push(this.text.length);
      this.text += encode(character);
    }
    places.push(this.text.length);
    const placeOf = (offset: number) => places[offset] ?? this.text.length;
    for (const span of other.spans) {
      const { start, end, wide } = span;
      const moved = wide && { wide: { start: placeOf(wide.start), end: placeOf(wide.end) } };
      this.spans.push({ ...span, start: placeOf(start), end: placeOf(end), ...moved });
    }
    return this;
  }

  /** Adds what another has written as base 64; the whole run is as good an answer as the part. */
  appendBase64(other: Composer): this {
    const start = this.text.length;
    this.text += Buffer.from(other.text).toString("base64");
    const wide = { start, end: this.text.length };
    const bytesBefore = (offset: number) => Buffer.byteLength(other.text.slice(0, offset));
    for (const span of other.spans) {
      const first = start + Math.floor((bytesBefore(span.start) * 4) / 3);
      const last = start + Math.ceil((bytesBefore(span.end) * 4) / 3);
      this.spans.push({ ...span, start: first, end: last, wide });
    }
    return this;
  }

  document(id: string, genre: string): LabelledDocument {
    return { id, genre, text: this.text, spans: this.spans };
  }
}

/** A character as it stands in a JSON string. */
export function jsonCharacter(character: string): string {
  return JSON.stringify(character).slice(1, -1);
}
