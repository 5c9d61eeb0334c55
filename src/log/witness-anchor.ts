import type { HttpClient } from "../base/index.ts";
import { parseNote } from "../signing/index.ts";
import type { Anchor, AnchorRequest } from "./anchor.ts";
import type { WitnessKey } from "./witness-key.ts";

/** A witness did not take a checkpoint. */
export class WitnessRefusal extends Error {
  override readonly name = "WitnessRefusal";
  /** The HTTP status; 403, 404 and 422 need a person. */
  readonly status: number;

  constructor(status: number, message: string) {
    super(message);
    this.status = status;
  }
}

/**
 * A witness over HTTP (C2SP tlog-witness `add-checkpoint`), which vouches that a log only grows. Its
 * cosignature is verified before it counts. `url`: the submission prefix.
 */
export function createWitnessAnchor(options: {
  readonly name: string;
  readonly url: string;
  readonly key: WitnessKey;
  readonly http: HttpClient;
}): Anchor {
  const { http, key, name } = options;
  const url = `${options.url.replace(/\/$/, "")}/add-checkpoint`;
  const post = (body: string, signal: AbortSignal) => http.post({ url, body }, signal);

  async function publish(request: AnchorRequest, signal: AbortSignal): Promise<string> {
    let answer = await post(bodyOf(request, request.heldSize), signal);
    if (answer.status === 409) {
      // It holds another size than we thought; tiles stay, so any will do.
      const held = parseSize(answer.text);
      if (held === undefined || held > request.size) {
        throw new WitnessRefusal(409, `expected the size it holds, at most ${request.size}`);
      }
      answer = await post(bodyOf(request, held), signal);
    }
    if (answer.status !== 200) {
      throw new WitnessRefusal(answer.status, `expected status 200, found ${answer.status}`);
    }
    const note = `${request.note}${answer.text}`;
    const signed = parseNote(note);
    if (signed === undefined || !key.hasSigned(signed)) {
      throw new WitnessRefusal(200, "expected a cosignature by its key");
    }
    return note;
  }

  return {
    name,
    publish,
    async sizeOf(note, signal) {
      const answer = await post(`old 0\n\n${note}`, signal);
      return answer.status === 409 ? parseSize(answer.text) : undefined;
    },
  };
}

function bodyOf({ note, proofFrom }: AnchorRequest, heldSize: number): string {
  const proof = proofFrom(heldSize);
  if (proof === undefined) {
    throw new WitnessRefusal(409, `no proof can be made from size ${heldSize}`);
  }
  const hashes = proof.map((hash) => `${Buffer.from(hash).toString("base64")}\n`);
  return `old ${heldSize}\n${hashes.join("")}\n${note}`;
}

function parseSize(text: string): number | undefined {
  const [, digits] = /^(0|[1-9][0-9]{0,15})\n?$/.exec(text) ?? [];
  return digits === undefined ? undefined : Number(digits);
}
