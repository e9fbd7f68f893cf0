import { describe, expect, test } from 'vitest';
import { areEquivalent, uriOf } from '../src/index.ts';

function equivalent(a: string, b: string): boolean {
  const [one, two] = [uriOf(a), uriOf(b)];
  if (one === undefined || two === undefined) throw new RangeError(`${one === undefined ? a : b} is no URI`);
  expect(areEquivalent(two, one)).toBe(areEquivalent(one, two));
  return areEquivalent(one, two);
}

describe('equivalent are', () => {
  const pairs: [string, string][] = [
    // RFC 3261 §19.1.4
    ['sip:%61lice@atlanta.com;transport=TCP', 'sip:alice@AtLanTa.CoM;Transport=tcp'],
    ['sip:carol@chicago.com', 'sip:carol@chicago.com;newparam=5'],
    ['sip:carol@chicago.com', 'sip:carol@chicago.com;security=on'],
    ['sip:carol@chicago.com;newparam=5', 'sip:carol@chicago.com;security=on'],
    [
      'sip:biloxi.com;transport=tcp;method=REGISTER?to=sip:bob%40biloxi.com',
      'sip:biloxi.com;method=REGISTER;transport=tcp?to=sip:bob%40biloxi.com',
    ],
    [
      'sip:alice@atlanta.com?subject=project%20x&priority=urgent',
      'sip:alice@atlanta.com?priority=urgent&subject=project%20x',
    ],
    // RFC 3966 §4
    ['tel:+1-212-555-1234', 'TEL:+1(212)555.1234'],
    ['tel:863-1234;phone-context=+1-914-555', 'tel:8631234;phone-context=+1914555'],
    ['tel:7042;phone-context=Example.COM', 'tel:7042;phone-context=example.com'],
    ['tel:+1212;ext=5;isub=1', 'tel:+1212;isub=1;ext=5'],
    // RFC 3986 §6.2.2
    ['HTTP://www.EXAMPLE.com/%7esmith/%3a', 'http://www.example.com/~smith/%3A'],
    ['mailto:bob@EXAMPLE.net', 'MAILTO:bob@example.net'],
    ['pres:b%6Fb@example.net', 'pres:bob@example.net'],
    ['xmpp:bob@example.net/home', 'xmpp:bob@EXAMPLE.net/home'],
    ['urn:UUID:F81D4FAE-7DEC-11D0-A765-00A0C91E6BF6', 'urn:uuid:f81d4fae-7dec-11d0-a765-00a0c91e6bf6'],
    ['sip:bj\u00F6rn@example.se', 'sip:bj%C3%B6rn@example.se'],
  ];
  test.each(pairs)('%s and %s', (a, b) => {
    expect(equivalent(a, b)).toBe(true);
  });
});

describe('not equivalent are', () => {
  const pairs: [string, string][] = [
    // RFC 3261 §19.1.4
    ['SIP:ALICE@AtLanTa.CoM;Transport=udp', 'sip:alice@AtLanTa.CoM;Transport=UDP'],
    ['sip:bob@biloxi.com', 'sip:bob@biloxi.com:5060'],
    ['sip:bob@biloxi.com', 'sip:bob@biloxi.com;transport=udp'],
    ['sip:bob@biloxi.com', 'sip:bob@biloxi.com:6000;transport=tcp'],
    ['sip:carol@chicago.com', 'sip:carol@chicago.com?Subject=next%20meeting'],
    ['sip:bob@phone21.boxesbybob.com', 'sip:bob@192.0.2.4'],
    ['sip:carol@chicago.com;newparam=5', 'sip:carol@chicago.com;newparam=6'],
    ['sip:bob@biloxi.com', 'sips:bob@biloxi.com'],
    ['sip:bob@biloxi.com', 'sip:biloxi.com'],
    ['sip:bob:secret@biloxi.com', 'sip:bob@biloxi.com'],
    ['sip:bob@biloxi.com;user=phone', 'sip:bob@biloxi.com'],
    ['sip:bob@biloxi.com;maddr=10.0.0.1', 'sip:bob@biloxi.com'],
    ['sip:a%3Bb@c.d', 'sip:a;b@c.d'],
    // RFC 3966 §4
    ['tel:+1212', 'tel:1212;phone-context=+1'],
    ['tel:+1212;ext=5', 'tel:+1212'],
    ['tel:1212;phone-context=a.example', 'tel:1212;phone-context=b.example'],
    ['mailto:Bob@example.net', 'mailto:bob@example.net'],
    ['http://a.example/x', 'http://a.example/X'],
    ['urn:example:A', 'urn:example:a'],
    ['pres:bob@example.net', 'im:bob@example.net'],
  ];
  test.each(pairs)('%s and %s', (a, b) => {
    expect(equivalent(a, b)).toBe(false);
  });
});

describe('no URI is', () => {
  test.each([
    '',
    ':',
    'alice',
    'alice@example.com',
    '1:a',
    'sip:',
    'sip:@b',
    'sip:a@',
    'sip:a@b@c',
    'sip:a@b:x',
    'sip:a@b;x=@c',
    'sip:a@b c',
    'sip:a@b;x=1;x=2',
    'sip:a@b;;x',
    'sip:a%@b',
    'sip:a%zz@b',
    'sip:%FF@b',
    'sip:a@b_%zz',
    'sip:a\uD800@b',
    '<sip:a@b>',
    ' sip:a@b',
    'sip:a@b\n',
    'sip:a@b?',
    'sip:a@b?x=1&x=2',
    'tel:',
    'tel:1212',
    'tel:+',
    'tel:+12x',
    'tel:+1;a;a',
    'mailto:a@b@c',
    'mailto:@b',
    'mailto:a@',
    'pres:a@-',
    'urn:',
    'http://a b/',
    'http://[x]/',
    'http://a..b/',
  ])('"%s"', (text) => {
    expect(uriOf(text)).toBeUndefined();
  });
});
