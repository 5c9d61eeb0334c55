import { closeSync, openSync, renameSync, unlinkSync, writeSync } from "node:fs";
import { join } from "node:path";
import { csvHead, type FoundLog, toCsvRow, toOcsfEvent } from "../../../evidence/index.ts";
import type { ReadRecord, RecordReader } from "../../../record/index.ts";
import { packageVersion } from "../../version.ts";
import { walkLog } from "../read-records.ts";
import type { RecordFilter } from "../record-filter.ts";

/** Text is handed to the disk in pieces of about this many characters. */
const pieceUnits = 1024 * 1024;

/** A view of records: what a file of it is called, begins with, and has for a record. */
interface View {
  readonly file: string;
  readonly head: string;
  /** With its line break; undefined for a record that the view has nothing for. */
  line(record: () => ReadRecord, text: Buffer): string | undefined;
}

/** By the names of --as. */
export const views: Readonly<Record<string, View>> = {
  jsonl: { file: "records.jsonl", head: "", line: (_record, text) => `${text.toString()}\n` },
  csv: {
    file: "records.csv",
    head: `${csvHead}\r\n`,
    line: (record) => `${toCsvRow(record())}\r\n`,
  },
  ocsf: {
    file: "events.jsonl",
    head: "",
    line: (record) => {
      const event = toOcsfEvent(record(), packageVersion());
      return event && `${JSON.stringify(event)}\n`;
    },
  },
};

/** A view on the disk that nobody is given yet. */
export interface ViewDraft {
  readonly records: number;
  readonly from: string | undefined;
  readonly to: string | undefined;
  /** Puts it where it was asked for. */
  publish(): void;
  discard(): void;
}

/** Writes the records of logs that a filter picks, one log after the other, as a draft in a folder. */
export function draftView(
  view: View,
  logs: readonly FoundLog[],
  filter: RecordFilter,
  folder: string,
): ViewDraft {
  const path = join(folder, view.file);
  const draft = `${path}.draft`;
  const writer = new ViewWriter(view, openSync(draft, "w", 0o600));
  try {
    for (const log of logs) {
      walkLog(log, {
        record: (record, text) => {
          if (filter.matches(record)) writer.take(record, text);
        },
      });
    }
  } finally {
    writer.end();
  }
  const { from, records, to } = writer;
  return {
    ...{ from, records, to },
    publish: () => renameSync(draft, path),
    discard: () => unlinkSync(draft),
  };
}

/** Collects lines into pieces, and counts what it was given. */
class ViewWriter {
  records = 0;
  from: string | undefined;
  to: string | undefined;
  readonly #view: View;
  readonly #file: number;
  #text: string;

  constructor(view: View, file: number) {
    this.#view = view;
    this.#file = file;
    this.#text = view.head;
  }

  take(record: RecordReader, text: Buffer): void {
    const line = this.#view.line(() => record.toRecord(), text);
    if (line === undefined) return;
    const { at } = record;
    this.records += 1;
    if (this.from === undefined || at < this.from) this.from = at;
    if (this.to === undefined || at > this.to) this.to = at;
    this.#text += line;
    if (this.#text.length >= pieceUnits) this.#flush();
  }

  end(): void {
    this.#flush();
    closeSync(this.#file);
  }

  #flush(): void {
    const bytes = Buffer.from(this.#text);
    this.#text = "";
    for (let offset = 0; offset < bytes.length; ) {
      offset += writeSync(this.#file, bytes, offset);
    }
  }
}
