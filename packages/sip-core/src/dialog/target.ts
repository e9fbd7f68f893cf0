import { SipError } from '../errors.ts';
import { contact } from '../headers/index.ts';
import type { SipMessage } from '../message/index.ts';
import { serializeUri } from '../uri.ts';

/** Methods whose Contact replaces the remote target (RFC 3261 §12.2, RFC 3311, RFC 6665 §4.4.1, RFC 3515). */
export function refreshesTarget(method: string): boolean {
  switch (method) {
    case 'INVITE':
    case 'UPDATE':
    case 'SUBSCRIBE':
    case 'NOTIFY':
    case 'REFER':
      return true;
    default:
      return false;
  }
}

/**
 * The URI of a message's Contact; `undefined` when it has none.
 *
 * @throws SipError `value` for `*`, which only a REGISTER may have
 */
export function contactUri(message: SipMessage): string | undefined {
  const value = message.get(contact);
  if (value === '*') throw new SipError('value', 'Contact "*" names no target', { rfc: 'RFC 3261 §12.1' });
  return value === undefined ? undefined : serializeUri(value.uri);
}

/**
 * The URI of a Contact that a dialog cannot do without.
 *
 * @throws SipError `missing`, `value`
 */
export function requiredContactUri(message: SipMessage): string {
  const uri = contactUri(message);
  if (uri === undefined)
    throw new SipError('missing', 'no Contact to set up a dialog with', { rfc: 'RFC 3261 §12.1' });
  return uri;
}
