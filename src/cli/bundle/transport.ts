import { openBundle } from "../../bundle/index.ts";
import {
  type BundleSource,
  HttpArchive,
  OciArtifact,
  parseOciReference,
} from "../../sources/index.ts";
import { exitCodes } from "../exit-codes.ts";
import { UsageError } from "../usage-error.ts";
import { type BundleAction, required } from "./action.ts";
import { readBytes, readCredential, writeBytes } from "./files.ts";

const deadlineMs = 60_000;

/** Puts a bundle into a registry. */
export const push: BundleAction = {
  options: ["to", "credential"],
  async run({ credential, target, to }, io) {
    const reference = required(to, "--to REFERENCE");
    const archive = await readBytes(io, target);
    const { envelope, manifest } = openBundle(archive);
    if (envelope.signatures.length === 0) {
      const hint = "Sign it first with `chancery bundle sign`.";
      throw new UsageError(`${target} carries no signature, so no server would take it.`, hint);
    }
    const artifact = artifactAt(reference, await readCredential(io, credential));
    const digest = await artifact.push(archive);
    io.stdout.write(
      `${artifact.place}  ${digest}  ${manifest.namespace} ${manifest.version}, sequence ${manifest.sequence}\n`,
    );
    return exitCodes.done;
  },
};

/** Fetches a bundle from a registry or an address, unverified. */
export const pull: BundleAction = {
  options: ["out", "credential"],
  async run({ credential, out, target }, io) {
    const file = required(out, "--out FILE");
    const source = sourceAt(target, await readCredential(io, credential));
    const archive = (await source.poll()) ?? new Uint8Array();
    const { manifest } = openBundle(archive);
    await writeBytes(io, file, archive);
    io.stdout.write(
      `${file}  says it is ${manifest.namespace} ${manifest.version}, sequence ${manifest.sequence}; not verified yet\n`,
    );
    return exitCodes.done;
  },
};

function sourceAt(target: string, credential: string | undefined): BundleSource {
  const isAddress = /^https?:\/\//.test(target) && URL.canParse(target);
  return isAddress ? new HttpArchive(new URL(target), deadlineMs) : artifactAt(target, credential);
}

function artifactAt(text: string, credential: string | undefined): OciArtifact {
  const reference = parseOciReference(text);
  if (reference !== undefined) return new OciArtifact(reference, { credential, deadlineMs });
  throw new UsageError(
    `"${text}" is no reference to an artifact.`,
    "Write it as HOST/REPOSITORY:TAG, such as registry.example/policies/acme:stable.",
  );
}
