import type { SipResponse } from '../message/index.ts';
import { bestOf } from './best.ts';
import type { Context } from './context.ts';
import type { RecordRoute } from './record-route.ts';

/**
 * What a request is answered when all its branches have ended without a 2xx: with a response that came, or with a status
 * of this proxy's own. Nothing when it is not an INVITE and nobody answered it, as it is never answered 408 (RFC 4320 §4.2).
 *
 * @see RFC 3261 §16.7 step 6
 */
export function finalAnswer(
  context: Context,
):
  | { readonly response: SipResponse; readonly recordRoute: RecordRoute | undefined }
  | { readonly status: number }
  | undefined {
  const { isInvite, isCancelled, received } = context;
  const best = bestOf(isInvite ? context.outcomes : context.outcomes.filter(({ status }) => status !== 408));
  if (best?.response !== undefined && best.status !== 503)
    return { response: best.response, recordRoute: best.recordRoute };
  if (best === undefined && !isInvite) return undefined;
  if (isCancelled) return { status: 487 };
  switch (best?.status ?? 408) {
    case 503:
      return { status: 500 };
    case 430:
      // That the flow of a registration is gone is no matter of whoever calls: the user is not there.
      return { status: received.preprocessed.flow === undefined ? 480 : 430 };
    default:
      return { status: best?.status ?? 408 };
  }
}
