import { schemaNames } from "../json-schema.ts";
import { Vocabulary } from "../json-vocabulary.ts";

/** Names this format reads or that its bodies are full of. */
export const anthropicMessagesVocabulary = new Vocabulary([
  ...schemaNames,
  ...["model", "messages", "stream", "system", "max_tokens", "temperature", "metadata", "user_id"],
  ...["tools", "tool_choice", "input_schema", "properties", "description", "required", "items"],
  ...["role", "content", "type", "text", "name", "id", "input", "tool_use_id", "is_error"],
  ...["cache_control", "ttl", "citations", "cited_text", "title", "context", "source", "data"],
  ...["media_type", "url", "file_id", "thinking", "signature", "encrypted_content"],
  ...["encrypted_stdout", "encrypted_index", "stdout", "stderr", "index", "delta"],
  ...["content_block", "partial_json", "citation", "message", "usage", "input_tokens"],
  ...["output_tokens", "cache_creation_input_tokens", "cache_read_input_tokens"],
  ...["stop_reason", "stop_sequence", "stop_details", "stop_sequences", "error", "request_id"],
]);
