import { readdirSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { contact, parseMessage, parseUri, requestUri, serializeUri, via } from '../../src/index.ts';
import { locate } from '../../src/resolve/index.ts';
import { understood } from '../support/canonical.ts';
import { faultOf } from '../support/text.ts';
import { fixture, outcomeOf, verdictOf } from '../support/torture.ts';
import { messages } from './verdicts.ts';

/** A message of the archive, with CRLF for its LF, and the empty line that two of them lack. */
function asPrinted(name: string): Uint8Array {
  const text = new TextDecoder().decode(fixture(`rfc5118/${name}`)).replaceAll('\n', '\r\n');
  return new TextEncoder().encode(text.includes('\r\n\r\n') ? text : `${text}\r\n`);
}

function bytesOf(name: string): Uint8Array {
  if (name !== 'ipv6-in-sdp') return asPrinted(name);
  const text = new TextDecoder().decode(asPrinted(name));
  return new TextEncoder().encode(text.replace('Content-Length: 268', 'Content-Length: 251'));
}

function requestOf(name: string) {
  const message = parseMessage(bytesOf(name));
  if (message.type !== 'request') throw new Error(`${name} is no request`);
  return message;
}

describe('RFC 5118', () => {
  it('has every message of the archive in the table', () => {
    const names = readdirSync(new URL('../fixtures/rfc5118/', import.meta.url));
    expect(names.filter((name) => !name.endsWith('.txt')).sort()).toEqual(
      messages.map(({ name }) => name).sort(),
    );
  });

  it.each(messages)('$section $name: $verdict', ({ name, verdict, endpoint }) => {
    const bytes = bytesOf(name);
    expect(verdictOf(bytes)).toBe(verdict);
    expect(outcomeOf(bytes)).toBe(endpoint);
    if (verdict !== 'accepted') return;
    const message = parseMessage(bytes);
    expect(understood(message)).toBe(new TextDecoder().decode(fixture(`rfc5118/${name}.txt`)));
    expect(message.toBytes()).toEqual(bytes.subarray(0, message.toBytes().length));
  });

  it('takes no port for what is inside of the brackets (§4.3, §4.4)', () => {
    const ambiguous = parseUri(requestOf('port-ambiguous').uri);
    expect(ambiguous).toMatchObject({ host: '[2001:db8::10:5070]', port: undefined });
    const unambiguous = parseUri(requestOf('port-unambiguous').uri);
    expect(unambiguous).toMatchObject({ host: '[2001:db8::10]', port: 5070 });
  });

  it('reads `received` with and without brackets (§4.5)', () => {
    const received = (name: string) => requestOf(name).get(via)?.params.get('received');
    expect(received('via-received-param-with-delim')).toBe('[2001:db8::9:255]');
    expect(received('via-received-param-no-delim')).toBe('2001:db8::9:255');
  });

  it('refuses the body of §4.6 as it is printed, which is shorter than its Content-Length', () => {
    expect(faultOf(() => parseMessage(asPrinted('ipv6-in-sdp'))).code).toBe('length');
  });

  it('reads addresses of both families in one message (§4.7, §4.9)', () => {
    const vias = requestOf('mult-ip-in-header').getAll(via);
    expect(vias.map(({ host, port }) => [host, port])).toEqual([
      ['[2001:db8::9:1]', 6050],
      ['192.0.2.1', undefined],
      ['[2001:db8::9:255]', undefined],
    ]);
    const mapped = requestOf('ipv4-mapped-ipv6');
    expect(mapped.getAll(via).map(({ host, port }) => [host, port])).toEqual([
      ['[::ffff:192.0.2.10]', 19823],
      ['[::ffff:192.0.2.2]', undefined],
    ]);
    const address = mapped.get(contact);
    expect(address !== '*' && address?.uri).toMatchObject({ host: '[::ffff:192.0.2.2]' });
  });

  it('goes to the same address whether or not the third colon is there (§4.10)', () => {
    const options = { transports: ['udp'], families: [6], servers: 1 } as const;
    const [three, two] = ['ipv6-bug-abnf-3-colons', 'ipv6-correct-abnf-2-colons'].map((name) => {
      const step = locate(parseUri(requestOf(name).uri), options).next();
      return step.done === true ? step.value.peers : [];
    });
    expect(three).toEqual([{ transport: 'udp', host: '2001:db8::192.0.2.1', port: 5060 }]);
    expect(two).toEqual(three);
    expect(faultOf(() => parseUri('sip:[2001:db8:::1]')).code).toBe('uri');
  });

  it('writes each URI as it was (§4)', () => {
    for (const { name, verdict } of messages) {
      if (verdict !== 'accepted') continue;
      const request = requestOf(name);
      expect(request.with(requestUri(serializeUri(parseUri(request.uri)))).uri).toBe(request.uri);
    }
  });
});
