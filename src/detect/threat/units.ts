/** Units there is room for at first. */
const startCapacity = 4096;
const isBigEndian = new Uint8Array(Uint16Array.of(1).buffer)[0] === 0;

/** The UTF-16 units of a text, to be read faster than from a string; filled anew for each text. */
export class Units {
  /** What was read, and a zero behind it. */
  codes = new Uint16Array(startCapacity);
  #bytes = Buffer.from(this.codes.buffer);

  /** Reads the text from one offset to another. */
  read(text: string, from: number, to: number): void {
    const length = to - from;
    if (length >= this.codes.length) {
      this.codes = new Uint16Array(2 ** Math.ceil(Math.log2(length + 1)));
      this.#bytes = Buffer.from(this.codes.buffer);
    }
    this.#bytes.write(length === text.length ? text : text.slice(from, to), "utf16le");
    if (isBigEndian) this.#bytes.swap16();
    this.codes[length] = 0;
  }
}
