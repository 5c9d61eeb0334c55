/**
 * Loaded before a server, gives it a bug that a signal sets off: an error that quotes, everywhere an
 * error can, the text in `CRASH_TEXT`.
 */
process.on("SIGUSR2", () => {
  const text = process.env["CRASH_TEXT"] ?? "";
  const cause = new SyntaxError(`Unexpected token in ${text}`);
  throw Object.assign(new TypeError(`cannot read\n${text}`, { cause }), { text, code: text });
});
