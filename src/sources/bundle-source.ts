/** Where an archive is polled for; the one port that all remote sources have. */
export interface BundleSource {
  /** As problems and status name it; holds no credentials. */
  readonly place: string;
  /**
   * The archive, or undefined where it is the one that the call before gave. One call at a time;
   * throws `SourceError`.
   */
  poll(): Promise<Uint8Array | undefined>;
}
