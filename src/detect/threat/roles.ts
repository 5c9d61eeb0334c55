/** What a word may be about, as bits. */
export const roles = {
  /** To set aside: ignore, disregard, forget. */
  override: 1 << 0,
  /** What came before, or all of it. */
  scope: 1 << 1,
  /** Instructions, rules, prompts. */
  object: 1 << 2,
  /** To show, print or repeat. */
  reveal: 1 << 3,
  /** Hidden, initial, of the system. */
  hidden: 1 << 4,
  your: 1 << 5,
  /** A model or assistant. */
  ai: 1 << 6,
  /** The one who talks to it. */
  user: 1 << 7,
  /** Not, never, without. */
  never: 1 << 8,
  /** To tell or to mention. */
  tell: 1 << 9,
  /** To play somebody. */
  persona: 1 << 10,
  /** Without limits. */
  unlimited: 1 << 11,
  /** A limit: restrictions, filters, ethics. */
  limit: 1 << 12,
  /** To refuse, to warn, to apologise. */
  refuse: 1 << 13,
  /** To send, upload or forward. */
  send: 1 << 14,
  /** What is worth taking: passwords, the conversation. */
  data: 1 << 15,
  /** To run or to call. */
  call: 1 << 16,
  /** Tools, functions, commands. */
  tool: 1 << 17,
  /** New, real, from now on. */
  fresh: 1 << 18,
  /** Who claims a say: administrator, developer. */
  authority: 1 << 19,
  /** Talk about attacks and examples. */
  discuss: 1 << 20,
  /** Whoever reads or works on a text. */
  reading: 1 << 21,
} as const;

export type RoleName = keyof typeof roles;

/**
 * Words of one language by what they are about: single ones, those that begin so with `*` behind, and
 * several joined by `_`.
 */
export type LexiconWords = Readonly<Partial<Record<RoleName, string>>>;
