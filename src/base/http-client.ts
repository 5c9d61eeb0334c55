/** What is sent to a receiver. */
export interface HttpPost {
  readonly url: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body: string;
}

/** What a receiver said, whole. */
export interface HttpAnswer {
  readonly status: number;
  /** The header of that name (RFC 9110, section 10.2.3). */
  readonly retryAfter: string | undefined;
  readonly text: string;
}

/** HTTP as a port, for those who send something and read a few lines back. */
export interface HttpClient {
  /**
   * Posts once. A redirect is an answer like any other and not followed. Rejects where there is no
   * whole answer by the time the signal says so, or it is longer than anything such a receiver says.
   */
  post(request: HttpPost, signal: AbortSignal): Promise<HttpAnswer>;
}
