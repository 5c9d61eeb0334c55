import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { text } from "node:stream/consumers";
import { describe, test } from "node:test";
import {
  type LogInfo,
  proveConsistency,
  proveRecords,
  readLogInfo,
} from "../../src/evidence/index.ts";
import { digestOf, renameSigner } from "../../src/signing/index.ts";
import { goProgram } from "../support/go-program.ts";
import { LogBuilder, rootSigner } from "../support/log-builder.ts";
import { logVector } from "../support/log-vector.ts";

/** One thing to judge, as the program in `verify/` reads it. */
interface Check {
  readonly kind: "checkpoint" | "proof" | "consistency" | "tiles";
  readonly key: string;
  readonly note?: string;
  readonly proof?: string;
  readonly line?: string;
  readonly old?: string;
  readonly tiles?: Readonly<Record<string, string>>;
}

const log = new LogBuilder().open().exchanges(300, 50).seal().exchanges(40, 11).anchor();
const rootKey = renameSigner(rootSigner, log.origin).verifierKey;
const logKey = log.signer.verifierKey;
const sizes = [...log.checkpoints.keys()];
const info = readLogInfo(log.files) as LogInfo;
const sealedSize = 602;

const checkpoints: readonly Check[] = [
  { kind: "checkpoint", key: logVector.logKey, note: logVector.checkpoint },
  { kind: "checkpoint", key: logVector.logKey, note: logVector.anchored },
  { kind: "checkpoint", key: logVector.anchorKey, note: logVector.anchored },
  ...[...log.checkpoints.values()].map(
    (note): Check => ({ kind: "checkpoint", key: logKey, note }),
  ),
];

const proofs: readonly Check[] = [
  ...[0, 1, 2, 255, 256, 301, 601, 640].flatMap((seq) =>
    proveRecords(log.files, info, log.idOf(seq)).map(
      ({ proof = "", record }): Check => ({
        ...{ kind: "proof", key: rootKey, proof },
        line: record.toString("base64"),
      }),
    ),
  ),
  {
    ...{ kind: "proof", key: logVector.logKey, proof: logVector.proof },
    line: Buffer.from(logVector.records[2] ?? "").toString("base64"),
  },
];

const consistencies: readonly Check[] = sizes.slice(0, -1).flatMap((from, index) =>
  sizes.slice(index + 1).map(
    (to): Check => ({
      ...{ kind: "consistency", key: logKey, old: log.checkpoints.get(from) ?? "" },
      proof: proveConsistency(log.files, info, from, to) ?? "",
    }),
  ),
);

const tiles: Check = {
  kind: "tiles",
  key: logKey,
  note: log.checkpoints.get(sealedSize) ?? "",
  tiles: Object.fromEntries(
    [...log.files.files]
      .filter(([path]) => path.startsWith("tile/"))
      .map(([path, bytes]) => [path, bytes.toString("base64")]),
  ),
};

const good: readonly Check[] = [...checkpoints, ...proofs, ...consistencies, tiles];

/** The same, each with one character of it changed. */
const bad: readonly Check[] = [
  ...checkpoints.flatMap((check) => [
    { ...check, note: alter(check.note, 3) },
    { ...check, note: alter(check.note, (check.note ?? "").indexOf("\n— ")) },
    { ...check, key: rootSigner.verifierKey },
  ]),
  ...proofs.flatMap((check) => [
    { ...check, line: alter(check.line, 20) },
    { ...check, proof: (check.proof ?? "").replace(/^index (\d+)$/m, "index 9$1") },
    {
      ...check,
      proof: (check.proof ?? "").replace(/^(index \d+\n)(.)/m, (_, a, b) => a + swap(b)),
    },
  ]),
  ...consistencies.flatMap((check) => [
    { ...check, proof: (check.proof ?? "").replace(/^(old \d+\n)(.)/m, (_, a, b) => a + swap(b)) },
    { ...check, old: log.checkpoints.get(sizes.at(-1) ?? 0) ?? "" },
  ]),
  ...Object.entries(tiles.tiles ?? {}).map(([path, bytes]) => ({
    ...tiles,
    tiles: { ...tiles.tiles, [path]: alter(bytes, 5) },
  })),
];

function swap(character: string): string {
  return character === "A" ? "B" : "A";
}

function alter(given: string | undefined, place: number): string {
  const characters = [...(given ?? "")];
  const at = place < 0 ? characters.length + place - 1 : place;
  return characters.toSpliced(at, 1, swap(characters[at] ?? "")).join("");
}

/** What the other implementation says of each. */
async function judge(program: string, checks: readonly Check[]): Promise<readonly string[]> {
  const child = spawn(program, { stdio: ["pipe", "pipe", "inherit"] });
  child.stdin.end(JSON.stringify(checks));
  return (await text(child.stdout)).trimEnd().split("\n");
}

/** The digest of all checks as they were when the program judged them. */
const recorded = new URL("../vectors/judged-evidence.sha256", import.meta.url);

describe("an independent implementation of transparency logs", () => {
  test("accepts our checkpoints, proofs and tiles, and rejects altered ones", async () => {
    const program = await goProgram("test/interop/verify");
    const digest = `${digestOf({ good, bad })}\n`;
    if (program !== undefined) {
      const verdicts = await judge(program, [...good, ...bad]);
      assert.deepEqual(
        verdicts.filter((verdict, index) => (verdict === "good") !== index < good.length),
        [],
      );
      assert.equal(verdicts.length, good.length + bad.length);
      if (process.env["GOLDEN_UPDATE"] !== undefined) writeFileSync(recorded, digest);
    }
    // Without Go: what we give may not differ from what it judged where it was there.
    assert.equal(digest, readFileSync(recorded, "utf8"));
  });
});
