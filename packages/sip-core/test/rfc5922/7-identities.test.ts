import { describe, expect, test } from 'vitest';
import { isIdentified, sipIdentities } from '../../src/index.ts';

describe('the identities in a certificate (§7.1)', () => {
  test.each<[string, string | undefined, readonly string[], readonly string[]]>([
    [
      'sip: URIs count (@req rfc5922:7.1:6)',
      'URI:sip:Example.com, URI:sip:example.net:5061',
      [],
      ['example.com', 'example.net'],
    ],
    [
      'of other schemes do not (@req rfc5922:7.1:4)',
      'URI:sips:a.com, URI:https://b.com, URI:SIP:c.com',
      [],
      ['c.com'],
    ],
    ['with a user do not (@req rfc5922:7.1:5)', 'URI:sip:alice@a.com, URI:sip:a.com;x=y@z', [], []],
    [
      'DNS names count where there is no sip: URI (@req rfc5922:7.1:7)',
      'DNS:a.com, DNS:B.com',
      [],
      ['a.com', 'b.com'],
    ],
    ['and not beside one (@req rfc5922:7.1:7)', 'DNS:a.com, URI:sip:b.com', [], ['b.com']],
    ['beside a URI that does not count they do', 'DNS:a.com, URI:sip:x@b.com', [], ['a.com']],
    ['nothing else counts (@req rfc5922:7.1:3)', 'IP Address:192.0.2.1, email:a@b.com, DirName:CN=x', [], []],
    [
      'the common name where there is no alternative name',
      undefined,
      ['Example.com', 'Test Authority'],
      ['example.com'],
    ],
    ['and not where there is one', 'IP Address:192.0.2.1', ['example.com'], []],
    ['a value that pretends to be several is one', 'DNS:"a.com, DNS:b.com"', [], []],
  ])('%s', (_, alternatives, names, identities) => {
    expect(sipIdentities(alternatives, names)).toEqual(identities);
  });
});

describe('comparison (§7.2, @req rfc5922:7.2:1, @req rfc5922:7.2:2, @req rfc5922:7.2:4)', () => {
  test.each([
    ['example.com', 'example.com', true],
    ['EXAMPLE.com', 'example.com', true],
    ['example.com.', 'example.com', true],
    ['foo.example.com', 'example.com', false],
    ['example.com', 'foo.example.com', false],
    ['foo.example.com', '*.example.com', false],
    ['foo.example.com', '.example.com', false],
    ['*.example.com', '*.example.com', true],
    ['xn--bcher-kva.example', 'xn--bcher-kva.example', true],
  ])('%s and %s: %s (@req rfc5922:7.2:5, @req rfc5922:7.2:6)', (domain, identity, isSame) => {
    expect(isIdentified(domain, sipIdentities(`URI:sip:${identity}`))).toBe(isSame);
    expect(isIdentified(domain, [identity])).toBe(isSame);
  });
});
