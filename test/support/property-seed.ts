import fc from "fast-check";

/**
 * Loaded before each test file: property tests draw the same cases in every run, so a commit that was
 * green stays green. `npm run fuzz` draws others, and prints the seed of a case that fails.
 */
if (process.env["FUZZ"] !== "1") fc.configureGlobal({ seed: 20261121 });
