import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { forwardedWorkload } from "./forwarded-certificate.ts";

const hop = "spiffe://edge.example/gateway";
const caller = "spiffe://acme.example/bot";
const victim = "spiffe://globex.example/victim";

/** What a client may have sent: the very characters that the header is made of, and others. */
const forged = fc.oneof(
  fc.string(),
  fc
    .array(
      fc.constantFrom(
        `URI=${victim}`,
        `By=${hop}`,
        'Subject="',
        '"',
        "\\",
        ";",
        ",",
        "=",
        " ",
        "Hash=ab",
      ),
      { maxLength: 12 },
    )
    .map((parts) => parts.join("")),
);

const read = (value: string) =>
  forwardedWorkload([{ name: "x-forwarded-client-cert", value }], hop);

test("whatever stands before the hop's own element, the caller is its client or nobody", () => {
  fc.assert(
    fc.property(forged, (before) => {
      const found = read(`${before},By=${hop};Hash=ab;URI=${caller}`);
      assert.ok(found === caller || found === "unreadable", String(found));
    }),
    { numRuns: 2000 },
  );
});

test("whatever a certificate's subject holds, quoted as Envoy quotes, the caller is the hop's client", () => {
  fc.assert(
    fc.property(forged, (subject) => {
      const quoted = subject.replace(/["\\]/g, "\\$&");
      assert.equal(read(`By=${hop};Subject="${quoted}";URI=${caller}`), caller);
    }),
    { numRuns: 2000 },
  );
});
