import { describe, expect, it } from 'vitest';
import {
  allow,
  append,
  body,
  callId,
  contact,
  cseq,
  from,
  type HeaderEdit,
  maxForwards,
  params,
  parseMessage,
  prepend,
  remove,
  removeFirst,
  requestUri,
  set,
  via,
} from '../../src/index.ts';
import { bytesOf, text } from '../support/text.ts';

const lines = [
  'MESSAGE sip:bob@example.com SIP/2.0',
  'Via: SIP/2.0/UDP a;branch=z9hG4bK1 , SIP/2.0/UDP b',
  'x-one:   kept\r\n   as it is',
  'VIA: SIP/2.0/UDP c',
  'Max-Forwards: 70',
  'f: Zoë <sip:z@example.com>;tag=1',
  'X-One: 2',
  'Content-Type: text/plain',
  'l: 5',
];
const original = parseMessage(bytesOf(lines, 'hello'));
const hop = { protocol: 'SIP', version: '2.0', transport: 'TCP', host: 'p', params: params({ branch: 'z' }) };

/** The lines of a message with edits made, its body the last of them. */
function linesWith(...edits: readonly HeaderEdit[]): readonly string[] {
  const bytes = original.with(...edits).toBytes();
  // What is written must be what is read again.
  expect([...parseMessage(bytes).headers()]).toEqual([...original.with(...edits).headers()]);
  return text(bytes).split(/\r\n(?! )/);
}

const expected = (change: (lines: string[]) => void): readonly string[] => {
  const copy = [...lines];
  change(copy);
  return [...copy, '', 'hello'];
};

describe('a changed message keeps what did not change', () => {
  it('is the very bytes it came in while unchanged', () => {
    const bytes = bytesOf(lines, 'hello');
    expect(parseMessage(bytes).toBytes()).toBe(bytes);
    expect(text(parseMessage(bytes).with().toBytes())).toBe(text(bytes));
  });

  it('set replaces in the place of the first and removes the others', () => {
    expect(linesWith(set(maxForwards, 69))).toEqual(expected((all) => all.splice(4, 1, 'Max-Forwards: 69')));
    expect(linesWith(set(via, hop))).toEqual(
      expected((all) => {
        all.splice(3, 1);
        all[1] = 'Via: SIP/2.0/TCP p;branch=z';
      }),
    );
    expect(linesWith(set('X-ONE', 'a', 'b'))).toEqual(
      expected((all) => {
        all.splice(6, 1);
        all.splice(2, 1, 'X-ONE: a', 'X-ONE: b');
      }),
    );
    expect(linesWith(set(callId, 'new@it'))).toEqual(expected((all) => all.push('Call-ID: new@it')));
  });

  it('prepend and append go before the first and after the last', () => {
    expect(linesWith(prepend(via, hop))).toEqual(
      expected((all) => all.splice(1, 0, 'Via: SIP/2.0/TCP p;branch=z')),
    );
    expect(linesWith(append(via, hop))).toEqual(
      expected((all) => all.splice(4, 0, 'Via: SIP/2.0/TCP p;branch=z')),
    );
    expect(linesWith(append('x-one', '3'))).toEqual(expected((all) => all.splice(7, 0, 'x-one: 3')));
    expect(linesWith(prepend('Route', '<sip:r>'))).toEqual(
      expected((all) => all.splice(1, 0, 'Route: <sip:r>')),
    );
    expect(linesWith(append('Route', '<sip:r>'))).toEqual(expected((all) => all.push('Route: <sip:r>')));
  });

  it('remove and removeFirst take all values or one, comma-joined or not', () => {
    expect(linesWith(remove(via))).toEqual(expected((all) => all.splice(1, 3, all[2] ?? '')));
    expect(linesWith(removeFirst(via))).toEqual(expected((all) => all.splice(1, 1, 'Via: SIP/2.0/UDP b')));
    expect(linesWith(removeFirst(via), removeFirst(via))).toEqual(expected((all) => all.splice(1, 1)));
    expect(linesWith(removeFirst(contact))).toEqual(expected(() => undefined));
    expect(linesWith(removeFirst('x-one'))).toEqual(expected((all) => all.splice(2, 1)));
  });

  it('several edits are made in their order', () => {
    expect(
      linesWith(remove('x-one'), append('x-one', '9'), requestUri('sip:c@d'), set(maxForwards, 1)),
    ).toEqual(
      expected((all) => {
        all.splice(6, 1);
        all.splice(2, 1);
        all[0] = 'MESSAGE sip:c@d SIP/2.0';
        all[3] = 'Max-Forwards: 1';
        all.push('x-one: 9');
      }),
    );
  });

  it('Content-Length follows the body, in bytes (@req rfc3261:20.14:3)', () => {
    const changed = original.with(body(new TextEncoder().encode('äöü'), 'text/html'));
    expect(text(changed.toBytes())).toContain('Content-Type: text/html\r\nContent-Length: 6\r\n\r\näöü');
    const emptied = original.with(body(new Uint8Array(0)));
    expect(emptied.has('Content-Type')).toBe(false);
    expect(emptied.raw('Content-Length')).toEqual(['0']);
    expect(() => original.with(set('Content-Length', '7'))).toThrow(TypeError);
    expect(() => original.with(remove('l'))).toThrow(TypeError);
  });

  it('a body needs a Content-Type (@req rfc3261:20.15:1)', () => {
    const bare = original.with(body(new Uint8Array(0)));
    expect(() => bare.with(body(new Uint8Array(1)))).toThrow(TypeError);
  });

  it('does not change the message it was made from, and keeps what was decoded', () => {
    const before = original.get(from);
    const changed = original.with(set(maxForwards, 3));
    expect(changed.get(from)).toBe(before);
    expect(changed.get(maxForwards)).toBe(3);
    expect(original.get(maxForwards)).toBe(70);
    expect(
      changed
        .with(set(from, { uri: { type: 'other', scheme: 'tel', rest: '+1' }, params: params({}) }))
        .get(from)?.uri.scheme,
    ).toBe('tel');
    expect(changed.type === 'request' && changed.method).toBe('MESSAGE');
    expect(changed.get(cseq)).toBeUndefined();
  });

  it('lists that are joined become one header field', () => {
    expect(original.with(set(allow, 'INVITE', 'ACK')).raw('Allow')).toEqual(['INVITE, ACK']);
    expect(original.with(set(via, hop, hop)).raw('Via').length).toBe(2);
    expect(original.with(set(allow)).has(allow)).toBe(false);
  });

  it.each([
    ['a line break in a value', () => original.with(set('Subject', 'a\r\nVia: evil'))],
    ['LF alone in a value', () => original.with(append('Subject', 'a\nb'))],
    ['a name that is no token', () => original.with(set('Sub ject', 'a'))],
    ['an empty name', () => original.with(set('', 'a'))],
    ['white space in a Request-URI', () => original.with(requestUri('sip:a b'))],
    ['a line break in a Request-URI', () => original.with(requestUri('sip:a\r\nb'))],
    [
      'a Request-URI for a response',
      () => parseMessage(bytesOf(['SIP/2.0 200 OK'])).with(requestUri('sip:a')),
    ],
  ])('refuses %s', (_, action) => {
    expect(action).toThrow(TypeError);
  });

  it('is right for messages larger than the shared allocation', () => {
    const large = original.with(
      body(new Uint8Array(20_000).fill(65), 'text/plain'),
      set('X-Big', 'y'.repeat(5000)),
    );
    expect(large.body.length).toBe(20_000);
    expect(parseMessage(large.toBytes()).raw('X-Big')[0]?.length).toBe(5000);
    const many = Array.from({ length: 100 }, (_, index) => original.with(set('X-Number', String(index))));
    for (const [index, message] of many.entries())
      expect(parseMessage(message.toBytes()).raw('X-Number')).toEqual([String(index)]);
  });
});
