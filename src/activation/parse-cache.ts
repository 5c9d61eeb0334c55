import type { ParsedPolicies, PolicyFile } from "../policy/index.ts";
import { FileTable } from "./file-table.ts";

type ParseFile = (file: PolicyFile) => ParsedPolicies;

/**
 * Parses policy files, and none again before it changes: parsing is nearly all of what loading costs.
 * What one job did not ask for is forgotten at its end.
 */
export class ParseCache {
  readonly #parse: ParseFile;
  #before = new Generation();
  #now = new Generation();

  /** `parse` is asked where nothing is known. */
  constructor(parse: ParseFile) {
    this.#parse = parse;
  }

  /** What one file says. */
  readonly parse: ParseFile = (file) =>
    this.#now.get(file) ?? this.#now.add(file, this.#before.get(file) ?? this.#parse(file));

  /** From here on another job asks. */
  beginJob(): void {
    this.#before = this.#now;
    this.#now = new Generation();
  }

  /** What only the job before asked for is not needed any more. */
  endJob(): void {
    this.#before = new Generation();
  }
}

class Generation {
  readonly #table = new FileTable();
  readonly #parsed: ParsedPolicies[] = [];

  get(file: PolicyFile): ParsedPolicies | undefined {
    const number = this.#table.indexOf(file);
    return number === undefined ? undefined : this.#parsed[number];
  }

  add(file: PolicyFile, parsed: ParsedPolicies): ParsedPolicies {
    this.#parsed[this.#table.add(file)] = parsed;
    return parsed;
  }
}
