import assert from "node:assert/strict";
import { test } from "node:test";
import { callProblem, percentEncode, toTrailers } from "./grpc-status.ts";

test("a status message keeps printable ASCII and encodes the rest, the percent sign included", () => {
  assert.equal(percentEncode("plain ~text"), "plain ~text");
  assert.equal(percentEncode("100% é\n"), "100%25 %C3%A9%0A");
});

test("a status that is no success carries its code and message", () => {
  assert.deepEqual(toTrailers({ name: "UNAVAILABLE", message: "a b" }), {
    "grpc-status": "14",
    "grpc-message": "a b",
  });
});

const call = { ":method": "POST", "content-type": "application/grpc", te: "trailers" };

test("a call with what gRPC asks for is taken, with a subtype or parameters too", () => {
  for (const type of ["application/grpc", "application/grpc+proto", "application/grpc; a=b"]) {
    assert.equal(callProblem({ ...call, "content-type": type }), undefined, type);
  }
});

test("a call without what gRPC asks for is turned away", () => {
  assert.equal(callProblem({ ...call, ":method": "GET" })?.httpStatus, 405);
  for (const type of ["application/json", "application/grpc-web", "application/grpc+json", ""]) {
    assert.equal(callProblem({ ...call, "content-type": type })?.httpStatus, 415, type);
  }
  const { te: _, ...withoutTe } = call;
  assert.equal(callProblem(withoutTe)?.httpStatus, 400);
});
