import { isMap, isScalar, isSeq, LineCounter, type Node, parseDocument } from "yaml";
import type { Problem } from "../base/index.ts";

/** A configuration file as it was read; `path` is shown in problems and anchors relative paths. */
export interface ConfigFile {
  readonly path: string;
  readonly text: string;
}

/** Where something stands in the file: steps from the top, keys and list positions. */
export type ConfigPath = readonly (string | number)[];

/** Line and column, from 1; 0 and 0 where the file does not say it. */
interface Location {
  readonly line: number;
  readonly column: number;
}

/** The file's content as plain data, and the way back to where each part stands. */
export interface ConfigDocument {
  /** Undefined when the text is not one YAML document. */
  readonly value: unknown;
  readonly problems: readonly Problem[];
  /** Where the key of a mapping stands, else the list entry, else the nearest thing around it. */
  locateKey(path: ConfigPath): Location;
  /** Where the value stands, else its key. */
  locateValue(path: ConfigPath): Location;
}

/** A path as it is shown: `listeners[0].address`. */
export function renderPath(path: ConfigPath): string {
  return path
    .map((step) => (typeof step === "number" ? `[${step}]` : `.${step}`))
    .join("")
    .replace(/^\./, "");
}

/** The file is read once at start by its owner; the bound is against the wrong file. */
const configBytesMax = 1024 * 1024;
/** Times one anchor may be expanded: enough for convenience, too little for a bomb. */
const aliasCountMax = 100;

/** Reads YAML (or JSON, which is YAML), duplicate keys and further documents being problems. */
export function readConfigDocument(file: ConfigFile): ConfigDocument {
  if (Buffer.byteLength(file.text) > configBytesMax) {
    return unusable([problemAt(file, nowhere, `the file is larger than ${configBytesMax} bytes`)]);
  }
  const lines = new LineCounter();
  const document = parseDocument(file.text, { lineCounter: lines, prettyErrors: false });
  const problems = document.errors.map((error) => {
    const { line, col } = lines.linePos(error.pos[0]);
    return problemAt(file, { line, column: col }, toMessage(error));
  });
  if (problems.length > 0) return unusable(problems);

  const locate = (offset: number | undefined): Location => {
    if (offset === undefined) return nowhere;
    const { line, col } = lines.linePos(offset);
    return { line, column: col };
  };
  try {
    const root = document.contents;
    return {
      value: root === null ? {} : document.toJS({ maxAliasCount: aliasCountMax }),
      problems: [],
      locateKey: (path) => locate(findOffset(root, path, "key")),
      locateValue: (path) => locate(findOffset(root, path, "value")),
    };
  } catch (error) {
    // Thrown for aliases alone: unknown ones, and more of them than the bound.
    return unusable([problemAt(file, nowhere, toMessage(error as Error))]);
  }
}

/** The parser's own words, in the form that all problems have. */
function toMessage({ message }: Error): string {
  return `${message.charAt(0).toLowerCase()}${message.slice(1)}`.replace(/\.$/, "");
}

const nowhere: Location = { line: 0, column: 0 };

function unusable(problems: readonly Problem[]): ConfigDocument {
  const locate = (): Location => nowhere;
  return { value: undefined, problems, locateKey: locate, locateValue: locate };
}

function problemAt(file: ConfigFile, location: Location, message: string): Problem {
  const hint = "Write one YAML document with each key once.";
  return { code: "C01", severity: "error", file: file.path, ...location, message, hint };
}

/** The offset of the last step that the file holds itself; deeper ones may come from an alias. */
function findOffset(
  root: Node | null,
  path: ConfigPath,
  part: "key" | "value",
): number | undefined {
  let place: Place = { node: root, key: undefined };
  let offset = offsetOf(root);
  for (const [index, step] of path.entries()) {
    const next = stepInto(place.node, step);
    if (next === undefined) return offset;
    place = next;
    const wantsKey = part === "key" && index === path.length - 1;
    const key = offsetOf(place.key);
    offset = (wantsKey ? key : (offsetOf(place.node) ?? key)) ?? offset;
  }
  return offset;
}

interface Place {
  readonly node: unknown;
  /** Absent for an entry of a list. */
  readonly key: unknown;
}

function stepInto(node: unknown, step: string | number): Place | undefined {
  if (isSeq(node) && typeof step === "number") return { node: node.items[step], key: undefined };
  if (!isMap(node)) return undefined;
  const pair = node.items.find(({ key }) => isScalar(key) && String(key.value) === String(step));
  return pair === undefined ? undefined : { node: pair.value, key: pair.key };
}

function offsetOf(node: unknown): number | undefined {
  const range = (node as { range?: readonly [number, number, number] | null } | null)?.range;
  return range?.[0];
}
