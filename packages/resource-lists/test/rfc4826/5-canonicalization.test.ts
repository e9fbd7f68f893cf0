import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { canonicalizeUri, lookupIn, toDocument } from '../../src/index.ts';

const numRuns = 200 * Number(process.env['FUZZ_RUNS'] ?? 1);

test.each([
  ['the domain in lower case', 'sip:Joe@EXAMPLE.com', 'sip:Joe@example.com'],
  ['tokens in lower case', 'sip:joe@example.com;Transport=UDP;LR', 'sip:joe@example.com;lr;transport=udp'],
  ['the example of §5', 'sip:%6aoe%20smith@example.com', 'sip:joe%20smith@example.com'],
  [
    'what the grammar has no place for stays escaped',
    'sip:a%40b%3ac@example.com',
    'sip:a%40b%3Ac@example.com',
  ],
  ['what it has a place for does not', 'sip:a%3bb@example.com', 'sip:a;b@example.com'],
  ['what is no percent-encoding stays', 'sip:%a%34@example.com', 'sip:%a%34@example.com'],
  [
    'parameters by name',
    'sip:a@b;user=phone;maddr=c;method=INVITE',
    'sip:a@b;maddr=c;method=invite;user=phone',
  ],
  ['no header parameters', 'sip:a@b;x=1?Subject=hi&To=x', 'sip:a@b;x=1'],
  ['a port and a password stay', 'sips:A:Pw@B:5061', 'sips:A:Pw@b:5061'],
  ['no user', 'SIP:Example.COM', 'sip:example.com'],
  ['an IPv6 address', 'sip:a@[2001:DB8::1]:5060', 'sip:a@[2001:db8::1]:5060'],
])('SIP: %s (§5)', (_, uri, canonical) => {
  expect(canonicalizeUri(uri)).toBe(canonical);
});

test.each([
  ['no default port', 'http://a.example:80/x', 'http://a.example/x'],
  ['nor of https', 'https://a.example:443/x', 'https://a.example/x'],
  ['others stay', 'http://a.example:8080/x', 'http://a.example:8080/x'],
  ['the host in lower case', 'HTTP://XCAP.Example.com/Users/A', 'http://xcap.example.com/Users/A'],
  [
    'no percent-encoding that is not needed',
    'http://a.example/%7e%7e/list%5b%40name=%22l1%22%5d?%2fq',
    'http://a.example/~~/list%5B@name=%22l1%22%5D?/q',
  ],
])('HTTP: %s (§3.4.7)', (_, uri, canonical) => {
  expect(canonicalizeUri(uri)).toBe(canonical);
});

test.each(['pres:Joe@Example.com', 'tel:+1-201', '', 'nonsense', 'sip:', 'http://', 'sip:a b'])(
  'what is neither stays: %j',
  (uri) => {
    expect(canonicalizeUri(uri)).toBe(uri);
  },
);

describe('for any URI', () => {
  const part = fc.string({ unit: fc.constantFrom(...'aZ0-_.%3b%40;=&?:@/[]ü'), maxLength: 12 });

  test('the canonical form of a canonical form is itself', () => {
    fc.assert(
      fc.property(fc.constantFrom('sip:', 'sips:', 'http://', 'x:'), part, part, (scheme, a, b) => {
        const canonical = canonicalizeUri(`${scheme}${a}@${b}`);
        expect(canonicalizeUri(canonical)).toBe(canonical);
      }),
      { numRuns: numRuns * 5 },
    );
  });

  test('it takes linear time', () => {
    const began = performance.now();
    for (const piece of [';', '%', '@', ':', 'a:', '[', '%41', ';a='])
      canonicalizeUri(`sip:${piece.repeat(100_000)}`);
    expect(performance.now() - began).toBeLessThan(2_000);
  });
});

test('a client that canonicalizes first finds what it stored', () => {
  const entry = { type: 'entry' as const, value: { uri: canonicalizeUri('sip:%6aoe@EXAMPLE.com') } };
  const document = toDocument({ lists: [{ name: 'l', members: [entry] }] });
  const at = (uri: string) =>
    `http://a.example/resource-lists/users/u/index/~~/resource-lists/list/${encodeURIComponent(`entry[@uri="${canonicalizeUri(uri)}"]`)}`;
  const lookup = lookupIn([['http://a.example/resource-lists/users/u/index', document]]);
  expect(lookup(at('sip:joe@Example.com'))).toMatchObject({ local: 'entry' });
  expect(lookup(at('sip:Joe@Example.com'))).toBeUndefined();
});
