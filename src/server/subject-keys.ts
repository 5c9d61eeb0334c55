import { createHmac, createSecretKey, type KeyObject, randomBytes } from "node:crypto";
import { existsSync, mkdirSync } from "node:fs";
import { join } from "node:path";
import { DatabaseSync, type StatementSync } from "node:sqlite";
import { LRUCache } from "lru-cache";
import { type Clock, Fault } from "../base/index.ts";
import type { PseudonymKey, Pseudonymous } from "../identity/index.ts";
import { loadKey } from "./key-file.ts";

const keyBytes = 32;
/** Keys kept in memory: people who are active at once. */
const keptMax = 10_000;
/** How soon a key that was erased is forgotten. */
const lookMicros = 1_000_000;
/** How long to wait for another process that writes. */
const busyMs = 2_000;

/**
 * A key for each person, so that erasing one unlinks one (`audit.pseudonyms: perSubject`). They stand
 * in a table of the state directory that all processes share; a row is found by a keyed digest, so
 * that the table names nobody. Throws Fault audit_unavailable where the table cannot be used.
 */
export class SubjectKeys {
  readonly #table: SubjectTable;
  readonly #clock: Clock;
  readonly #kept = new LRUCache<string, PseudonymKey>({ max: keptMax });
  #lookedMicros: number;
  #version: number;

  constructor(stateDir: string, clock: Clock) {
    this.#clock = clock;
    this.#table = orUnavailable(() => new SubjectTable(stateDir));
    this.#version = this.#table.version();
    this.#lookedMicros = clock.monotonicMicros();
  }

  /** The key of a person; made where there is none. */
  of(subject: Pseudonymous): PseudonymKey {
    this.#forgetErased();
    const name = nameOf(subject);
    let key = this.#kept.get(name);
    if (key === undefined) {
      const secret = orUnavailable(() => this.#table.find(name) ?? this.#table.make(name));
      key = { number: undefined, secret: createSecretKey(secret) };
      this.#kept.set(name, key);
    }
    return key;
  }

  /** Lets go of the table. */
  close(): void {
    this.#table.close();
  }

  /** What another process changed in the table may have been an erasure. */
  #forgetErased(): void {
    const now = this.#clock.monotonicMicros();
    if (now - this.#lookedMicros < lookMicros) return;
    this.#lookedMicros = now;
    const version = orUnavailable(() => this.#table.version());
    if (version !== this.#version) this.#kept.clear();
    this.#version = version;
  }
}

/** Whether a person has a key; without one there is nothing to erase. Throws what the disk says. */
export function hasSubjectKey(stateDir: string, subject: Pseudonymous): boolean {
  if (!existsSync(tablePath(stateDir))) return false;
  const table = new SubjectTable(stateDir);
  try {
    return table.find(nameOf(subject)) !== undefined;
  } finally {
    table.close();
  }
}

/** Destroys the key of a person, if there is one; gives whether there was. Throws what the disk says. */
export function eraseSubjectKey(stateDir: string, subject: Pseudonymous): boolean {
  const table = new SubjectTable(stateDir);
  try {
    return table.erase(nameOf(subject));
  } finally {
    table.close();
  }
}

/** The table, by digests of names under a key that lies beside it. */
class SubjectTable {
  readonly #database: DatabaseSync;
  readonly #digestKey: KeyObject;
  readonly #select: StatementSync;
  readonly #insert: StatementSync;

  constructor(stateDir: string) {
    const folder = join(stateDir, "keys");
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    this.#digestKey = createSecretKey(loadKey(folder, "subjects.key", keyBytes));
    this.#database = new DatabaseSync(tablePath(stateDir), { timeout: busyMs });
    // What a row held is overwritten with it; a power cut may lose the newest keys, never mix them up.
    this.#database.exec(
      "PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL; PRAGMA secure_delete = ON;" +
        "CREATE TABLE IF NOT EXISTS keys (subject BLOB PRIMARY KEY, secret BLOB NOT NULL) WITHOUT ROWID",
    );
    this.#select = this.#database.prepare("SELECT secret FROM keys WHERE subject = ?");
    this.#insert = this.#database.prepare("INSERT OR IGNORE INTO keys VALUES (?, ?)");
  }

  find(name: string): Uint8Array | undefined {
    const secret = this.#select.get(this.#digestOf(name))?.["secret"];
    return secret instanceof Uint8Array ? secret : undefined;
  }

  /** Another process may have been faster: the one that stands in the table counts. */
  make(name: string): Uint8Array {
    this.#insert.run(this.#digestOf(name), randomBytes(keyBytes));
    const made = this.find(name);
    if (made === undefined) throw new Error("expected a key that was just made");
    return made;
  }

  erase(name: string): boolean {
    const { changes } = this.#database
      .prepare("DELETE FROM keys WHERE subject = ?")
      .run(this.#digestOf(name));
    // What is left of it in the journal goes as well.
    this.#database.exec("PRAGMA wal_checkpoint(TRUNCATE)");
    return changes > 0;
  }

  /** Changes when another process writes (SQLite, PRAGMA data_version). */
  version(): number {
    return Number(this.#database.prepare("PRAGMA data_version").get()?.["data_version"]);
  }

  close(): void {
    this.#database.close();
  }

  #digestOf(name: string): Uint8Array {
    return createHmac("sha256", this.#digestKey).update(name).digest();
  }
}

function tablePath(stateDir: string): string {
  return join(stateDir, "keys", "subjects.sqlite");
}

function nameOf({ issuer = "", subject, tenant }: Pseudonymous): string {
  return `${tenant}\0${issuer}\0${subject}`;
}

function orUnavailable<T>(use: () => T): T {
  try {
    return use();
  } catch (cause) {
    throw new Fault("audit_unavailable", "expected to use the table of pseudonym keys", { cause });
  }
}
