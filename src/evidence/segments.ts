import type { LogFiles } from "./log-files.ts";

/** A segment of a log, or its seal, by the `seq` of its first record. */
const segmentPattern = /^([0-9]{12})\.jsonl$/;

/** The first `seq` of each segment there is, in order. */
export function listSegments(files: LogFiles): readonly number[] {
  return listNumbers(files, "segments", segmentPattern);
}

/** The numbers in the names of a folder that fit a pattern, smallest first. */
export function listNumbers(files: LogFiles, folder: string, pattern: RegExp): readonly number[] {
  const numbers = files.list(folder).flatMap((name) => {
    const [, digits] = pattern.exec(name) ?? [];
    return digits === undefined ? [] : [Number(digits)];
  });
  return numbers.sort((one, other) => one - other);
}

/** The path of the segment whose first record has `seq`. */
export function segmentPath(seq: number): string {
  return `segments/${padSize(seq)}.jsonl`;
}

/** The path of its seal. */
export function sealPath(seq: number): string {
  return `segments/${padSize(seq)}.seal.json`;
}

function padSize(size: number): string {
  return String(size).padStart(12, "0");
}
