/**
 * Reads the files of one folder, as a port: paths are relative to it, with slashes. What cannot be
 * read for another reason than not being there is thrown.
 */
export interface LogFiles {
  /** The names in a folder, "" for the folder itself, in any order; none where it is missing. */
  list(folder: string): readonly string[];
  /**
   * Fills `into` with the bytes of a file from `offset` on and gives how many there were, 0 at its
   * end; fewer than fit only at its end. Undefined where there is no such file.
   */
  read(path: string, offset: number, into: Uint8Array): number | undefined;
}

/** Files that are read as a whole are no larger: seals, notes, tiles, what a log says of itself. */
const wholeBytesMax = 1024 * 1024;

/** A file that is larger than its kind ever is. */
export class FileTooLargeError extends Error {
  override readonly name = "FileTooLargeError";
}

/** All bytes of a small file, undefined where there is none. Throws `FileTooLargeError`. */
export function readWhole(files: LogFiles, path: string): Buffer | undefined {
  let bytes = Buffer.alloc(16 * 1024);
  let length = 0;
  for (;;) {
    const read = files.read(path, length, bytes.subarray(length));
    if (read === undefined) return undefined;
    length += read;
    if (length < bytes.length) return bytes.subarray(0, length);
    if (length > wholeBytesMax)
      throw new FileTooLargeError(`${path} has over ${wholeBytesMax} bytes`);
    bytes = Buffer.concat([bytes, Buffer.alloc(bytes.length)]);
  }
}

/** The text of a small file; undefined where there is none, or it is no UTF-8. */
export function readText(files: LogFiles, path: string): string | undefined {
  const bytes = readWhole(files, path);
  return bytes === undefined ? undefined : toText(bytes);
}

/** The text that bytes are in UTF-8, undefined where they are none. */
export function toText(bytes: Uint8Array): string | undefined {
  const text = Buffer.from(bytes).toString("utf8");
  return Buffer.from(text).equals(bytes) ? text : undefined;
}

/** The files of a folder below. */
export function filesBelow(files: LogFiles, folder: string): LogFiles {
  const pathOf = (path: string) => (path === "" ? folder : `${folder}/${path}`);
  return {
    list: (path) => files.list(pathOf(path)),
    read: (path, offset, into) => files.read(pathOf(path), offset, into),
  };
}
