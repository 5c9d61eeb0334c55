import type { Finding } from "../domain/index.ts";
import type { TextScan } from "./detector.ts";
import { DisguiseFinder, disguiseOpenings } from "./disguises.ts";
import { escapes, innermostEscapes } from "./escapes.ts";
import { TextLayer } from "./text-layer.ts";

/**
 * What a text must hold to be read otherwise than it is written. Within Latin-1 the class is a few
 * rare characters, which lets the engine look at many at once.
 */
const unusual = new RegExp(`[\\\\${disguiseOpenings}]`);

/**
 * A scan of what a text says, whatever it is written like: up to three layers of escapes and then
 * disguises are undone, and findings are given as places in the text as written, from the first unit
 * of what stands for the value to the last. A text that holds neither goes to the scan as it is.
 */
export class RevealedScan implements TextScan {
  readonly #scan: TextScan;
  /** Outermost first; empty until something unusual comes. */
  #layers: readonly TextLayer[] = [];
  /** Units that came before that. */
  #plainUnits = 0;
  /** Findings and settled place as written, once there are layers. */
  #findings: Finding[] = [];
  #settled = 0;

  /** `scan` is given what the text says, and belongs to this one from now on. */
  constructor(scan: TextScan) {
    this.#scan = scan;
  }

  get settled(): number {
    return this.#layers.length === 0 ? this.#scan.settled : this.#settled;
  }

  push(piece: string): void {
    if (this.#layers.length === 0 && !unusual.test(piece)) {
      this.#plainUnits += piece.length;
      this.#scan.push(piece);
      return;
    }
    if (this.#layers.length === 0) this.#layers = openLayers(this.#plainUnits);
    this.#scan.push(this.#read(piece, false));
    this.#keepPlaces();
  }

  end(): void {
    if (this.#layers.length > 0) this.#scan.push(this.#read("", true));
    this.#scan.end();
    this.#keepPlaces();
  }

  take(): readonly Finding[] {
    if (this.#layers.length === 0) return this.#scan.take();
    const taken = this.#findings;
    this.#findings = [];
    return taken;
  }

  #read(piece: string, isLast: boolean): string {
    return this.#layers.reduce((text, layer) => layer.read(text, isLast), piece);
  }

  // Translates what the scan has settled, so that the layers may forget it.
  #keepPlaces(): void {
    if (this.#layers.length === 0) return;
    for (const finding of this.#scan.take()) this.#findings.push(this.#asWritten(finding));
    this.#settled = this.#layers.reduceRight((offset, layer) => {
      layer.forgetBefore(offset);
      return layer.startOf(offset);
    }, this.#scan.settled);
  }

  #asWritten(finding: Finding): Finding {
    const start = this.#layers.reduceRight((at, layer) => layer.startOf(at), finding.start);
    const end = this.#layers.reduceRight((at, layer) => layer.endOf(at), finding.end);
    return { ...finding, start, end };
  }
}

function openLayers(from: number): readonly TextLayer[] {
  return [escapes, escapes, innermostEscapes, new DisguiseFinder()].map(
    (finder) => new TextLayer(finder, from),
  );
}
