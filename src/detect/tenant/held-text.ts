/** Text that is let go of once it is this much. */
const dropUnitsMin = 1024;

/** What of a text in pieces is still looked at. Offsets are into the whole text. */
export class HeldText {
  /** Where what is held begins. */
  base = 0;
  text = "";
  /** No more comes. */
  isOver = false;

  /** Up to where the text is known. */
  get end(): number {
    return this.base + this.text.length;
  }

  push(piece: string): void {
    this.text += piece;
  }

  /** Says that nobody looks before an offset any more. */
  dropBefore(offset: number): void {
    const units = offset - this.base;
    if (units < dropUnitsMin) return;
    this.text = this.text.slice(units);
    this.base = offset;
  }

  copy(): HeldText {
    const copy = new HeldText();
    copy.base = this.base;
    copy.text = this.text;
    copy.isOver = this.isOver;
    return copy;
  }
}
