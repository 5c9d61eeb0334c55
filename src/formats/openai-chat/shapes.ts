import type { Place } from "../../domain/index.ts";
import type { JsonDocument } from "../json-document.ts";
import { lastText, soleText } from "../members.ts";
import {
  alone,
  media,
  mirror,
  type Shape,
  shaped,
  shapeOf,
  structure,
  typedShape,
} from "../shape.ts";

/** A function or custom tool with what it is called with; its name comes whole in a stream. */
const calledShape = shapeOf({ name: alone });

const toolCallShape = shapeOf({
  id: structure,
  type: structure,
  function: shaped(calledShape, { segment: "" }),
  custom: shaped(calledShape),
});

const contentPartShape = shapeOf({
  type: structure,
  image_url: shaped(shapeOf({ url: media })),
  input_audio: shaped(shapeOf({ data: media })),
  file: shaped(shapeOf({ file_id: structure, file_data: media, filename: { kind: "text" } }), {
    place: "attachment",
  }),
});

const audioShape = shapeOf({ id: structure, data: media });

/** Reasoning as gateways hand it out: readable, encrypted, or readable under a signature. */
const reasoningMembers = {
  id: structure,
  type: structure,
  data: structure,
  signature: structure,
};
const reasoningShape = shapeOf(reasoningMembers);
const signedReasoningShape = shapeOf({ ...reasoningMembers, text: structure, summary: structure });
/** Sent back, signed reasoning must be as it was received. */
const returnedReasoningShape = shapeOf({}, { refine: refineReasoning });

const messageMembers = {
  role: structure,
  content: shaped(contentPartShape),
  tool_calls: shaped(toolCallShape, { place: "tool_args", segment: "tool" }),
  function_call: shaped(calledShape, { place: "tool_args" }),
  audio: shaped(audioShape),
  annotations: alone,
} as const;

const requestMessageShape = shapeOf(
  {
    ...messageMembers,
    tool_call_id: structure,
    reasoning_details: shaped(returnedReasoningShape),
  },
  { placeOf: placeOfMessage },
);

/** A message of an answer, and what a chunk adds to it. */
export const answerMessageShape = shapeOf({
  ...messageMembers,
  reasoning_details: shaped(reasoningShape),
});

/** The body of a request. */
export const requestShape = shapeOf({
  model: structure,
  messages: shaped(requestMessageShape),
  tools: shaped(typedShape),
  tool_choice: shaped(typedShape),
  response_format: shaped(typedShape),
  prediction: shaped(shapeOf({ type: structure, content: shaped(contentPartShape) })),
});

/** Members of a choice that are not part of the message. */
export const choiceMembers = {
  finish_reason: structure,
  logprobs: mirror,
  token_ids: mirror,
};

/** A whole answer or an error. */
export const answerShape = answerRootShape(
  shapeOf({ ...choiceMembers, message: shaped(answerMessageShape) }),
);

/** The top of an answer or of a chunk, whose choices have this shape. */
export function answerRootShape(choice: Shape): Shape {
  return shapeOf({
    id: structure,
    object: structure,
    model: structure,
    obfuscation: structure,
    choices: shaped(choice),
    error: shaped(typedShape),
  });
}

function placeOfMessage(doc: JsonDocument, message: number): Place {
  switch (soleText(doc, message, "role")) {
    case "system":
    case "developer":
      return "system";
    case "tool":
    case "function":
      return "tool_result";
    default:
      return "prompt";
  }
}

function refineReasoning(doc: JsonDocument, detail: number): Shape {
  return lastText(doc, detail, "signature") ? signedReasoningShape : reasoningShape;
}
