import type { ToolCall } from "./model-replies.ts";

/** How the stand-in model server answers; what is absent is ordinary. */
export interface Script {
  /** What the model says. */
  readonly text?: string;
  readonly toolCalls?: readonly ToolCall[];
  /** Length of the pieces a stream is cut into; default 5. */
  readonly deltaChars?: number;
  /** Streamed or not, whatever the request asks. */
  readonly isStream?: boolean;

  /** Default 200; from 400 on the body is an error in the format's shape. */
  readonly status?: number;
  /** Added to the ordinary headers, or in their place. */
  readonly headers?: Readonly<Record<string, string>>;
  /** Sent after a chunked body. */
  readonly trailers?: Readonly<Record<string, string>>;
  readonly encoding?: "gzip" | "br" | "deflate" | "zstd";
  /** The body as it is, one piece a write, in place of what the format would say. */
  readonly raw?: readonly (string | Buffer)[];

  /** Waits before the headers. */
  readonly delayMs?: number;
  /** Waits between pieces. */
  readonly paceMs?: number;
  /** Awaited before each piece, so that a test decides when the next one leaves. */
  readonly beforePiece?: (index: number) => Promise<void> | void;
  /** Answers before the request's body has arrived; whole unless `isStream`. */
  readonly isEarly?: boolean;
  /** Cuts the connection after so many pieces. */
  readonly cutAfterPieces?: number;
}
