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
 * - `refused`: a request breaks a rule of RFC 6665 or RFC 3903, or can't be served; `status` answers it.
 */
export type EventsErrorCode = 'record' | 'refused';

/** What an error knows beyond its message. */
export interface EventsErrorDetails {
  /** The section that was broken, e.g. `RFC 3903 §6`. */
  readonly rfc?: string | undefined;
  /** The status that answers the request with this fault. */
  readonly status?: number | undefined;
  /** Header fields that go with the status. */
  readonly headers?: readonly HeaderEdit[] | undefined;
  readonly cause?: unknown;
}

/** The error of this package; what is a peer's fault carries the SIP status to answer with. */
export class EventsError extends Error {
  override readonly name: 'EventsError' = 'EventsError';
  readonly code: EventsErrorCode;
  readonly rfc: string | undefined;
  readonly status: number | undefined;
  readonly headers: readonly HeaderEdit[];

  constructor(code: EventsErrorCode, message: string, details: EventsErrorDetails = {}) {
    super(
      details.rfc === undefined ? message : `${message} (${details.rfc})`,
      details.cause === undefined ? undefined : { cause: details.cause },
    );
    this.code = code;
    this.rfc = details.rfc;
    this.status = details.status;
    this.headers = details.headers ?? [];
  }
}

/** Makes the error of a request that is answered with `status` and `headers`. */
export function refused(
  status: number,
  message: string,
  rfc: string,
  ...headers: readonly HeaderEdit[]
): EventsError {
  return new EventsError('refused', message, { rfc, status, headers });
}

/** Makes the error of a request for which there is no room: 503 with Retry-After. */
export function busy(message: string, rfc: string, retryAfterSeconds: number): EventsError {
  return refused(503, message, rfc, set('Retry-After', String(retryAfterSeconds)));
}

/**
 * Answers a request with what an error asks for, as errors of this package, of sip-core and of event packages do
 * by their `status`.
 * @throws the error itself when it has none: it is no fault of the peer's
 */
export function refusal(
  { request, transaction }: Pick<Extract<EndpointAction, { type: 'request' }>, 'request' | 'transaction'>,
  error: unknown,
  toTag: string,
): Extract<EndpointInput, { type: 'respond' }> {
  const status = error instanceof Error && 'status' in error ? error.status : undefined;
  if (typeof status !== 'number' || status < 300 || status > 699) throw error;
  const headers = error instanceof EventsError ? error.headers : [];
  return { type: 'respond', transaction, response: createResponse(request, status, { toTag, headers }) };
}
