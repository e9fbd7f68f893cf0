import type { SipRequest } from '../message/index.ts';

/**
 * One thing a dialog is used for: a call, or one of several subscriptions (RFC 6665 §4.5.2 and RFC 5057).
 *
 * @example `{ key: 'subscription presence', accepts: (request) => request.get(event)?.package === 'presence' }`
 */
export interface Usage {
  /** Unique in its dialog: class, event package and id. */
  readonly key: string;
  /** Whether a request in the dialog is for this usage. */
  accepts(request: SipRequest): boolean;
}
