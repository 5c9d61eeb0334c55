import { createHash } from "node:crypto";
import { toRecordTime } from "../../src/base/index.ts";
import {
  CompactRange,
  canonicalJson,
  createNoteSigner,
  formatCheckpoint,
  formatKeyStatement,
  leafHash,
  type NoteSigner,
  renameSigner,
  signNote,
  TileEdge,
  tilePath,
} from "../../src/signing/index.ts";
import { MemoryFiles } from "./memory-files.ts";

const startMicros = Date.UTC(2026, 10, 21, 8) * 1000;

/** The root that the built logs are to be trusted by. */
export const rootSigner = createNoteSigner("gov.acme.example/root", Buffer.alloc(32, 1));

interface Segment {
  readonly first: number;
  text: string;
}

/**
 * Writes a log in memory the way audit-and-operations 4 lays it down, step by step and without the
 * haste of the real writer, so that tests can also have it do what no writer does.
 */
export class LogBuilder {
  readonly origin: string;
  /** The notes of all checkpoints so far, by size. */
  readonly checkpoints = new Map<number, string>();
  /** The lines of all records so far. */
  readonly records: string[] = [];
  readonly #range = CompactRange.empty();
  readonly #edge: TileEdge;
  readonly #files = new MemoryFiles();
  readonly #root: NoteSigner | null;
  readonly #statements: string[] = [];
  readonly #counts = new Map<string, number>();
  #signer: NoteSigner;
  #segment: Segment = { first: 0, text: "" };
  #micros = startMicros;
  #previous: { size: number; root: string } | undefined;
  #keys = 0;
  #flushed = "";

  constructor(
    origin = "gov.acme.example/eu1/pod-7/0/5f0c2a91",
    root: NoteSigner | null = rootSigner,
  ) {
    this.origin = origin;
    this.#root = root;
    this.#signer = this.#newKey();
    this.#edge = new TileEdge(({ level, index }, bytes) =>
      this.#files.put(tilePath(level, index), bytes),
    );
    this.#writeInfo();
  }

  /** The files as they are now; what is changed in them stays changed. */
  get files(): MemoryFiles {
    this.#flush();
    return this.#files;
  }

  get size(): number {
    return this.#range.size;
  }

  get signer(): NoteSigner {
    return this.#signer;
  }

  /** Begins as a log does: with its key where a root introduces it, and `open`. */
  open(fields: object = { adopted: 0, cutBytes: 0, ended: "first" }): this {
    if (this.#root !== null && this.#keys === 1) this.introduce(this.#signer);
    return this.add("open", { ...fields, ...this.previous() });
  }

  previous(): { readonly previous?: object } {
    return this.#previous === undefined ? {} : { previous: this.#previous };
  }

  /** Has the root introduce a key, which signs from now on. */
  rotate(): this {
    this.#signer = this.#newKey();
    return this.introduce(this.#signer);
  }

  introduce(signer: NoteSigner): this {
    const { verifierKey: verifier } = signer;
    const note = this.#state({ event: "introduce", at: this.size, verifier });
    return this.add("key", { event: "introduced", note, verifier });
  }

  revoke(signer: NoteSigner, size: number): this {
    const { verifierKey: verifier } = signer;
    const note = this.#state({ event: "revoke", at: size, verifier });
    return this.add("key", { event: "revoked", note, size, verifier });
  }

  /** Adds a record `millis` after the last one. */
  add(kind: string, fields: object, millis = 1): this {
    this.#micros += millis * 1000;
    const seq = this.size;
    const id = this.idOf(seq);
    const at = toRecordTime(this.#micros);
    return this.addLine(canonicalJson({ ...fields, at, id, kind, log: this.origin, seq, v: 1 }));
  }

  /** Adds a record by its line, whatever it says. */
  addLine(line: string): this {
    this.#segment.text += `${line}\n`;
    this.records.push(line);
    this.#range.append(leafHash(Buffer.from(line)), this.#edge);
    const kind = /"kind":"([a-z]+)"/.exec(line)?.[1] ?? "";
    this.#counts.set(kind, (this.#counts.get(kind) ?? 0) + 1);
    return this;
  }

  /** Adds a decision and its closing for each number, committing every `each` records. */
  exchanges(count: number, each = 7): this {
    for (let index = 0; index < count; index += 1) {
      const exchange = this.idOf(this.size + 500_000);
      this.add("decision", { exchange, outcome: "permit", point: "request", verdict: "allow" });
      this.add("closing", { end: "complete", exchange, outcome: "permit", verdict: "allow" });
      if (index % each === each - 1) this.commit();
    }
    return this.commit();
  }

  beat(millis = 1000): this {
    const counts = Object.fromEntries(this.#counts);
    const fields = { counts, minimum: 0, oldestOpen: this.size, ...this.previous() };
    return this.add("beat", fields, millis);
  }

  close(): this {
    const counts = Object.fromEntries(this.#counts);
    return this.add("close", { counts, reason: "stopped", ...this.previous() }).commit();
  }

  /** Appends a checkpoint line and replaces `checkpoint`. */
  commit(signers: readonly NoteSigner[] = [this.#signer]): this {
    if (this.size === (this.#previous?.size ?? 0)) return this;
    const note = this.noteAt(signers);
    this.#segment.text += `${JSON.stringify({ checkpoint: note })}\n`;
    this.checkpoints.set(this.size, note);
    this.#previous = { size: this.size, root: this.#range.root().toString("base64") };
    this.#files.put("checkpoint", note);
    return this;
  }

  /** A checkpoint of what is there, by any signers. */
  noteAt(signers: readonly NoteSigner[]): string {
    const { origin, size } = this;
    return signNote(formatCheckpoint({ origin, size, root: this.#range.root() }), signers);
  }

  /** What an anchor holds: the checkpoint with the root's signature as well. */
  anchorNote(): string {
    const root = this.#root ?? this.#signer;
    return this.noteAt([this.#signer, renameSigner(root, this.origin)]);
  }

  /** Puts an anchor beside the log. */
  anchor(name = "file"): this {
    this.#files.put(`anchors/${name}/${pad(this.size)}.checkpoint`, this.anchorNote());
    return this;
  }

  /** Commits, writes tiles and seal, and begins the next segment with the next record. */
  seal(): this {
    this.commit();
    for (const [{ level, index, width }, bytes] of this.#edge.partials()) {
      this.#files.put(tilePath(level, index, width), bytes);
    }
    this.#flush();
    const { first, text } = this.#segment;
    const seal = {
      bytes: Buffer.byteLength(text),
      checkpoint: this.checkpoints.get(this.size),
      count: this.size - first,
      first,
      range: this.#range.hashes().map((hash) => hash.toString("base64")),
      retainUntil: "2027-12-26",
      sha256: createHash("sha256").update(text).digest("hex"),
    };
    this.#files.put(`segments/${pad(first)}.seal.json`, canonicalJson(seal));
    this.#segment = { first: this.size, text: "" };
    return this;
  }

  /** Lets go of the segments before a `seq` as pruning does. */
  prune(minimum: number): this {
    this.add("prune", { actor: "log", minimum, reason: "retention", segments: 1 });
    for (const path of [...this.files.files.keys()]) {
      const [, first] = /^segments\/([0-9]{12})\.jsonl$/.exec(path) ?? [];
      if (first !== undefined && Number(first) < minimum) this.#files.files.delete(path);
    }
    return this.commit();
  }

  /** The id that the record or exchange of this number gets. */
  idOf(number: number): string {
    const millis = Math.floor(startMicros / 1000) + number;
    const hex = millis.toString(16).padStart(12, "0");
    return `${hex.slice(0, 8)}-${hex.slice(8)}-7000-8000-${number.toString(16).padStart(12, "0")}`;
  }

  #newKey(): NoteSigner {
    this.#keys += 1;
    const seed = createHash("sha256").update(`${this.origin} ${this.#keys}`).digest();
    return createNoteSigner(this.origin, seed);
  }

  #state(what: { event: "introduce" | "revoke"; at: number; verifier: string }): string {
    const { origin } = this;
    const statement = formatKeyStatement({ origin, ...what });
    const note = signNote(statement, [this.#root ?? this.#signer]);
    this.#statements.push(note);
    this.#writeInfo();
    return note;
  }

  #writeInfo(): void {
    const keys = this.#statements.length > 0 && { keys: this.#statements };
    const root = this.#root && { root: this.#root.verifierKey };
    const created = toRecordTime(startMicros);
    const info = { created, format: 1, minimum: 0, origin: this.origin, ...root, ...keys };
    this.#files.put("log.json", canonicalJson(info));
  }

  #flush(): void {
    const { first, text } = this.#segment;
    if (text !== this.#flushed) this.#files.put(`segments/${pad(first)}.jsonl`, text);
    this.#flushed = text;
  }
}

function pad(size: number): string {
  return String(size).padStart(12, "0");
}
