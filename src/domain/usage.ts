/** What the provider says an exchange took, from its answer. */
export interface Usage {
  readonly in?: number;
  readonly out?: number;
}
