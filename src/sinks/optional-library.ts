/** A sink asks for a library that is not installed. */
export class MissingLibraryError extends Error {
  override readonly name = "MissingLibraryError";
}

/**
 * A library that only some installations need, loaded when it is. Rejects with what to install where
 * it is not there.
 */
export async function loadLibrary<T>(
  { name, version }: { readonly name: string; readonly version: string },
  load: () => Promise<T>,
): Promise<T> {
  try {
    return await load();
  } catch (cause) {
    const code = cause instanceof Error && "code" in cause ? cause.code : undefined;
    if (code !== "ERR_MODULE_NOT_FOUND" && code !== "MODULE_NOT_FOUND") throw cause;
    const message = `a sink needs ${name}, which is not installed: npm install ${name}@${version}`;
    throw new MissingLibraryError(message, { cause });
  }
}
