import { canonicalJson } from "../signing/index.ts";
import type { RecordPosition } from "./parts.ts";

/** One namespace of the policies; without digest where what was found of it is not in force. */
export interface RecordedLayer {
  readonly id: string;
  readonly version?: string | undefined;
  /** `sha256:` and hex. */
  readonly digest?: string | undefined;
}

/** Policies came into force, were refused or taken back; a kill switch moved (audit-and-operations 2.2). */
export interface PolicyRecord {
  readonly event: "activated" | "rejected" | "rolled_back" | "kill" | "unkill";
  /** Digest of all that serves from then on, or serves on. */
  readonly snapshot?: string | undefined;
  /** Those that the event is about; at most `recordedLayersMax`. */
  readonly layers?: readonly RecordedLayer[] | undefined;
  /** By full name. */
  readonly killSwitch?: { readonly name: string; readonly sequence: number } | undefined;
  /** Ids of the keys that signed the layers. */
  readonly signers?: readonly string[] | undefined;
  /** Who did it, as whoever did it says. */
  readonly actor?: string | undefined;
  readonly reason?: string | undefined;
  /** Where it was asked for. */
  readonly ticket?: string | undefined;
}

/** So many layers fit into a record of 16 KiB, however long their versions are. */
export const recordedLayersMax = 16;

/** What authors write is cut, by characters of at most three bytes in UTF-8. */
const nameCharactersMax = 128;
const reasonCharactersMax = 256;
const signersMax = 8;

/** The canonical line of a policy record, without its line feed. */
export function encodePolicy(
  record: PolicyRecord,
  { at, id, late, log, seq }: RecordPosition,
): string {
  const { actor, event, killSwitch, layers, reason, signers, snapshot, ticket } = record;
  const line = {
    ...{ at, event, id, kind: "policy", late, log, seq, snapshot, v: 1 },
    killSwitch: killSwitch && { ...killSwitch, name: bounded(killSwitch.name) },
    layers: orNothing(layers?.slice(0, recordedLayersMax).map(encodeLayer)),
    actor: said(actor),
    reason: said(reason, reasonCharactersMax),
    ticket: said(ticket),
    signers: orNothing(signers?.slice(0, signersMax).map((id) => bounded(id))),
  };
  return canonicalJson(withoutAbsent(line));
}

function encodeLayer({ digest, id, version }: RecordedLayer): object {
  const bounds = { digest, id: bounded(id), version: version && bounded(version) };
  return withoutAbsent(bounds);
}

function said(text: string | undefined, charactersMax?: number): string | undefined {
  return text === undefined || text === "" ? undefined : bounded(text, charactersMax);
}

/** Half a character would be none. */
function bounded(text: string, charactersMax = nameCharactersMax): string {
  const wellFormed = text.toWellFormed();
  if (wellFormed.length <= charactersMax) return wellFormed;
  return wellFormed.slice(0, charactersMax).replace(/[\ud800-\udbff]$/, "");
}

function orNothing<Item>(items: readonly Item[] | undefined): readonly Item[] | undefined {
  return items === undefined || items.length === 0 ? undefined : items;
}

function withoutAbsent(object: object): object {
  return Object.fromEntries(Object.entries(object).filter(([, value]) => value !== undefined));
}
