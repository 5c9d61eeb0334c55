#!/usr/bin/env node
/**
 * Starts chancery on a Node that can run it: this one, else the one a clone has installed. Kept to
 * what older versions of Node understand, so that they can say what is missing.
 */
import { spawn } from "node:child_process";
import { existsSync, realpathSync } from "node:fs";
import { fileURLToPath } from "node:url";

const nodeMajorMin = 24;
const source = new URL("../src/main.ts", import.meta.url);
const built = new URL("../dist/main.js", import.meta.url);
const installed = fileURLToPath(new URL("../node_modules/node/bin/node", import.meta.url));

if (Number(process.versions.node.split(".")[0]) >= nodeMajorMin) {
  // A clone runs its sources, without a build; a published package carries none.
  void import(existsSync(source) ? source.href : built.href);
} else if (existsSync(installed) && realpathSync(installed) !== realpathSync(process.execPath)) {
  runWith(installed);
} else {
  console.error(
    `chancery: Node ${nodeMajorMin} or later is needed, this is ${process.versions.node}.\n` +
      "  In a clone, run `npm install` once: it brings the right one for `npx chancery` and the npm scripts.\n" +
      `  Elsewhere, install Node ${nodeMajorMin} and start chancery with it.`,
  );
  process.exitCode = 1;
}

/**
 * Runs this very file again on another Node and ends as it ends.
 *
 * @param {string} node
 */
function runWith(node) {
  const child = spawn(node, process.argv.slice(1), { stdio: "inherit" });
  const forward = (signal) => child.kill(signal);
  process.on("SIGTERM", forward);
  process.on("SIGHUP", forward);
  // A terminal sends its interrupt to both; a second one would cut the server's drain short.
  process.on("SIGINT", (signal) => {
    if (!process.stdin.isTTY) forward(signal);
  });
  child.on("error", (error) => {
    console.error(`chancery: cannot start ${node}: ${error.message}`);
    process.exitCode = 1;
  });
  child.on("exit", (code, signal) => {
    if (signal === null) {
      process.exit(code ?? 1);
    }
    for (const name of ["SIGTERM", "SIGHUP", "SIGINT"]) process.removeAllListeners(name);
    process.kill(process.pid, signal);
  });
}
