import { UsageError } from "../usage-error.ts";
import { boundedText } from "./record-reading.ts";

/** What is given as --reason. Throws `UsageError` where nothing is. */
export function requireReason(reason: string | undefined): string {
  return boundedText(required(reason, "--reason TEXT"), "--reason");
}

/** The name of a tenant, as policies may call one. Throws `UsageError` for anything else. */
export function requireName(name: string | undefined, flag: string): string {
  const given = required(name, flag);
  if (/^[A-Za-z0-9][A-Za-z0-9._-]{0,127}$/.test(given)) return given;
  throw new UsageError(`"${given}" is not the name of a tenant.`, "Write it as policies do.");
}

function required(value: string | undefined, flag: string): string {
  if (value !== undefined) return value;
  throw new UsageError(`This needs ${flag}.`, "Run it with --help to see what it takes.");
}
