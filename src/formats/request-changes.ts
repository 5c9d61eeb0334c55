import type { Edit, ParamBound } from "../domain/index.ts";
import type { JsonDocument } from "./json-document.ts";
import { soleMember } from "./members.ts";
import { boundMember, type ParamValue } from "./param-bounds.ts";
import { removeItems } from "./remove-items.ts";
import { applySplices, type Splice } from "./splice.ts";
import type { TextIndex } from "./text-index.ts";

/** What is done to a request beside the edits of its texts; what is absent changes nothing. */
export interface RequestChanges {
  readonly edits: readonly Edit[];
  /** The model's name as its provider knows it. */
  readonly model?: string | undefined;
  /** By the names of `requestParams`. */
  readonly params?: Readonly<Record<string, ParamBound>> | undefined;
  /** Who answers; some of them want a parameter under another name. */
  readonly provider?: string | undefined;
  /** Whether the provider may keep what is said. */
  readonly store?: boolean | undefined;
  /** Indexes into `toolNames`. */
  readonly removedTools?: ReadonlySet<number> | undefined;
  /** Texts that come before all others, in this order. */
  readonly prepend?: readonly string[] | undefined;
}

/** A tool with the node that offers it. */
export interface OfferedNode {
  readonly name: string;
  readonly node: number;
}

/** Where a format has what `RequestChanges` speaks of. */
export interface RequestLayout {
  /** Fields of a parameter; undefined where the format has none. */
  fieldsOf(param: string): readonly string[] | undefined;
  /** The one of several fields that is added where none is there. */
  addedField(fields: readonly string[], provider: string | undefined): string;
  readonly tools: readonly OfferedNode[];
  /** Top-level lists of tools, and the members that mean something only beside one. */
  readonly toolLists: readonly string[];
  readonly besideTools: readonly string[];
  /** The top-level flag by which the provider keeps what is said, if there is one. */
  readonly storeMember: string | undefined;
  /** Puts a text before all others. */
  prepend(text: string): Splice;
  /** False for a request that asks for no answer of a model: what is absent stays so. */
  readonly mayAdd: boolean;
}

/** A scanned request with where it can be changed. */
export interface ChangeableRequest {
  readonly doc: JsonDocument;
  readonly texts: TextIndex<{ readonly text: string }>;
  readonly model: string | undefined;
  readonly modelNode: number | undefined;
  /** Undefined: nothing but texts and the model can be changed. */
  readonly layout: RequestLayout | undefined;
}

/**
 * The body with these changes; bytes they do not concern stay, and the very same buffer comes back
 * where there are none.
 * @throws Fault json_ambiguous where a member to be changed is there twice; obligation_impossible
 */
export function applyChanges(request: ChangeableRequest, changes: RequestChanges): Buffer {
  const { doc, texts, layout } = request;
  const splices: Splice[] = [];
  if (changes.model !== undefined) setModel(request, changes.model, splices);
  if (layout !== undefined) {
    setParams(doc, layout, changes, splices);
    setStore(doc, layout, changes.store, splices);
    splices.push(...removeTools(doc, layout, changes.removedTools));
    const { prepend } = changes;
    const isAsked = layout.mayAdd && prepend !== undefined && prepend.length > 0;
    if (isAsked) splices.push(layout.prepend(prepend.join("\n\n")));
  }
  const edits = texts.toSplices(doc.bytes, changes.edits);
  // A text inside of what goes or is replaced needs no edit of its own.
  const own = edits.filter((edit) => !splices.some((splice) => isWithin(edit, splice)));
  return applySplices(doc.bytes, [...splices, ...own]);
}

function isWithin(inner: Splice, outer: Splice): boolean {
  return outer.end > outer.start && inner.start >= outer.start && inner.end <= outer.end;
}

function setModel({ doc, model, modelNode }: ChangeableRequest, name: string, splices: Splice[]) {
  if (model !== name) setMember(doc, { node: modelNode, name: "model", value: name }, splices);
}

interface MemberValue {
  readonly node: number | undefined;
  readonly name: string;
  readonly value: ParamValue;
}

/** Replaces a top-level member, or adds it. */
function setMember(doc: JsonDocument, { node, name, value }: MemberValue, splices: Splice[]): void {
  const text = JSON.stringify(value);
  if (node !== undefined) {
    splices.push({ start: doc.start(node), end: doc.end(node), bytes: Buffer.from(text) });
    return;
  }
  // A request has at least `messages`, so a comma follows.
  const start = doc.start(0) + 1;
  splices.push({ start, end: start, bytes: Buffer.from(`${JSON.stringify(name)}:${text},`) });
}

function setParams(
  doc: JsonDocument,
  layout: RequestLayout,
  { params = {}, provider }: RequestChanges,
  splices: Splice[],
): void {
  for (const param of Object.keys(params)) {
    const bound = params[param];
    const fields = layout.fieldsOf(param);
    if (bound === undefined || fields === undefined) continue;
    const present = fields.flatMap((name) => {
      const node = soleMember(doc, 0, name);
      return node === undefined ? [] : [{ name, node }];
    });
    for (const { name, node } of present) {
      const value = boundMember(doc, node, bound);
      if (value !== undefined) setMember(doc, { node, name, value }, splices);
    }
    if (present.length > 0 || !layout.mayAdd) continue;
    const value = boundMember(doc, undefined, bound);
    const name = layout.addedField(fields, provider);
    if (value !== undefined) setMember(doc, { node: undefined, name, value }, splices);
  }
}

function setStore(
  doc: JsonDocument,
  { mayAdd, storeMember: name }: RequestLayout,
  store: boolean | undefined,
  splices: Splice[],
): void {
  if (store === undefined || name === undefined) return;
  const node = soleMember(doc, 0, name);
  // Nothing is kept unless a request says so.
  if (node === undefined && (store === false || !mayAdd)) return;
  const value = boundMember(doc, node, { value: store });
  if (value !== undefined) setMember(doc, { node, name, value }, splices);
}

function removeTools(
  doc: JsonDocument,
  layout: RequestLayout,
  removed: ReadonlySet<number> | undefined,
): readonly Splice[] {
  if (removed === undefined || removed.size === 0) return [];
  const gone = layout.tools.filter((_, index) => removed.has(index));
  const goneNodes = new Set(gone.map(({ node }) => node));
  const members: number[] = [];
  const splices: Splice[] = [];
  let isAnyLeft = false;
  for (const name of layout.toolLists) {
    const list = soleMember(doc, 0, name);
    if (list === undefined || !doc.isArray(list)) continue;
    const own = layout.tools.filter(({ node }) => node > list && node < doc.after(list));
    const leaving = own.filter(({ node }) => goneNodes.has(node));
    isAnyLeft ||= leaving.length < own.length;
    // An empty list is refused by some providers, so it goes with its last tool.
    if (leaving.length === own.length) members.push(list);
    else
      splices.push(
        ...removeItems(
          doc,
          leaving.map(({ node }) => rangeOf(doc, node)),
        ),
      );
  }
  for (const name of layout.besideTools) {
    const node = soleMember(doc, 0, name);
    if (node === undefined) continue;
    if (!isAnyLeft || namesAny(doc, node, gone)) members.push(node);
  }
  const ranges = members.map((node) => ({ start: doc.nameStart(node), end: doc.end(node) }));
  return [...splices, ...removeItems(doc, ranges)];
}

function rangeOf(doc: JsonDocument, node: number): { start: number; end: number } {
  return { start: doc.start(node), end: doc.end(node) };
}

/** True where a choice of tools names one that goes. */
function namesAny(doc: JsonDocument, node: number, gone: readonly OfferedNode[]): boolean {
  const names = new Set(gone.map(({ name }) => name));
  for (let below = doc.first(node); below < doc.after(node); below = doc.first(below)) {
    const text = doc.textIfString(below);
    if (text !== undefined && names.has(text)) return true;
  }
  return false;
}
