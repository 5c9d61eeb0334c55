import protobuf from "protobufjs/minimal.js";
import type { ClassifierLabel, ClassifierQuestion } from "../detect/index.ts";

/*
 * The messages of proto/chancery/classifier/v1/classifier.proto, read and written by hand: they are
 * four, and nothing here is made at run time from a description. A test holds the two together.
 */

/** The method of the service. */
export const classifyPath = "/chancery.classifier.v1.Classifier/Classify";

/** Bits of a tag: the field's number, then how its value is written (Protocol Buffers, "Encoding"). */
const lengthDelimited = 2;
const tagOf = (field: number) => (field << 3) | lengthDelimited;
const fieldOf = (tag: number) => tag >>> 3;

/** A `ClassifyRequest`. */
export function encodeRequest({
  labels,
  texts,
}: Pick<ClassifierQuestion, "texts" | "labels">): Buffer {
  const writer = protobuf.Writer.create();
  for (const text of texts) writer.uint32(tagOf(1)).string(text);
  for (const label of labels) writer.uint32(tagOf(2)).string(label);
  return Buffer.from(writer.finish());
}

/** The labels of a `ClassifyResponse`. Throws on what is none. */
export function decodeResponse(bytes: Buffer): readonly ClassifierLabel[] {
  const labels: ClassifierLabel[] = [];
  readFields(protobuf.Reader.create(bytes), bytes.length, (field, reader) => {
    if (field !== 1) return false;
    labels.push(readLabel(reader));
    return true;
  });
  return labels;
}

function readLabel(reader: protobuf.Reader): ClassifierLabel {
  const label = { text: 0, label: "", confidence: 0 };
  let range: ClassifierLabel["range"];
  readFields(reader, reader.uint32() + reader.pos, (field) => {
    if (field === 1) label.text = reader.uint32();
    else if (field === 2) label.label = reader.string();
    else if (field === 3) label.confidence = reader.double();
    else if (field === 4) range = readRange(reader);
    else return false;
    return true;
  });
  return { ...label, range };
}

function readRange(reader: protobuf.Reader): NonNullable<ClassifierLabel["range"]> {
  const range = { start: 0, end: 0 };
  readFields(reader, reader.uint32() + reader.pos, (field) => {
    if (field === 1) range.start = reader.uint32();
    else if (field === 2) range.end = reader.uint32();
    else return false;
    return true;
  });
  return range;
}

/** Reads the fields up to an offset; those that `read` does not know are passed over. */
function readFields(
  reader: protobuf.Reader,
  end: number,
  read: (field: number, reader: protobuf.Reader) => boolean,
): void {
  if (end > reader.len) throw new Error("expected a message as long as it says");
  while (reader.pos < end) {
    const tag = reader.uint32();
    if (!read(fieldOf(tag), reader)) reader.skipType(tag & 7);
  }
  if (reader.pos !== end) throw new Error("expected a field to end with its message");
}
