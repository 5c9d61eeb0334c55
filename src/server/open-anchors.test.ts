import assert from "node:assert/strict";
import { test } from "node:test";
import { startLoopbackServer } from "../../test/support/loopback-server.ts";
import { createOwnTrust } from "../../test/support/own-trust.ts";
import { createWitnessKey } from "../../test/support/witness-key.ts";
import { openAnchors } from "./open-anchors.ts";
import { createSystemClock } from "./system-clock.ts";

test("a witness is believed by an authority of one's own, and asked with a certificate", async (t) => {
  const trust = await createOwnTrust(t);
  const paths: (string | undefined)[] = [];
  const { url } = await startLoopbackServer(
    t,
    (request, response) => {
      paths.push(request.url);
      response.writeHead(403).end();
    },
    trust.server,
  );
  const anchorOf = async (tls: typeof trust.tls | undefined) => {
    const key = createWitnessKey("witness.example/w1");
    const config = { name: "w1", kind: "witness", url: `${url}/w1/`, key, tls } as const;
    const settings = { anchors: [config], retentionDays: 400 };
    const [anchor] = await openAnchors(settings, createSystemClock());
    return anchor;
  };
  const request = {
    ...{ origin: "gov.acme.example/0/5f0c2a91", size: 1, heldSize: 0, note: "a note\n" },
    proofFrom: () => [],
  };
  const publish = async (tls: typeof trust.tls | undefined) =>
    (await anchorOf(tls))?.publish(request, AbortSignal.timeout(5_000));
  await assert.rejects(publish(undefined), { code: "SELF_SIGNED_CERT_IN_CHAIN" });
  await assert.rejects(publish(trust.tls), { name: "WitnessRefusal", status: 403 });
  assert.deepEqual(paths, ["/w1/add-checkpoint"]);
});
