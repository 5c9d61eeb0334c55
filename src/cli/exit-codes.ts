/** What a command ends with (policy-model 12.1, audit-and-operations 4.9). */
export const exitCodes = {
  /** Done, and fine. */
  done: 0,
  /** Done, and the answer is no; each command says what that means. */
  failed: 1,
  /** The policies do not compile, so nothing was evaluated. */
  notCompiled: 2,
  /** The command line was not understood, or an input could not be read. */
  usage: 3,
} as const;
