import type { PolicyFile } from "../policy/index.ts";

/** Numbers files, those that are equal alike, so that each has to be sent only once. */
export class FileTable {
  readonly #files: PolicyFile[] = [];
  /** By namespace and path, the numbers of files that differ in their text only. */
  readonly #numbers = new Map<string, number[]>();

  /** By number. */
  get files(): readonly PolicyFile[] {
    return this.#files;
  }

  /** The number of a file, a new one unless an equal one has one. */
  add(file: PolicyFile): number {
    const known = this.indexOf(file);
    if (known !== undefined) return known;
    const key = keyOf(file);
    const number = this.#files.push(file) - 1;
    const alike = this.#numbers.get(key);
    if (alike === undefined) this.#numbers.set(key, [number]);
    else alike.push(number);
    return number;
  }

  /** The number of a file equal to this one, if it has one. */
  indexOf(file: PolicyFile): number | undefined {
    const alike = this.#numbers.get(keyOf(file));
    return alike?.find((number) => this.#files[number]?.text === file.text);
  }
}

/** No namespace has a line break in it. */
function keyOf({ namespace, path }: PolicyFile): string {
  return `${namespace}\n${path}`;
}
