import type { Place } from "../../domain/index.ts";
import type { JsonDocument } from "../json-document.ts";
import { schemaShape } from "../json-schema.ts";
import { lastText, soleText } from "../members.ts";
import {
  count,
  each,
  fixed,
  jsonText,
  media,
  mirror,
  opaque,
  type Shape,
  shaped,
  shapeOf,
  structure,
  text,
  typedShape,
} from "../shape.ts";

/** What is called, and with what. The name is that of a tool offered. */
const calledShape = shapeOf({ name: structure, arguments: jsonText });

const toolCallShape = shapeOf({
  id: opaque,
  type: structure,
  index: count,
  function: shaped(calledShape, { segment: "" }),
  custom: shaped(calledShape),
});

const contentPartShape = shapeOf({
  type: structure,
  image_url: shaped(shapeOf({ url: media, detail: structure })),
  input_audio: shaped(shapeOf({ data: media, format: structure })),
  file: shaped(shapeOf({ file_id: opaque, file_data: media, filename: text }), {
    place: "attachment",
  }),
});

const audioShape = shapeOf({ id: opaque, data: media, expires_at: count });

/** Reasoning as gateways hand it out: readable, encrypted, or readable under a signature. */
const reasoningMembers = {
  id: opaque,
  type: structure,
  index: count,
  data: opaque,
  signature: opaque,
} as const;
const unsignedReasoningShape = shapeOf(reasoningMembers);
const signedReasoningShape = shapeOf({ ...reasoningMembers, text: fixed, summary: fixed });
/** What is signed comes back as it was received, so neither side of an exchange edits it. */
const reasoningShape = shapeOf({}, { refine: refineReasoning });

const citationShape = shapeOf({ type: structure, start_index: count, end_index: count });
const annotationShape = shapeOf({
  type: structure,
  url_citation: shaped(citationShape),
});

const messageMembers = {
  role: structure,
  content: shaped(contentPartShape),
  tool_calls: shaped(toolCallShape, { place: "tool_args", segment: "tool" }),
  function_call: shaped(calledShape, { place: "tool_args" }),
  audio: shaped(audioShape),
  annotations: shaped(annotationShape, { segment: null }),
  reasoning_details: shaped(reasoningShape),
} as const;

const requestMessageShape = shapeOf(
  { ...messageMembers, tool_call_id: opaque },
  { placeOf: placeOfMessage },
);

/** A message of an answer, and what a chunk adds to it. */
export const answerMessageShape = shapeOf(messageMembers);

/** A function as it is offered, nested by kind or flat. */
const offeredShape = shapeOf({ name: structure, parameters: shaped(schemaShape) });
const toolShape = shapeOf({
  type: structure,
  name: structure,
  parameters: shaped(schemaShape),
  function: shaped(offeredShape),
  custom: shaped(
    shapeOf({
      name: structure,
      format: shaped(shapeOf({ type: structure, grammar: shaped(shapeOf({ syntax: structure })) })),
    }),
  ),
});
const choiceOfToolShape = shapeOf({
  type: structure,
  mode: structure,
  name: structure,
  function: shaped(calledShape),
  custom: shaped(calledShape),
});

const answerFormatShape = shapeOf({
  type: structure,
  json_schema: shaped(shapeOf({ name: structure, schema: shaped(schemaShape) })),
});

/** The body of a request. */
export const requestShape = shapeOf({
  model: opaque,
  messages: shaped(requestMessageShape),
  tools: shaped(toolShape),
  functions: shaped(offeredShape),
  tool_choice: shaped(choiceOfToolShape),
  function_call: shaped(calledShape),
  response_format: shaped(answerFormatShape),
  prediction: shaped(shapeOf({ type: structure, content: shaped(contentPartShape) })),
  audio: shaped(shapeOf({ format: structure })),
  ...each(["modalities", "service_tier", "prompt_cache_retention", "reasoning_effort"], structure),
  ...each(["verbosity"], structure),
  ...each(["max_tokens", "max_completion_tokens", "seed", "n", "top_logprobs"], count),
  ...each(["temperature", "top_p", "frequency_penalty", "presence_penalty", "top_k"], count),
  logit_bias: count,
});

/** Members of a choice that are not part of the message. */
export const choiceMembers = {
  index: count,
  finish_reason: structure,
  logprobs: mirror,
  token_ids: mirror,
} as const;

/** A whole answer or an error. */
export const answerShape = answerRootShape(
  shapeOf({ ...choiceMembers, message: shaped(answerMessageShape) }),
);

/** The top of an answer or of a chunk, whose choices have this shape. */
export function answerRootShape(choice: Shape): Shape {
  return shapeOf({
    id: opaque,
    object: structure,
    type: structure,
    created: count,
    model: opaque,
    system_fingerprint: opaque,
    service_tier: structure,
    obfuscation: opaque,
    usage: count,
    prompt_token_ids: count,
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
  return lastText(doc, detail, "signature") ? signedReasoningShape : unsignedReasoningShape;
}
