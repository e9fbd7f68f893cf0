import {
  createResponse,
  type EndpointAction,
  type EndpointInput,
  type HeaderEdit,
  set,
} from '@sip-simple/sip-core';

/**
 * What went wrong.
 *
 * - `record`: a stored record can't be read: cut short, not ours, or of an unknown version.
 * - `refused`: a request breaks a rule of RFC 3428 or RFC 5365, or can't be served; `status` answers it.
 */
export type PageModeErrorCode = 'record' | 'refused';

/** What an error knows beyond its message. */
export interface PageModeErrorDetails {
  /** The section that was broken, e.g. `RFC 3428 §7`. */
  readonly rfc?: string | undefined;
  /** The status that answers the request with this fault. */
  readonly status?: number | undefined;
  /** The reason phrase that goes with the status, where it is not the usual one. */
  readonly reason?: string | undefined;
  /** Header fields that go with the status. */
  readonly headers?: readonly HeaderEdit[] | undefined;
  readonly cause?: unknown;
}

/** The error of this package; what is a peer's fault carries the SIP status to answer with. */
export class PageModeError extends Error {
  override readonly name: 'PageModeError' = 'PageModeError';
  readonly code: PageModeErrorCode;
  readonly rfc: string | undefined;
  readonly status: number | undefined;
  readonly reason: string | undefined;
  readonly headers: readonly HeaderEdit[];

  constructor(code: PageModeErrorCode, message: string, details: PageModeErrorDetails = {}) {
    super(
      details.rfc === undefined ? message : `${message} (${details.rfc})`,
      details.cause === undefined ? undefined : { cause: details.cause },
    );
    this.code = code;
    this.rfc = details.rfc;
    this.status = details.status;
    this.reason = details.reason;
    this.headers = details.headers ?? [];
  }
}

/** Makes the error of a request that is answered with `status` and `headers`. */
export function refused(
  status: number,
  message: string,
  rfc: string,
  ...headers: readonly HeaderEdit[]
): PageModeError {
  return new PageModeError('refused', message, { rfc, status, headers });
}

/** Makes the error of a request for which there is no room: with Retry-After. */
export function busy(status: number, message: string, rfc: string, retryAfterSeconds: number): PageModeError {
  return refused(status, message, rfc, set('Retry-After', String(retryAfterSeconds)));
}

/** A request that waits for its answer, as the endpoint's 'request' action brings it. */
export type Asked = Pick<Extract<EndpointAction, { type: 'request' }>, 'request' | 'transaction'>;
/** The answer to a request. */
export type Respond = Extract<EndpointInput, { type: 'respond' }>;

/**
 * Answers a request with what an error asks for, as errors of this package, of sip-core and of resource-lists do by
 * their `status`.
 * @throws the error itself when it has none: it is no fault of the peer's
 */
export function refusal({ request, transaction }: Asked, error: unknown, toTag: string): Respond {
  const status = error instanceof Error && 'status' in error ? error.status : undefined;
  if (typeof status !== 'number' || status < 300 || status > 699) throw error;
  const { headers, reason } = error instanceof PageModeError ? error : NOTHING;
  const response = createResponse(request, status, { toTag, headers, reason });
  return { type: 'respond', transaction, response };
}

const NOTHING: { readonly headers: readonly HeaderEdit[]; readonly reason: string | undefined } = {
  headers: [],
  reason: undefined,
};

/** The 2xx to a MESSAGE: no body, no Contact, no Expires (RFC 3428 §7). */
export function accepted({ request, transaction }: Asked, status: 200 | 202, toTag: string): Respond {
  return { type: 'respond', transaction, response: createResponse(request, status, { toTag }) };
}
