/** A call of a tool in an answer. */
export interface ToolCall {
  /** As on the wire; `<server>/<tool>` where the format names a server. */
  readonly name: string;
  /** The arguments as JSON; free text where the tool takes that. */
  readonly args: string;
}

/** What one event of a stream adds to a call; name and arguments join over its pieces. */
export interface ToolCallPiece {
  /** A call is over with the event whose `ends` has this key or a beginning of it. */
  readonly key: string;
  readonly name?: string | undefined;
  readonly args?: string | undefined;
}
