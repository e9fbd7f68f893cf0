import {
  allowEvents,
  createResponse,
  type Dialog,
  type HeaderEdit,
  type SipRequest,
  type SipResponse,
  set,
} from '@sip-simple/sip-core';

/**
 * The 200 to a SUBSCRIBE: what a dialog needs, the duration granted, and the packages that are served here.
 * @param packages names of all of them (RFC 6665 §4.4.4: "comprehensive and inclusive")
 */
export function acceptSubscribe(
  request: SipRequest,
  dialog: Dialog,
  seconds: number,
  packages: Iterable<string>,
): SipResponse {
  const headers: HeaderEdit[] = [
    set('Contact', dialog.localContact),
    set('Expires', String(seconds)),
    set(allowEvents, ...packages),
  ];
  // RFC 3261 §12.1.1: as they came, and in their order
  const recordRoute = request.raw('Record-Route');
  if (recordRoute.length > 0) headers.unshift(set('Record-Route', ...recordRoute));
  return createResponse(request, 200, { toTag: dialog.localTag, headers });
}
