import { describe, expect, test } from 'vitest';
import { compilePresenceRules, parse } from '../../src/index.ts';
import { allowingIdentity, from, isAllowed } from '../policies.ts';

const inDomain = (domain: string, host: string) =>
  isAllowed(allowingIdentity(`<many domain="${domain}"/>`), from(`sip:a@${host}`));
const outOfDomain = (domain: string, host: string) =>
  isAllowed(allowingIdentity(`<many><except domain="${domain}"/></many>`), from(`sip:a@${host}`));

describe('domains are compared (§7.1.3)', () => {
  const equal: [string, string][] = [
    ['example.com', 'example.com'],
    ['example.com', 'EXAMPLE.Com'],
    ['Example.COM', 'example.com'],
    ['ex%61mple.com', 'example.com'],
    ['example.com', 'ex%61mple.com'],
    ['bücher.example', 'xn--bcher-kva.example'],
    ['xn--bcher-kva.example', 'bücher.example'],
    ['BÜCHER.example', 'bücher.example'],
    ['b%C3%BCcher.example', 'xn--bcher-kva.example'],
    ['bu\u0308cher.example', 'b\u00FCcher.example'],
    ['straße.example', 'strasse.example'],
    ['ｅｘａｍｐｌｅ.com', 'example.com'],
    ['例え。テスト', '例え.テスト'],
    ['例え.テスト', 'xn--r8jz45g.xn--zckzah'],
    ['א.example', 'xn--4db.example'],
    ['a\u00ADb.example', 'ab.example'],
    ['[2001:db8::1]', '[2001:DB8:0::1]'],
    ['[::FFFF:192.0.2.1]', '[0:0:0:0:0:ffff:c000:201]'],
    ['[::]', '[0:0:0:0:0:0:0:0]'],
    ['192.0.2.1', '192.0.2.1'],
    ['_sip.example', '_SIP.example'],
  ];
  test.each(equal)('%s equals %s', (domain, host) => {
    expect(inDomain(domain, host)).toBe(true);
    expect(outOfDomain(domain, host)).toBe(false);
  });

  const different: [string, string][] = [
    ['example.com', 'example.org'],
    ['example.com', 'www.example.com'],
    ['www.example.com', 'example.com'],
    ['example.com', 'xexample.com'],
    ['example.com', 'example.com.org'],
    ['example.com', 'examplexcom'],
    ['bücher.example', 'bucher.example'],
    ['com', 'example.com'],
    ['192.0.2.1', '192.0.2.10'],
    ['[2001:db8::1]', '[2001:db8::1:0]'],
    ['[::1]', '[1::]'],
  ];
  test.each(different)('%s does not equal %s', (domain, host) => {
    expect(inDomain(domain, host)).toBe(false);
    expect(outOfDomain(domain, host)).toBe(true);
  });

  const inconvertible = [
    '',
    '.',
    'a..b',
    'example.com.',
    '-a.b',
    'a b',
    'a%zz',
    '%FF',
    '*',
    '*.example.com',
    `${'a'.repeat(64)}.b`,
    `${'ä'.repeat(64)}.b`,
    '\uE000.b',
    'a\u2000b.c',
    'אa.b',
    '[::1',
    '[x]',
    '[]',
    '[1:2:3:4:5:6:7]',
    '[1:2:3:4:5:6:7:8:9]',
    '[1:2:3:4::5:6:7:8]',
    '[1::2::3]',
    '[:1:2:3:4:5:6:7]',
    '[::192.0.2.256]',
    '[::192.0.2.1:1]',
    'xn--\u00FC',
  ];
  test.each(inconvertible)('"%s" can not be converted, and is no domain of anybody', (domain) => {
    expect(inDomain(domain, 'example.com')).toBe(false);
    // The comparison fails, but who was to be left out is not known.
    expect(outOfDomain(domain, 'example.com')).toBe(false);
    expect(isAllowed(allowingIdentity('<many domain="example.com"/>'), from(`sip:a@${domain}`))).toBe(false);
    expect(
      isAllowed(allowingIdentity('<many><except domain="example.com"/></many>'), from(`sip:a@${domain}`)),
    ).toBe(false);
  });

  test('identities without a domain are of none, and none leaves them out', () => {
    expect(isAllowed(allowingIdentity('<many domain="example.com"/>'), from('tel:+1212'))).toBe(false);
    expect(
      isAllowed(allowingIdentity('<many><except domain="example.com"/></many>'), from('tel:+1212')),
    ).toBe(true);
  });

  test('in documents of UTF-8 and of UTF-16 (@req rfc4745:7.1.3:1)', () => {
    const text = allowingIdentity('<many domain="bücher.example"/>').replace('encoding="UTF-8"', '');
    const utf16 = new Uint8Array([
      0xff,
      0xfe,
      ...new Uint8Array(new Uint16Array(Array.from(text, (c) => c.charCodeAt(0))).buffer),
    ]);
    for (const bytes of [new TextEncoder().encode(text), utf16]) {
      const decide = compilePresenceRules([parse(bytes)]);
      expect(decide(from('sip:a@xn--bcher-kva.example')).permissions.subHandling).toBe('allow');
      expect(decide(from('sip:a@bcher.example')).permissions.subHandling).toBe('block');
    }
  });
});
