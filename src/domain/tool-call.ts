/** Texts of one body or event that belong together: indexes from `first` to before `after`. */
export interface TextRange {
  readonly first: number;
  readonly after: number;
}

/** A call of a tool in an answer. */
export interface ToolCall {
  /** As on the wire; `<server>/<tool>` where the format names a server. */
  readonly name: string;
  /** The arguments as JSON; free text where the tool takes that. */
  readonly args: string;
  /** The texts of its arguments, among those of the body. */
  readonly texts: TextRange;
}

/** What one event of a stream adds to a call; name and arguments join over its pieces. */
export interface ToolCallPiece {
  /** A call is over with the event whose `ends` has this key or a beginning of it. */
  readonly key: string;
  readonly name?: string | undefined;
  readonly args?: string | undefined;
  /** The texts of its arguments, among the pieces of the event. */
  readonly texts: TextRange;
}

/** What a tool gave back, as a request tells the model. */
export interface ToolResult {
  /** Of the call it answers, as on the wire; undefined where the request holds no such call. */
  readonly name: string | undefined;
  /** Its texts, among those of the body. */
  readonly texts: TextRange;
}
