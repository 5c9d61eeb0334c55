import { canonicalJson, type KeyStatement } from "../../signing/index.ts";
import { CheckpointKeys } from "../checkpoint-keys.ts";
import { readCheckpoint } from "../checkpoint-line.ts";
import { LineReader } from "../line-reader.ts";
import { LogWalk, type Step } from "../log-walk.ts";
import { listSeals, readSeal, type Seal } from "../seal.ts";
import { listSegments, sealPath, segmentPath } from "../segments.ts";
import { AnchorCheck } from "./anchor-check.ts";
import type { LogCheck, LogReport } from "./log-report.ts";
import { type LogProblem, LogProblems } from "./problem.ts";
import { SealCheck, tellSeal } from "./seal-check.ts";
import { SignedExtent } from "./signed-extent.ts";
import { LogTally } from "./tally.ts";
import { TileCheck } from "./tile-check.ts";
import { appendFromTiles } from "./tile-leaves.ts";

/** Verifies one log (audit-and-operations 4.5). It reads each segment once, line by line. */
export function verifyLog(check: LogCheck): LogReport {
  return new LogVerification(check).run();
}

/** Kinds a log keeps of itself, of which more is checked than their line. */
const ownKinds = new Set(["key", "open", "beat", "close", "prune"]);

class LogVerification {
  readonly #check: LogCheck;
  readonly #problems = new LogProblems();
  readonly #tally = new LogTally();
  readonly #keys: CheckpointKeys;
  readonly #signed: SignedExtent;
  readonly #tiles: TileCheck;
  readonly #anchors: AnchorCheck;
  /** Key statements of `log.json` that no record was seen for. */
  #foretold: KeyStatement[] = [];
  #walk: LogWalk;
  /** Whether everything so far fits, so that what follows can be judged. */
  #isSound = true;
  /** Whether the tiles know every leaf up to here. */
  #hasTiles = true;
  #minimum = 0;
  #prunedTo = 0;

  constructor(check: LogCheck) {
    this.#check = check;
    const { info, trusted, files } = check;
    this.#keys = new CheckpointKeys(info.origin, trusted);
    this.#signed = new SignedExtent(this.#keys);
    this.#tiles = new TileCheck(files, this.#problems);
    this.#anchors = new AnchorCheck(info.origin, this.#keys, this.#problems);
    this.#walk = new LogWalk({ origin: info.origin, subtrees: this.#tiles.edge });
  }

  run(): LogReport {
    const segments = listSegments(this.#check.files);
    this.#minimum = segments[0] ?? 0;
    this.#readStatements();
    this.#readAnchors();
    for (const [index, first] of segments.entries()) {
      if (!this.#goTo(first, index === 0)) break;
      this.#readSegment(first, index === segments.length - 1);
      if (!this.#isSound) break;
    }
    return this.#finish();
  }

  /** Statements of records before the first one are needed at once, as are all revocations. */
  #readStatements(): void {
    for (const note of this.#check.info.keys) {
      const statement = this.#keys.read(note);
      if (statement === undefined) {
        const message = "expected key statements that a trusted root signed, found another";
        this.#problems.add("key_not_introduced", { file: "log.json", message });
      } else if (statement.event === "revoke") this.#keys.apply(statement);
      else this.#foretold.push(statement);
    }
  }

  #readAnchors(): void {
    const { files } = this.#check;
    this.#anchors.addOwn(files);
    for (const { name, text } of this.#check.anchors) {
      const checkpoint = readCheckpoint(text);
      if (checkpoint !== undefined) this.#anchors.add(name, checkpoint, true);
    }
    for (const first of listSeals(files).filter((seq) => seq < this.#minimum)) {
      const seal = readSeal(files, first);
      if (typeof seal === "object") this.#anchors.add(sealPath(first), seal.checkpoint, false);
      else tellSeal(this.#problems, first, "expected a seal in its one form, found another");
    }
    this.#anchors.start();
  }

  /** Makes the walk stand where a segment begins, over what is missing before it. */
  #goTo(first: number, isFirst: boolean): boolean {
    const { size } = this.#walk;
    if (first === size) return true;
    const file = segmentPath(first);
    if (first < size) {
      const message = `expected a segment from record ${size} on, found one from ${first} on`;
      this.#problems.add("segment_misplaced", { file, seq: first, message });
      this.#isSound = false;
      return false;
    }
    if (!isFirst) {
      const message = `expected a segment from record ${size} on, found none before ${first}`;
      this.#problems.add("segment_missing", { file: segmentPath(size), seq: size, message });
    }
    return this.#resumeAt(first);
  }

  /** Goes on at the seal that ends where a segment begins (audit-and-operations 4.5 step 2). */
  #resumeAt(first: number): boolean {
    const seal = this.#sealBefore(first);
    this.#hearForetold(first);
    if (seal === undefined || this.#signed.count(seal.checkpoint) !== undefined) {
      const file = seal === undefined ? segmentPath(first) : sealPath(seal.first);
      const message = `expected a signed seal that ends before record ${first}, found none`;
      this.#problems.add(seal === undefined ? "seal_missing" : "checkpoint_unsigned", {
        file,
        message,
      });
      this.#isSound = false;
      return false;
    }
    this.#bridge(seal);
    this.#walk = new LogWalk({
      origin: this.#check.info.origin,
      range: seal.range.fork(),
      checkpoint: seal.checkpoint,
      ...(this.#hasTiles && { subtrees: this.#tiles.edge }),
    });
    return true;
  }

  #sealBefore(first: number): Seal | undefined {
    const { files } = this.#check;
    const seq = listSeals(files).findLast((one) => one < first);
    const seal = seq === undefined ? undefined : readSeal(files, seq);
    return typeof seal === "object" && seal.first + seal.count === first ? seal : undefined;
  }

  /** Lets tiles stand for the records that are gone, as far as they are there. */
  #bridge({ checkpoint }: Seal): void {
    const { range } = this.#walk;
    const tree = { range, subtrees: this.#tiles.edge };
    this.#hasTiles &&= appendFromTiles(this.#check.files, checkpoint.size, tree, (size) => {
      if (size >= this.#anchors.nextSize) this.#anchors.check(size, () => range.root());
    });
    if (!this.#hasTiles) this.#anchors.skip(checkpoint.size);
    else if (!range.root().equals(checkpoint.root)) {
      const message = `expected the hashes of the first ${checkpoint.size} records, found others`;
      this.#problems.add("tile_differs", { file: "tile/0", message });
      this.#hasTiles = false;
    }
  }

  #readSegment(first: number, isLast: boolean): void {
    const seal = new SealCheck(this.#check.files, first, this.#problems);
    const { digest } = seal;
    const reader = new LineReader(this.#check.files, segmentPath(first), digest && { digest });
    let step: Step = "record";
    while (this.#isSound && reader.next()) {
      step = this.#walk.take(reader);
      if (step === "record") this.#takeRecord(reader);
      else if (step === "checkpoint") this.#takeCheckpoint(reader);
      else this.#takeMisfit(step, reader, isLast);
    }
    if (!this.#isSound) return;
    const checkpoint = step === "checkpoint" ? this.#walk.checkpoint : undefined;
    seal.finish({ bytes: reader.offset, checkpoint, isLast });
  }

  #takeRecord(reader: LineReader): void {
    const { record, size } = this.#walk;
    this.#tally.take(record);
    this.#check.join?.take(record, this.#check.info.origin);
    this.#check.visitor?.record(record);
    if (ownKinds.has(record.kind)) this.#takeOwnRecord(reader);
    if (size >= this.#anchors.nextSize) this.#anchors.check(size, () => this.#walk.range.root());
  }

  /** The records a log keeps of itself. */
  #takeOwnRecord(reader: LineReader): void {
    const { kind } = this.#walk.record;
    const json = this.#walk.record.json();
    if (kind === "key") this.#takeKey(json, reader);
    else if (kind === "prune" && typeof json["minimum"] === "number") {
      this.#prunedTo = json["minimum"];
    } else if (kind === "open" || kind === "beat" || kind === "close") {
      this.#checkPrevious(json["previous"], reader);
    }
  }

  #takeKey(json: Readonly<Record<string, unknown>>, reader: LineReader): void {
    const { seq } = this.#walk.record;
    const { event, note, size, verifier } = json;
    const statement = typeof note === "string" ? this.#keys.read(note) : undefined;
    const expected = event === "introduced" ? ["introduce", seq] : ["revoke", size];
    if (
      statement?.verifier !== verifier ||
      [statement?.event, statement?.at].join() !== expected.join()
    ) {
      this.#tell(
        "key_not_introduced",
        reader,
        "expected a statement of a trusted root that says so",
      );
      this.#isSound = false;
    } else if (statement !== undefined) {
      this.#keys.apply(statement);
      if (statement.event === "revoke") this.#signed.takeBack(statement);
    }
  }

  #checkPrevious(previous: unknown, reader: LineReader): void {
    const last = this.#walk.checkpoint;
    const expected = last && { root: toBase64(last.root), size: last.size };
    if (canonicalJson(previous ?? {}) === canonicalJson(expected ?? {})) return;
    const message = `expected the checkpoint of size ${last?.size ?? 0} as the previous one`;
    this.#tell("previous_differs", reader, message);
  }

  #takeCheckpoint(reader: LineReader): void {
    const { checkpoint } = this.#walk;
    const fault = checkpoint && this.#signed.count(checkpoint);
    if (fault !== undefined) this.#tell("checkpoint_unsigned", reader, fault);
    else if (this.#signed.doubtfulFrom === undefined) this.#check.visitor?.covered();
  }

  #takeMisfit(
    step: Exclude<Step, "record" | "checkpoint">,
    reader: LineReader,
    isLast: boolean,
  ): void {
    if (step === "line_torn" && isLast) {
      if (!this.#check.allowTail)
        this.#tell(step, reader, "expected a whole line, found part of one");
      return;
    }
    this.#isSound = false;
    this.#tell(step === "line_torn" ? "line_not_canonical" : step, reader, misfits[step]);
  }

  #tell(code: LogProblem["code"], reader: LineReader, message: string): void {
    const { size } = this.#walk;
    const isRecord = code === "key_not_introduced" || code === "previous_differs";
    const place = { file: reader.path, line: reader.number, seq: isRecord ? size - 1 : size };
    this.#problems.add(code, { ...place, message });
  }

  /** Keys introduced by records that are not there. */
  #hearForetold(size: number): void {
    for (const statement of this.#foretold) if (statement.at < size) this.#keys.apply(statement);
    this.#foretold = this.#foretold.filter(({ at }) => at >= size);
  }

  #finish(): LogReport {
    const { size, checkpoint } = this.#walk;
    if (this.#isSound) this.#checkEnds();
    const anchors = this.#anchors.finish(size, this.#isSound);
    const { info, path } = this.#check;
    const { doubtfulFrom: from, root, size: signed } = this.#signed;
    return {
      origin: info.origin,
      path,
      status: this.#problems.status,
      size,
      signed,
      root: root && toBase64(root),
      minimum: this.#minimum,
      from: this.#tally.from,
      to: this.#tally.to,
      kinds: Object.fromEntries(this.#tally.kinds),
      anchors,
      tail: size - signed,
      adopted: this.#tally.adopted,
      doubtful: from === undefined ? [] : [{ from, to: checkpoint?.size ?? from }],
      unclosed: this.#tally.unclosed(),
      gaps: this.#tally.gaps,
      problems: this.#problems.found,
    };
  }

  #checkEnds(): void {
    const { size } = this.#walk;
    if (this.#hasTiles) this.#tiles.finish(size);
    if (this.#minimum > this.#prunedTo) {
      const message = `expected records from ${this.#prunedTo} on, found them from ${this.#minimum} on`;
      this.#problems.add("start_missing", {
        file: segmentPath(this.#minimum),
        seq: this.#prunedTo,
        message,
      });
    }
    const { size: signed } = this.#signed;
    if (size > signed && !this.#check.allowTail) {
      const message = `expected a checkpoint over all ${size} records, found one over ${signed}`;
      this.#problems.add("tail_unsigned", { file: "segments", seq: signed, message });
    }
    // An anchor may be signed by a key whose introduction was cut off with the rest.
    this.#hearForetold(Number.POSITIVE_INFINITY);
  }
}

const misfits = {
  line_not_canonical: "expected a record or checkpoint in its one form, found another line",
  line_misplaced: "expected the next record of this log, found another",
  checkpoint_differs: "expected the size and root of the records before it, found others",
  line_torn: "expected a whole line, found part of one",
} as const;

function toBase64(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString("base64");
}
