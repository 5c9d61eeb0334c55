import {
  closeSync,
  existsSync,
  fsyncSync,
  openSync,
  statSync,
  unlinkSync,
  writeSync,
} from "node:fs";
import { dirname, join } from "node:path";

/** Where the keys of tenants and months are. */
export function pseudonymFolder(stateDir: string): string {
  return join(stateDir, "keys", "pseudonyms");
}

/** The file name of a tenant's key for a month, which is a number such as 202611. */
export function monthKeyFile(tenant: string, month: number): string {
  return `${tenant}-${month}`;
}

/** Whether the key of a tenant and month is there. */
export function hasPseudonymKey(stateDir: string, tenant: string, month: number): boolean {
  return existsSync(join(pseudonymFolder(stateDir), monthKeyFile(tenant, month)));
}

/**
 * Destroys the key of a tenant and month: from then on nobody can tell whose pseudonyms of it are
 * (audit-and-operations 3). Its bytes are overwritten first, as far as the disk does what it is
 * told; processes that have it in memory drop it within a second. Throws what the disk says.
 */
export function erasePseudonymKey(stateDir: string, tenant: string, month: number): void {
  const path = join(pseudonymFolder(stateDir), monthKeyFile(tenant, month));
  const file = openSync(path, "r+");
  try {
    writeSync(file, Buffer.alloc(statSync(path).size), 0, undefined, 0);
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
  unlinkSync(path);
  const folder = openSync(dirname(path), "r");
  try {
    fsyncSync(folder);
  } finally {
    closeSync(folder);
  }
}
