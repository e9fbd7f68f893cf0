import { isToken } from '../chars.ts';
import { peerOf } from '../endpoint/destination.ts';
import { isReliable, type Peer } from '../endpoint/peer.ts';
import { SipError } from '../errors.ts';
import { requestLine } from '../message/draft.ts';
import type { HeaderEdit, SipRequest } from '../message/index.ts';
import { writtenRequest } from '../message/written.ts';
import { parseNameAddr } from '../name-addr.ts';
import { untied } from '../transaction/keys.ts';
import { parseUri, serializeUri, type Uri } from '../uri.ts';
import type { Dialog } from './dialog.ts';
import type { DialogRequestParts } from './dialogs.ts';

/** What all requests in a dialog have alike, until its target changes. */
export interface DialogRoute {
  /** The Request-URI. */
  readonly uri: string;
  /** From, To, Call-ID, Contact, Route and Max-Forwards as they are written. */
  readonly fields: string;
  /** Where the requests are sent; `undefined` when the URI to go to names no host or an unknown transport. */
  readonly peer: Peer | undefined;
}

/**
 * Works out Request-URI and Route from the remote target and the route set, and where that leads: to the first
 * route, or else to the target; but back over the connection that the peer opened, because its Contact can seldom
 * be connected to.
 *
 * @throws TypeError when a value can't be written
 * @throws SipError when the route set is malformed
 * @see RFC 3261 §12.2.1.1, §8.1.2
 */
export function routeOf(dialog: Dialog): DialogRoute {
  const { uri, route } = routed(dialog);
  let fields = field('From', tagged(dialog.localUri, dialog.localTag));
  fields += field('To', tagged(dialog.remoteUri, dialog.remoteTag));
  fields += field('Call-ID', dialog.callId);
  fields += field('Contact', dialog.localContact);
  for (const value of route) fields += field('Route', value);
  fields += 'Max-Forwards: 70\r\n';
  return { uri, fields: untied(fields), peer: peerOfDialog(dialog) };
}

/**
 * Makes a request in a dialog. It is written as one text rather than edit by edit: a notifier makes one for every
 * change and watcher.
 *
 * @throws TypeError when a part can't be written
 */
export function buildRequest(
  { uri, fields }: DialogRoute,
  method: string,
  sequence: number,
  parts: DialogRequestParts,
): SipRequest {
  const { body = noBytes, contentType } = parts;
  let head = `${requestLine(method, uri)}\r\n${fields}CSeq: ${sequence} ${method}\r\n`;
  for (const edit of parts.headers ?? []) head += added(edit);
  if (contentType !== undefined) head += field('Content-Type', contentType);
  else if (body.length > 0) throw new TypeError('a body needs a Content-Type');
  head += `Content-Length: ${body.length}\r\n\r\n`;
  return writtenRequest(head, body);
}

/** A header field that the dialog does not know. */
function added(edit: HeaderEdit): string {
  if (!('lines' in edit)) throw new TypeError(`nothing to ${edit.type} in a request that is only made`);
  if (!isToken(edit.name)) throw new TypeError(`not a header field name: ${edit.name}`);
  let text = '';
  for (const line of edit.lines) text += field(edit.name, line);
  return text;
}

function field(name: string, value: string): string {
  // Anything after a line break would be a header field of its own.
  if (value.includes('\n') || value.includes('\r')) throw new TypeError(`a line break in ${name}`);
  return `${name}: ${value}\r\n`;
}

const noBytes = new Uint8Array(0);

function routed(dialog: Dialog): { uri: string; route: readonly string[] } {
  const { remoteTarget, routeSet } = dialog;
  const first = routeSet[0];
  if (first === undefined) return { uri: remoteTarget, route: routeSet };
  const { uri } = parseNameAddr(first);
  if (uri.type === 'other' || uri.params.has('lr')) return { uri: remoteTarget, route: routeSet };
  // A strict router wants itself in the Request-URI; the target travels at the end of the route.
  return { uri: serializeUri(asRequestUri(uri)), route: [...routeSet.slice(1), `<${remoteTarget}>`] };
}

function peerOfDialog({ remoteTarget, routeSet, peer }: Dialog): Peer | undefined {
  const first = routeSet[0];
  if (first !== undefined) return peerOf(parseNameAddr(first).uri);
  if (peer?.connection !== undefined && isReliable(peer.transport)) return peer;
  try {
    return peerOf(parseUri(remoteTarget));
  } catch (error) {
    if (error instanceof SipError) return undefined;
    throw error;
  }
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
