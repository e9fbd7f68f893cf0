import type { HeaderEdit } from './edit.ts';
import type { SipRequest, SipResponse } from './message.ts';

/** What a request is made of. */
export interface RequestInit {
  readonly method: string;
  readonly uri: string;
  /** Made in their order; Max-Forwards: 70 is added unless among them. */
  readonly headers?: readonly HeaderEdit[] | undefined;
  readonly body?: Uint8Array | undefined;
  /** The body's Content-Type. */
  readonly contentType?: string | undefined;
}

/** What a response holds beyond what it copies from its request. */
export interface ResponseInit {
  /** The RFC's phrase unless given. */
  readonly reason?: string | undefined;
  /** Set on To unless the request has one there. */
  readonly toTag?: string | undefined;
  readonly headers?: readonly HeaderEdit[] | undefined;
  readonly body?: Uint8Array | undefined;
  /** The body's Content-Type. */
  readonly contentType?: string | undefined;
}

export function createRequest(init: RequestInit): SipRequest {
  throw new TypeError(`not yet ${init.method}`);
}

export function createResponse(request: SipRequest, status: number, init: ResponseInit = {}): SipResponse {
  throw new TypeError(`not yet ${request.method} ${status} ${init.reason}`);
}
