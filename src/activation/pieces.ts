import type { Problem } from "../base/index.ts";
import type { NamespaceStatus, PolicyFile, PreparedForm } from "../policy/index.ts";
import type { FileTable } from "./file-table.ts";
import type { Preparation, PreparedBundles } from "./preparation.ts";

/**
 * A part of a preparation, small enough that reading it is no matter. Taken over as one message, the
 * result of many policies would hold up the thread that receives it.
 */
export type Piece =
  | { readonly kind: "field"; readonly name: string; readonly value: unknown }
  /** Items of a list in the compiled form. */
  | { readonly kind: "items"; readonly name: string; readonly items: readonly unknown[] }
  | { readonly kind: "tenants"; readonly entries: readonly Entry[] }
  | { readonly kind: "layers"; readonly entries: readonly (readonly [string, string])[] }
  | { readonly kind: "problems"; readonly problems: readonly Problem[] }
  /** Files that the table does not have yet. */
  | { readonly kind: "files"; readonly files: readonly PolicyFile[] }
  | { readonly kind: "namespaces"; readonly entries: readonly NamespaceEntry[] }
  | { readonly kind: "envelopes"; readonly entries: readonly (readonly [string, Uint8Array])[] }
  | { readonly kind: "end"; readonly digest: string | undefined; readonly bundles: Bundles };

type Entry = readonly [name: string, value: unknown];
type Bundles = Omit<PreparedBundles, "envelopes"> | undefined;
type NamespaceEntry = readonly [
  name: string,
  state: NamespaceStatus["state"],
  files: readonly number[],
];

const itemsMax = 50;

/** Takes a preparation apart; files go by their numbers in the table, which learns the new ones. */
export function* split(
  { bundles, compiled, namespaces, problems }: Preparation,
  table: FileTable,
): Generator<Piece, void> {
  if (compiled !== undefined) yield* splitForm(compiled);
  for (const some of slicesOf(problems)) yield { kind: "problems", problems: some };
  for (const some of slicesOf([...namespaces])) {
    const known = table.files.length;
    const entries = some.map(
      ([name, { files, state }]) => [name, state, files.map((file) => table.add(file))] as const,
    );
    for (const files of slicesOf(table.files.slice(known))) yield { kind: "files", files };
    yield { kind: "namespaces", entries };
  }
  yield* splitBundles(bundles, compiled?.digest);
}

function* splitBundles(
  bundles: PreparedBundles | undefined,
  digest: string | undefined,
): Generator<Piece, void> {
  if (bundles === undefined) return yield { kind: "end", digest, bundles };
  const { envelopes, ...rest } = bundles;
  for (const entries of slicesOf([...envelopes])) yield { kind: "envelopes", entries };
  yield { kind: "end", digest, bundles: rest };
}

function* splitForm({ form, layerDigests }: PreparedForm): Generator<Piece, void> {
  const { tenants, ...fields } = form;
  for (const [name, value] of Object.entries(fields)) {
    if (!Array.isArray(value)) yield { kind: "field", name, value };
    // An empty list is there as well.
    else if (value.length === 0) yield { kind: "items", name, items: [] };
    else for (const items of slicesOf<unknown>(value)) yield { kind: "items", name, items };
  }
  for (const entries of slicesOf(Object.entries(tenants))) yield { kind: "tenants", entries };
  for (const entries of slicesOf([...layerDigests])) yield { kind: "layers", entries };
}

function* slicesOf<Item>(items: readonly Item[]): Generator<readonly Item[], void> {
  for (let at = 0; at < items.length; at += itemsMax) yield items.slice(at, at + itemsMax);
}

/** Puts a preparation together again. */
export class Joiner {
  readonly #files: PolicyFile[];
  readonly #fields: Record<string, unknown> = {};
  readonly #lists = new Map<string, unknown[]>();
  readonly #tenants: Record<string, unknown> = {};
  readonly #layers = new Map<string, string>();
  readonly #problems: Problem[] = [];
  readonly #envelopes = new Map<string, Uint8Array>();
  readonly #namespaces = new Map<string, Pick<NamespaceStatus, "files" | "state">>();

  /** `files` are those that were sent, by their numbers. */
  constructor(files: readonly PolicyFile[]) {
    this.#files = [...files];
  }

  /** Takes the next piece; gives the whole with the last one. */
  take(piece: Piece): Preparation | undefined {
    switch (piece.kind) {
      case "field":
        this.#fields[piece.name] = piece.value;
        return undefined;
      case "items":
        this.#listOf(piece.name).push(...piece.items);
        return undefined;
      case "tenants":
        for (const [name, form] of piece.entries) this.#tenants[name] = form;
        return undefined;
      case "layers":
        for (const [name, digest] of piece.entries) this.#layers.set(name, digest);
        return undefined;
      case "problems":
        this.#problems.push(...piece.problems);
        return undefined;
      case "files":
        this.#files.push(...piece.files);
        return undefined;
      case "namespaces":
        for (const entry of piece.entries) this.#takeNamespace(entry);
        return undefined;
      case "envelopes":
        for (const [name, bytes] of piece.entries) this.#envelopes.set(name, bytes);
        return undefined;
      case "end":
        return this.#end(piece);
    }
  }

  #listOf(name: string): unknown[] {
    const list = this.#lists.get(name) ?? [];
    this.#lists.set(name, list);
    return list;
  }

  #takeNamespace([name, state, numbers]: NamespaceEntry): void {
    const files = numbers.flatMap((number) => this.#files[number] ?? []);
    this.#namespaces.set(name, { state, files });
  }

  #end({ bundles, digest }: Extract<Piece, { kind: "end" }>): Preparation {
    const namespaces = this.#namespaces;
    const common = {
      problems: this.#problems,
      namespaces,
      ...(bundles && { bundles: { ...bundles, envelopes: this.#envelopes } }),
    };
    if (digest === undefined) return { ...common, compiled: undefined };
    const form = {
      ...this.#fields,
      ...Object.fromEntries(this.#lists),
      tenants: this.#tenants,
      // Field by field it is what `split` was given.
    } as unknown as PreparedForm["form"];
    return { ...common, compiled: { form, digest, layerDigests: this.#layers } };
  }
}
