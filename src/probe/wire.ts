/**
 * The messages of the protocol as @grpc/proto-loader gives and takes them, with the field names of
 * the definitions in proto/. Written apart from the server's own types on purpose.
 */
interface WireHeader {
  readonly key?: string;
  readonly value?: string;
  readonly raw_value?: Buffer;
}

export interface WireHeaderMutation {
  readonly set_headers?: readonly {
    readonly header?: WireHeader;
    readonly append?: { readonly value?: boolean };
    readonly append_action?: number;
  }[];
  readonly remove_headers?: readonly string[];
}

export interface WireBodyMutation {
  readonly body?: Buffer;
  readonly clear_body?: boolean;
  readonly streamed_response?: { readonly body?: Buffer; readonly end_of_stream?: boolean };
}

export interface WireCommonResponse {
  /** CONTINUE is 0, CONTINUE_AND_REPLACE 1. */
  readonly status?: number;
  readonly header_mutation?: WireHeaderMutation;
  readonly body_mutation?: WireBodyMutation;
  readonly clear_route_cache?: boolean;
}

export interface WireImmediateResponse {
  readonly status?: { readonly code?: number };
  readonly headers?: WireHeaderMutation;
  readonly body?: Buffer;
  readonly details?: string;
}

/** Kinds of event, and of the answers to them: the members of both oneofs. */
export type WirePhase =
  | "request_headers"
  | "request_body"
  | "request_trailers"
  | "response_headers"
  | "response_body"
  | "response_trailers";

/** A ProcessingResponse; `response` names the member of the oneof that is set. */
export interface WireAnswer {
  readonly response?: WirePhase | "immediate_response" | "streamed_immediate_response";
  readonly request_headers?: { readonly response?: WireCommonResponse };
  readonly response_headers?: { readonly response?: WireCommonResponse };
  readonly request_body?: { readonly response?: WireCommonResponse };
  readonly response_body?: { readonly response?: WireCommonResponse };
  readonly request_trailers?: { readonly header_mutation?: WireHeaderMutation };
  readonly response_trailers?: { readonly header_mutation?: WireHeaderMutation };
  readonly immediate_response?: WireImmediateResponse;
  readonly override_message_timeout?: object;
}
