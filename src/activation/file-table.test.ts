import assert from "node:assert/strict";
import { test } from "node:test";
import { FileTable } from "./file-table.ts";

const file = { namespace: "acme", path: "acme/app.yaml", text: "a" };

test("equal files have one number, and what differs in anything has its own", () => {
  const table = new FileTable();
  const numbers = [
    file,
    { ...file },
    { ...file, text: "b" },
    { ...file, path: "acme/b.yaml" },
    { ...file, namespace: "b" },
  ].map((one) => table.add(one));
  assert.deepEqual(numbers, [0, 0, 1, 2, 3]);
  assert.equal(table.files.length, 4);
});

test("a file that was not added has no number", () => {
  const table = new FileTable();
  table.add(file);
  assert.equal(table.indexOf({ ...file }), 0);
  assert.equal(table.indexOf({ ...file, text: "b" }), undefined);
});
