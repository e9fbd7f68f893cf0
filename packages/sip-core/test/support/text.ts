import { parseMessage, SipError, type SipMessage } from '../../src/index.ts';

/** A message's bytes from its lines. */
export function bytesOf(lines: readonly string[], body: string | Uint8Array = ''): Uint8Array {
  const head = new TextEncoder().encode([...lines, '', ''].join('\r\n'));
  const content = typeof body === 'string' ? new TextEncoder().encode(body) : body;
  const bytes = new Uint8Array(head.length + content.length);
  bytes.set(head);
  bytes.set(content, head.length);
  return bytes;
}

/** A request with these header fields and nothing else. */
export function requestWith(...fields: readonly string[]): SipMessage {
  return parseMessage(bytesOf(['MESSAGE sip:bob@example.com SIP/2.0', ...fields]));
}

/** The header fields that every request has. */
export const mandatory: readonly string[] = [
  'Via: SIP/2.0/UDP 192.0.2.1;branch=z9hG4bK1',
  'Max-Forwards: 70',
  'From: <sip:alice@example.com>;tag=a',
  'To: <sip:bob@example.com>',
  'Call-ID: 1@192.0.2.1',
  'CSeq: 1 MESSAGE',
];

export function text(bytes: Uint8Array): string {
  return new TextDecoder().decode(bytes);
}

/** What an action throws, when that is a SipError. */
export function faultOf(action: () => unknown): SipError {
  try {
    action();
  } catch (error) {
    if (error instanceof SipError) return error;
    throw error;
  }
  throw new Error('nothing was thrown');
}
