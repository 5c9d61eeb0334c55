import type { FoundLog } from "../../evidence/index.ts";
import { findVerifierKey } from "../../log/index.ts";
import {
  type KeyStatement,
  parseKeyStatement,
  parseNote,
  parseVerifierKey,
  renameVerifier,
} from "../../signing/index.ts";
import { defineCommand } from "../command.ts";
import { formatOption } from "../format-option.ts";
import { createPaint, type Paint } from "../paint.ts";
import { findLogPlace, type LogPlace, pathArgument, placeOptions } from "./find-logs.ts";
import { logExitCodes } from "./log-exit-codes.ts";
import { readInfo } from "./read-records.ts";
import { toJson } from "./to-json.ts";

/** A key that signs checkpoints. */
interface CheckpointKey {
  readonly verifier: string;
  /** The record that introduced it. */
  readonly from: number;
  /** The last size that still counts, once it is revoked. */
  readonly revoked: number | null;
}

/** What there is to hand out of one log; null: it has none. */
interface LogKeys {
  readonly log: string;
  readonly root: string | null;
  /** The root as anchors know it, under the name of the log. */
  readonly anchor: string | null;
  readonly keys: readonly CheckpointKey[];
}

/** Prints the verifier keys of logs. */
export const keys = defineCommand({
  name: "log keys",
  summary: "Print the verifier keys to hand out to auditors and witnesses",
  details: [
    "With a root key that one is to be trusted; the others follow from it. Without one each log has a key\nof its own, which is read from the state directory: a copy of the log does not have it.",
  ],
  positionals: { path: pathArgument },
  options: { ...placeOptions, format: formatOption },
  exitCodes: [
    [logExitCodes.done, "the keys are printed"],
    [logExitCodes.nothing, "a log has no key that could be told"],
    [logExitCodes.usage, "the command line was not understood, or something cannot be read"],
  ],
  examples: ["chancery log keys --state /var/lib/chancery", "chancery log keys state/log/0"],
  async run(input, io) {
    const place = await findLogPlace(io, input);
    const found = place.logs.map((log) => keysOf(log, place));
    io.stdout.write(
      input.format === "json" ? keysToJson(found) : renderKeys(found, createPaint(io)),
    );
    const isAll = found.every((log) => log.root !== null || log.keys.length > 0);
    return isAll ? logExitCodes.done : logExitCodes.nothing;
  },
});

function keysOf(log: FoundLog, { installation }: LogPlace): LogKeys {
  const { keys: notes, origin, root } = readInfo(log);
  const rootKey = root === undefined ? undefined : parseVerifierKey(root);
  if (rootKey !== undefined) {
    const anchor = renameVerifier(rootKey, origin).verifierKey;
    return { log: origin, root: rootKey.verifierKey, anchor, keys: introducedBy(notes) };
  }
  const own = installation && findVerifierKey(installation.stateDir, origin);
  const only = own === undefined ? [] : [{ verifier: own, from: 0, revoked: null }];
  return { log: origin, root: null, anchor: null, keys: only };
}

function introducedBy(notes: readonly string[]): readonly CheckpointKey[] {
  const statements = notes.flatMap((note) => parseKeyStatement(parseNote(note)?.text ?? "") ?? []);
  const revoked = (key: KeyStatement) =>
    statements.find(({ event, verifier }) => event === "revoke" && verifier === key.verifier);
  return statements
    .filter(({ event }) => event === "introduce")
    .map((key) => ({ verifier: key.verifier, from: key.at, revoked: revoked(key)?.at ?? null }));
}

/** Several logs share a document: keys tell by their names whose they are. */
function keysToJson(found: readonly LogKeys[]): string {
  return toJson({
    root: only(found.map(({ root }) => root)),
    anchor: only(found.map(({ anchor }) => anchor)),
    keys: found.flatMap((log) => log.keys),
    logs: found.map(({ anchor, log, root }) => ({ log, root, anchor })),
  });
}

/** What all have in common. */
function only(values: readonly (string | null)[]): string | null {
  const [first = null] = values;
  return values.every((value) => value === first) ? first : null;
}

function renderKeys(found: readonly LogKeys[], paint: Paint): string {
  return found.map((log) => renderLog(log, paint)).join("");
}

function renderLog({ anchor, keys: own, log, root }: LogKeys, paint: Paint): string {
  const lines = [
    ...(root === null ? [] : [`root    ${root}`]),
    ...(anchor === null ? [] : [`anchor  ${anchor}`]),
    ...own.map(({ from, revoked, verifier }) => {
      const end = revoked === null ? "" : paint("bad", `, revoked above ${revoked}`);
      return `key     ${verifier}  from record ${from}${end}`;
    }),
    ...(root === null && own.length === 0 ? ["its key is not in this place"] : []),
  ];
  return `${paint("strong", log)}\n${lines.map((line) => `  ${line}\n`).join("")}`;
}
