import { createRequest, type HeaderEdit, type SipRequest, set } from '../message/index.ts';
import { parseNameAddr } from '../name-addr.ts';
import { serializeUri, type Uri } from '../uri.ts';
import type { Dialog } from './dialog.ts';
import type { DialogRequestParts } from './dialogs.ts';

/**
 * Makes a request in a dialog: Request-URI and Route from the remote target and the route set.
 *
 * @see RFC 3261 §12.2.1.1
 */
export function buildRequest(
  dialog: Dialog,
  method: string,
  sequence: number,
  parts: DialogRequestParts,
): SipRequest {
  const { uri, route } = routed(dialog);
  const headers: HeaderEdit[] = [
    set('From', tagged(dialog.localUri, dialog.localTag)),
    set('To', tagged(dialog.remoteUri, dialog.remoteTag)),
    set('Call-ID', dialog.callId),
    set('CSeq', `${sequence} ${method}`),
    set('Contact', dialog.localContact),
  ];
  if (route.length > 0) headers.push(set('Route', ...route));
  if (parts.headers !== undefined) headers.push(...parts.headers);
  return createRequest({ method, uri, headers, body: parts.body, contentType: parts.contentType });
}

function routed(dialog: Dialog): { uri: string; route: readonly string[] } {
  const { remoteTarget, routeSet } = dialog;
  const first = routeSet[0];
  if (first === undefined) return { uri: remoteTarget, route: routeSet };
  const { uri } = parseNameAddr(first);
  if (uri.type === 'other' || uri.params.has('lr')) return { uri: remoteTarget, route: routeSet };
  // A strict router wants itself in the Request-URI; the target travels at the end of the route.
  return { uri: serializeUri(asRequestUri(uri)), route: [...routeSet.slice(1), `<${remoteTarget}>`] };
}

/** Strips what a Request-URI may not have: the `method` parameter and headers (§19.1.1). */
function asRequestUri(uri: Uri): Uri {
  if (uri.type === 'other') return uri;
  const params = new Map(uri.params);
  params.delete('method');
  return { ...uri, params, headers: [] };
}

function tagged(address: string, tag: string): string {
  return tag === '' ? address : `${address};tag=${tag}`;
}
