import { Type } from "typebox";
import { Value } from "typebox/value";
import { archiveBytesMax } from "../bundle/index.ts";
import { sha256Hex } from "../signing/index.ts";
import type { BundleSource } from "./bundle-source.ts";
import { callHttp, type HttpAnswer, type HttpCall, isCallable } from "./http-call.ts";
import { type OciReference, renderOciReference } from "./oci-reference.ts";
import { SourceError } from "./source-error.ts";

/** How a registry is called. */
export interface OciOptions {
  /** `NAME:PASSWORD`, for registries that ask for it (RFC 7617). */
  readonly credential?: string | undefined;
  /** For each call. */
  readonly deadlineMs: number;
}

const manifestMediaType = "application/vnd.oci.image.manifest.v1+json";
const artifactType = "application/vnd.chancery.bundle.v1";
const layerMediaType = "application/vnd.chancery.bundle.v1.tar+gzip";
const manifestBytesMax = 64 * 1024;

/** The descriptor of nothing (OCI image specification 1.1, "Guidance for an Empty Descriptor"). */
const emptyConfig = Buffer.from("{}");

const descriptor = Type.Object({
  mediaType: Type.String(),
  digest: Type.String({ pattern: "^sha256:[0-9a-f]{64}$" }),
  size: Type.Integer({ minimum: 0, maximum: archiveBytesMax }),
});
const artifactSchema = Type.Object({
  schemaVersion: Type.Literal(2),
  layers: Type.Array(descriptor, { minItems: 1, maxItems: 1 }),
});

/** A bundle in a registry (OCI distribution specification 1.1): one manifest with one layer. */
export class OciArtifact implements BundleSource {
  readonly place: string;
  readonly #reference: OciReference;
  readonly #options: OciOptions;
  readonly #base: string;
  /** Of the manifest that the last poll gave. */
  #digest: string | undefined;

  constructor(reference: OciReference, options: OciOptions) {
    this.place = renderOciReference(reference);
    this.#reference = reference;
    this.#options = options;
    const { registry, repository } = reference;
    // A registry on this machine has no certificate; every other has to have one.
    const plain = new URL(`http://${registry}/`);
    const scheme = isCallable(plain) ? "http" : "https";
    this.#base = `${scheme}://${registry}/v2/${repository}/`;
  }

  async poll(): Promise<Uint8Array | undefined> {
    const manifest = await this.#call(`manifests/${this.#reference.version}`, {
      headers: { accept: manifestMediaType },
      bytesMax: manifestBytesMax,
    });
    expectStatus(manifest, 200, this.place);
    const digest = digestOfBytes(manifest.body);
    // The tag may say anything; of a digest only what it names is taken.
    const { version } = this.#reference;
    if (version.startsWith("sha256:") && version !== digest) throw notAsNamed(this.place);
    if (digest === this.#digest) return undefined;
    const layer = readLayer(manifest.body, this.place);
    const blob = await this.#call(`blobs/${layer.digest}`, { bytesMax: layer.size });
    expectStatus(blob, 200, this.place);
    if (digestOfBytes(blob.body) !== layer.digest) throw notAsNamed(this.place);
    this.#digest = digest;
    return blob.body;
  }

  /** Stores an archive under the reference's tag and gives the digest of its manifest. */
  async push(archive: Uint8Array): Promise<string> {
    await this.#pushBlob(emptyConfig);
    await this.#pushBlob(archive);
    const manifest = Buffer.from(
      JSON.stringify({
        schemaVersion: 2,
        mediaType: manifestMediaType,
        artifactType,
        config: describeBlob("application/vnd.oci.empty.v1+json", emptyConfig),
        layers: [describeBlob(layerMediaType, archive)],
      }),
    );
    const answer = await this.#call(`manifests/${this.#reference.version}`, {
      method: "PUT",
      headers: { "content-type": manifestMediaType },
      body: manifest,
      bytesMax: manifestBytesMax,
    });
    expectStatus(answer, 201, this.place);
    return digestOfBytes(manifest);
  }

  async #pushBlob(blob: Uint8Array): Promise<void> {
    const digest = digestOfBytes(blob);
    const bytesMax = manifestBytesMax;
    const known = await this.#call(`blobs/${digest}`, { method: "HEAD", bytesMax });
    if (known.status === 200) return;
    const begun = await this.#call("blobs/uploads/", { method: "POST", bytesMax });
    expectStatus(begun, 202, this.place);
    const upload = new URL(begun.headers.get("location") ?? "", this.#base);
    // The registry says where; credentials and content stay with the registry.
    if (upload.origin !== new URL(this.#base).origin) throw notAsNamed(this.place);
    upload.searchParams.set("digest", digest);
    const headers = { "content-type": "application/octet-stream" };
    const done = await this.#call(upload.href, { method: "PUT", headers, body: blob, bytesMax });
    expectStatus(done, 201, this.place);
  }

  #call(path: string, call: Omit<HttpCall, "deadlineMs">): Promise<HttpAnswer> {
    const { credential, deadlineMs } = this.#options;
    const encoded = Buffer.from(credential ?? "").toString("base64");
    const authorization = credential === undefined ? {} : { authorization: `Basic ${encoded}` };
    const headers = { ...call.headers, ...authorization };
    return callHttp(new URL(path, this.#base), { ...call, headers, deadlineMs });
  }
}

function readLayer(bytes: Uint8Array, place: string): Type.Static<typeof descriptor> {
  let value: unknown;
  try {
    value = JSON.parse(Buffer.from(bytes).toString());
  } catch {
    // Told below, as anything else that is no manifest of ours.
  }
  const layer = Value.Check(artifactSchema, value) ? value.layers[0] : undefined;
  if (layer?.mediaType === layerMediaType) return layer;
  const hint = "Push it with `chancery bundle push`.";
  throw new SourceError(`${place} is no bundle`, hint);
}

function describeBlob(mediaType: string, blob: Uint8Array): object {
  return { mediaType, digest: digestOfBytes(blob), size: blob.byteLength };
}

function digestOfBytes(bytes: Uint8Array): string {
  return `sha256:${sha256Hex(bytes)}`;
}

function notAsNamed(place: string): SourceError {
  const hint = "Do not use this registry until you know who changed it.";
  return new SourceError(`the registry gives something else than ${place} names`, hint);
}

function expectStatus({ status }: HttpAnswer, wanted: number, place: string): void {
  if (status === wanted) return;
  if (status === 401 || status === 403) {
    const hint = "Give a credential that may do this, as NAME:PASSWORD in a file.";
    throw new SourceError(`${place}: the registry answers ${status}`, hint);
  }
  const hint = "Check the name and the tag, and push the bundle if it is not there.";
  throw new SourceError(`${place}: the registry answers ${status}`, hint);
}
