import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { respliced, withTopField } from '../src/endpoint/splice.ts';
import {
  createResponse,
  parseMessage,
  prepend,
  removeFirst,
  type SipMessage,
  set,
  to,
  via,
} from '../src/index.ts';
import { bytes, incoming } from './support/sip.ts';

const text = (message: Uint8Array | undefined) =>
  message === undefined ? undefined : new TextDecoder().decode(message);
const VIA = 'SIP/2.0/UDP 192.0.2.9:5060;branch=z9hG4bKnew;received=192.0.2.77';

/** The fields that name and order matter for, in any order and form. */
const fields = fc.shuffledSubarray(
  [
    'Via: SIP/2.0/UDP a;branch=z9hG4bK1',
    'Via: SIP/2.0/UDP b;branch=z9hG4bK2',
    'v : SIP/2.0/UDP c;branch=z9hG4bK3',
    'VIA: SIP/2.0/UDP d;branch=z9hG4bK4, SIP/2.0/UDP e;branch=z9hG4bK5',
    'Via:\r\n SIP/2.0/UDP f;branch=z9hG4bK6',
    'To: <sip:a@b>',
    'From: "To: x" <sip:c@d>;tag=1',
    'Call-ID: x@y',
    'CSeq: 1 OPTIONS',
    'Subject: Via: no,\r\n\tTo: neither',
    'X-Via: z',
  ],
  { minLength: 3 },
);

/** All of a message but where its Via stands among other header fields, which means nothing. */
function meaning(message: SipMessage) {
  const others = [...message.headers()].filter(([name]) => !/^v(?:ia)?$/i.test(name.trim()));
  return { others, vias: message.raw('Via'), body: new TextDecoder().decode(message.body) };
}

describe('edits on the bytes of a message', () => {
  test('give what the parser’s own edits give, or leave it to them', () => {
    fc.assert(
      fc.property(
        fields,
        fc.boolean(),
        fc.boolean(),
        fc.string({ maxLength: 20 }),
        (lines, setsVia, setsTag, body) => {
          const head = `SIP/2.0 200 OK\r\n${lines.join('\r\n')}\r\n`;
          const message = bytes(`${head}Content-Length: ${bytes(body).length}\r\n\r\n${body}`);
          const spliced = respliced(message, setsVia ? VIA : undefined, setsTag ? 'tag1' : undefined);
          if (spliced === undefined) return;
          const response = parseMessage(message);
          const address = response.get(to);
          const edits = [
            ...(setsVia ? [removeFirst(via), prepend('Via', VIA)] : []),
            ...(setsTag && address !== undefined
              ? [set(to, { ...address, params: new Map([['tag', 'tag1']]) })]
              : []),
          ];
          expect(meaning(parseMessage(spliced))).toEqual(meaning(response.with(...edits)));
        },
      ),
      { numRuns: 500 },
    );
  });

  test('are left to the parser where a line is folded, joined, or missing', () => {
    const ok = (lines: string) => bytes(`SIP/2.0 200 OK\r\n${lines}\r\n\r\n`);
    expect(respliced(ok('Via: a, b'), VIA, undefined)).toBeUndefined();
    expect(respliced(ok('Via:\r\n a'), VIA, undefined)).toBeUndefined();
    expect(respliced(ok('From: a'), VIA, undefined)).toBeUndefined();
    expect(respliced(ok('From: a'), undefined, 'tag1')).toBeUndefined();
    expect(text(respliced(ok('Via: a'), VIA, undefined))).toBe(`SIP/2.0 200 OK\r\nVia: ${VIA}\r\n\r\n`);
  });

  test('put a field above all others', () => {
    const request = parseMessage(incoming('OPTIONS'));
    const spliced = withTopField(request.toBytes(), `Via: ${VIA}`);
    expect(text(spliced)).toBe(text(request.with(prepend('Via', VIA)).toBytes()));
    if (request.type !== 'request') throw new Error('no request');
    expect(parseMessage(spliced).getAll(via)).toHaveLength(2);
    expect(createResponse(request, 200).getAll(via)).toHaveLength(1);
  });
});
