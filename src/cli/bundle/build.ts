import { join, resolve } from "node:path";
import type { Problem } from "../../base/index.ts";
import { buildBundle, packBundle, runBundleTests } from "../../bundle/index.ts";
import {
  type CompiledPolicies,
  loadSnapshot,
  type PolicyFile,
  parsePolicies,
} from "../../policy/index.ts";
import { digestOf } from "../../signing/index.ts";
import { readGitFacts, readPolicyDirectory } from "../../sources/index.ts";
import { exitCodes } from "../exit-codes.ts";
import type { Io } from "../io.ts";
import { createPaint } from "../paint.ts";
import { plural, renderProblems } from "../problem-report.ts";
import { UsageError } from "../usage-error.ts";
import { packageVersion } from "../version.ts";
import { type BundleAction, required, wholeNumber } from "./action.ts";
import { writeBytes } from "./files.ts";

const dayMs = 86_400_000;
const daysDefault = 90;
const platform = "platform";

/** Puts one authority's documents into a bundle, if they compile and pass their tests. */
export const build: BundleAction = {
  options: ["namespace", "sequence", "version", "days", "out"],
  async run(input, io) {
    const namespace = required(input.namespace, "--namespace NAME");
    const version = required(input.version, "--version VERSION");
    const out = required(input.out, "--out FILE");
    const nowMs = Date.now();
    const days = input.days === undefined ? daysDefault : wholeNumber(input.days, "--days");
    const files = await readTree(io, input.target, namespace);
    const checked = check(files, namespace);
    if (checked.errors.length > 0) {
      io.stderr.write(renderProblems(checked.errors, createPaint(io), io.isTerminal));
      return checked.isTestFailure ? exitCodes.failed : exitCodes.notCompiled;
    }
    const own = files.filter((file) => file.namespace === namespace);
    const bundle = buildBundle(
      own.map(({ path, text }) => ({ path: path.slice(namespace.length + 1), text })),
      {
        namespace,
        version: semantic(version),
        sequence: sequenceOf(input.sequence, nowMs),
        createdAtMs: nowMs,
        expiresAtMs: nowMs + days * dayMs,
        git: (await readGitFacts(join(resolve(io.cwd, input.target), namespace))) ?? null,
        builder: `chancery ${packageVersion()}`,
        lint: checked.lint,
        tests: checked.tests,
      },
    );
    await writeBytes(io, out, packBundle(bundle));
    const { manifest } = bundle;
    const dirty = manifest.git?.dirty ? ", from a working tree with changes" : "";
    io.stdout.write(
      `${out}  ${namespace} ${manifest.version}, sequence ${manifest.sequence}, ${plural(own.length, "file")}${dirty}\n`,
    );
    if (checked.lint === null) {
      io.stderr.write(
        "chancery: there is no platform/ beside it, so what refers to the platform was not checked, and no test was run.\n",
      );
    }
    return exitCodes.done;
  },
};

async function readTree(
  io: Io,
  directory: string,
  namespace: string,
): Promise<readonly PolicyFile[]> {
  const { files, problems } = await readPolicyDirectory(resolve(io.cwd, directory));
  const wrong = problems.find(({ severity }) => severity === "error");
  if (wrong !== undefined) {
    throw new UsageError(`Cannot read ${directory}: ${wrong.message}.`, wrong.hint);
  }
  if (files.some((file) => file.namespace === namespace)) return files;
  throw new UsageError(
    `${directory} has no folder \`${namespace}\` with documents in it.`,
    "Name the folder above it, and the namespace with --namespace.",
  );
}

interface Checked {
  readonly errors: readonly Problem[];
  readonly isTestFailure: boolean;
  readonly lint: string | null;
  readonly tests: string | null;
}

/** What servers will hold against it, found out before anybody signs. */
function check(files: readonly PolicyFile[], namespace: string): Checked {
  if (!files.some((file) => file.namespace === platform)) return checkShape(files, namespace);
  const compiled = loadSnapshot(files, { engineVersion: packageVersion() });
  const problems = ofNamespaces(compiled, [platform, namespace]);
  const errors = problems.filter(isError);
  if (errors.length > 0) return { errors, isTestFailure: false, lint: null, tests: null };
  const failures = runBundleTests(compiled, namespace);
  return {
    errors: failures.filter(isError),
    isTestFailure: true,
    lint: digestOf(problems),
    tests: digestOf(failures),
  };
}

/** A tenant's owner may have nothing but the own documents; the server checks the rest. */
function checkShape(files: readonly PolicyFile[], namespace: string): Checked {
  const own = files.filter((file) => file.namespace === namespace);
  const errors = parsePolicies(own).problems.filter(isError);
  return { errors, isTestFailure: false, lint: null, tests: null };
}

function ofNamespaces({ problems }: CompiledPolicies, names: readonly string[]) {
  return problems.filter(({ namespace }) => namespace === undefined || names.includes(namespace));
}

function isError({ severity }: Problem): boolean {
  return severity === "error";
}

/** The time in seconds grows by itself, and nobody has to remember the last one. */
function sequenceOf(given: string | undefined, nowMs: number): number {
  return given === undefined ? Math.floor(nowMs / 1000) : wholeNumber(given, "--sequence");
}

function semantic(version: string): string {
  if (/^\d{1,9}\.\d{1,9}\.\d{1,9}(?:[-+][0-9A-Za-z.+-]{1,64})?$/.test(version)) return version;
  throw new UsageError(
    `--version takes a semantic version, found "${version}".`,
    "Write it as MAJOR.MINOR.PATCH, such as 1.4.0.",
  );
}
