import { readFileSync } from 'node:fs';
import { type CpimMessage, parse } from '@sip-simple/cpim';

export function fixture(name: string): Uint8Array {
  return new Uint8Array(readFileSync(new URL(`fixtures/${name}`, import.meta.url)));
}

/** The IM that all examples of the RFC are about, with these headers more. */
export function im(...headers: readonly string[]): CpimMessage {
  const lines = [
    'From: Alice <im:alice@example.com>',
    'To: Bob <im:bob@example.com>',
    'DateTime: 2006-04-04T12:16:49-05:00',
    'NS: imdn <urn:ietf:params:imdn>',
    'imdn.Message-ID: 34jk324j',
    ...headers,
    '',
    'Content-type: text/plain',
    '',
    'Hello World',
  ];
  return parse(new TextEncoder().encode(lines.join('\r\n')));
}

/** The IM with a Disposition-Notification. */
export function requesting(types: string, ...headers: readonly string[]): CpimMessage {
  return im(`imdn.Disposition-Notification: ${types}`, ...headers);
}

/** An IMDN document in full, with something at its points of extension. */
export function documentWith(inImdn: string, inStatus: string): string {
  return `<?xml version="1.0" encoding="UTF-8"?>
<imdn xmlns="urn:ietf:params:xml:ns:imdn" xmlns:x="urn:example:x"><!-- what became of it -->
  <message-id>34jk324j</message-id>
  <datetime>2006-04-04T12:16:49-05:00</datetime>
  <recipient-uri>im:bob@example.com</recipient-uri>
  <original-recipient-uri>im:friends@example.com</original-recipient-uri>
  <subject>Lunch</subject>
  <delivery-notification><status><delivered/>${inStatus}</status></delivery-notification>
  ${inImdn}
</imdn>`;
}
