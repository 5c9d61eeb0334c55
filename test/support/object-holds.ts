/** What the S3 API says of legal holds and deletes, for the strict store. */
import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import type { IncomingHttpHeaders } from "node:http";

/** A version that may be held. */
export interface HoldableObject {
  readonly key: string;
  readonly versionId: string;
  readonly retainUntil: Date;
  /** Undefined where nobody ever said. */
  legalHold: "ON" | "OFF" | undefined;
}

/** An answer with a body in XML, where it has one. */
export interface XmlAnswer {
  readonly status: number;
  readonly xml?: string;
}

/** An error as S3 writes it. */
export function s3Error(status: number, code: string, message = code): XmlAnswer {
  return { status, xml: `<Error><Code>${code}</Code><Message>${message}</Message></Error>` };
}

/** Answers `GET` and `PUT` of `?legal-hold`. */
export function answerLegalHold(
  method: string | undefined,
  object: HoldableObject | undefined,
  { body, headers }: { readonly body: Buffer; readonly headers: IncomingHttpHeaders },
): XmlAnswer {
  if (object === undefined) return s3Error(404, "NoSuchKey");
  if (method === "GET") {
    return object.legalHold === undefined
      ? s3Error(404, "NoSuchObjectLockConfiguration")
      : { status: 200, xml: legalHoldXml(object.legalHold) };
  }
  assert.equal(method, "PUT");
  const digest = checkDigest(body, headers);
  if (digest !== undefined) return digest;
  const [, status] =
    /^(?:<\?xml[^>]*\?>)?<LegalHold xmlns="http:\/\/s3\.amazonaws\.com\/doc\/2006-03-01\/"><Status>(ON|OFF)<\/Status><\/LegalHold>$/.exec(
      body.toString(),
    ) ?? [];
  if (status === undefined) return s3Error(400, "MalformedXML");
  object.legalHold = status as "ON" | "OFF";
  return { status: 200 };
}

/** A delete of one version; one of no version would leave a marker, which no test wants. */
export function refusalOfDelete(
  object: HoldableObject | undefined,
  nowMs: number,
): XmlAnswer | undefined {
  if (object === undefined) return s3Error(404, "NoSuchVersion");
  const isLocked = object.legalHold === "ON" || object.retainUntil.getTime() > nowMs;
  const message = "Access Denied because object protected by object lock.";
  return isLocked ? s3Error(403, "AccessDenied", message) : undefined;
}

function legalHoldXml(status: "ON" | "OFF"): string {
  return `<LegalHold xmlns="http://s3.amazonaws.com/doc/2006-03-01/"><Status>${status}</Status></LegalHold>`;
}

/** A change of a lock comes with a digest of its body. */
function checkDigest(body: Buffer, headers: IncomingHttpHeaders): XmlAnswer | undefined {
  const digests = [
    ["content-md5", "md5"],
    ["x-amz-checksum-sha256", "sha256"],
  ] as const;
  const given = digests.filter(([name]) => headers[name] !== undefined);
  if (given.length === 0) {
    return s3Error(400, "InvalidRequest", "Missing required header: Content-MD5");
  }
  const isGood = given.every(
    ([name, algorithm]) => createHash(algorithm).update(body).digest("base64") === headers[name],
  );
  return isGood ? undefined : s3Error(400, "BadDigest");
}
