import { readFileSync } from 'node:fs';
import { parseMessage, type SipMessage, type SipRequest } from '@sip-simple/sip-core';

/** A message as an RFC prints it. */
export function fixture(name: string): SipMessage {
  const printed = readFileSync(new URL(`./fixtures/${name}.sip`, import.meta.url), 'utf8');
  return parseMessage(new TextEncoder().encode(printed.replaceAll('\n', '\r\n')));
}

export function requestFixture(name: string): SipRequest {
  const message = fixture(name);
  if (message.type !== 'request') throw new Error(`${name} is no request`);
  return message;
}
