/** What the commands about logs end with (audit-and-operations 4.9). */
export const logExitCodes = {
  done: 0,
  /** Done, and the answer is no; each command says what that means. */
  failed: 1,
  /** Nothing was found, or the log is incomplete. */
  nothing: 2,
  /** The command line was not understood, or something could not be read or recorded. */
  usage: 3,
  /** `verify` alone: shorter than an anchor. */
  truncated: 4,
} as const;
