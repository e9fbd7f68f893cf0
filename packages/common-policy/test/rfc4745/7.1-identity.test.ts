import { textOf } from '@sip-simple/testkit';
import { describe, expect, test } from 'vitest';
import { fixture } from '../fixtures.ts';
import {
  allowing,
  allowingIdentity,
  from,
  isAllowed,
  matches,
  ruleset,
  UNAUTHENTICATED,
} from '../policies.ts';

describe('an <identity> (§7.1.1)', () => {
  test('that is absent leaves the other conditions to apply to any user, authenticated or not', () => {
    expect(isAllowed(ruleset(allowing('')), UNAUTHENTICATED)).toBe(true);
    expect(
      isAllowed(
        ruleset('<rule id="r"><actions><pr:sub-handling>allow</pr:sub-handling></actions></rule>'),
        UNAUTHENTICATED,
      ),
    ).toBe(true);
    expect(isAllowed(ruleset(allowing('')), from('sip:a@b'))).toBe(true);
  });

  test('matches authenticated entities only', () => {
    const claim = { identities: ['sip:alice@example.com'], isAuthenticated: false };
    for (const part of [
      '<one id="sip:alice@example.com"/>',
      '<many/>',
      '<many domain="example.com"/>',
      '<many><except id="sip:bob@example.com"/></many>',
    ]) {
      expect(isAllowed(allowingIdentity(part), from('sip:alice@example.com'))).toBe(true);
      expect(isAllowed(allowingIdentity(part), claim)).toBe(false);
      expect(isAllowed(allowingIdentity(part), UNAUTHENTICATED)).toBe(false);
      expect(isAllowed(allowingIdentity(part), from())).toBe(false);
    }
  });

  test('is true if any of its children is', () => {
    const document = allowingIdentity(
      '<one id="sip:a@a.example"/><many domain="b.example"/><one id="sip:c@c.example"/>',
    );
    for (const who of ['sip:a@a.example', 'sip:x@b.example', 'sip:c@c.example']) {
      expect(isAllowed(document, from(who))).toBe(true);
    }
    expect(isAllowed(document, from('sip:x@a.example'))).toBe(false);
  });

  test('counts a child of an unknown namespace as false, and the others as they are', () => {
    expect(isAllowed(allowingIdentity('<x:everybody/>'), from('sip:a@b'))).toBe(false);
    const document = allowingIdentity('<x:everybody/><one id="sip:a@b"/>');
    expect(isAllowed(document, from('sip:a@b'))).toBe(true);
    expect(isAllowed(document, from('sip:c@b'))).toBe(false);
  });

  test('that is empty matches nobody', () => {
    expect(isAllowed(allowingIdentity(''), from('sip:a@b'))).toBe(false);
    expect(isAllowed(allowingIdentity(''), UNAUTHENTICATED)).toBe(false);
  });

  test('counts a child that is not valid as false, and the others as they are', () => {
    for (const broken of [
      '<one/>',
      '<one id="sip:c@b" domain="b"/>',
      '<one id="sip:c@b"><x:only-on-sundays/></one>',
      '<one id="alice"/>',
      '<one id="sip:c@d@b"/>',
      '<oen id="sip:c@b"/>',
      '<many domian="b"/>',
      '<many domain=""/>',
      '<many domain="b"><x:unless/></many>',
      '<many domain="b"><exept id="sip:c@b"/></many>',
      '<many domain="b"><except id="c"/></many>',
      '<many><except/></many>',
      '<many><except id="sip:x@y" domain="b"/></many>',
      '<many><except domain="not a domain"/></many>',
      '<many>text</many>',
    ]) {
      const document = allowingIdentity(`${broken}<one id="sip:a@b"/>`);
      expect([broken, isAllowed(document, from('sip:c@b'))]).toEqual([broken, false]);
      expect([broken, isAllowed(document, from('sip:a@b'))]).toEqual([broken, true]);
    }
  });

  test('of several in one rule, all must be true', () => {
    const document = ruleset(
      allowing(
        '<identity><many domain="b.example"/></identity><identity><many><except id="sip:x@b.example"/></many></identity>',
      ),
    );
    expect(isAllowed(document, from('sip:a@b.example'))).toBe(true);
    expect(isAllowed(document, from('sip:x@b.example'))).toBe(false);
    expect(isAllowed(document, from('sip:a@c.example'))).toBe(false);
  });
});

test('a <one> takes what RFC 3261 §19.1.4 calls equal, and nothing else', () => {
  const document = allowingIdentity('<one id="sip:a@b;x=1"/><one id="sip:a@b;x=2;y=1"/>');
  for (const who of ['sip:a@b', 'sip:%61@B;X=1', 'sip:a@b;x=2', 'sip:a@b;y=3;x=1']) {
    expect([who, isAllowed(document, from(who))]).toEqual([who, true]);
  }
  for (const who of ['sip:a@b;x=3', 'sip:a@b;x=2;y=2', 'sip:a@b;user=phone', 'sip:a@b:5060']) {
    expect([who, isAllowed(document, from(who))]).toEqual([who, false]);
  }
});

describe('the example of', () => {
  test('§7.1.2 matches each identity listed, and none else', () => {
    const example = textOf(fixture('rfc4745/7.1.2-one.xml'));
    for (const who of [
      'sip:alice@example.com',
      'tel:+1-212-555-1234',
      'tel:+12125551234',
      'mailto:bob@example.net',
    ]) {
      expect(matches(example, from(who))).toBe(true);
    }
    for (const who of [
      'sip:bob@example.com',
      'sips:alice@example.com',
      'pres:alice@example.com',
      'sip:alice@example.org',
      'sip:Alice@example.com',
      'sip:alice@sub.example.com',
      'sip:+12125551234@example.com',
      'tel:12125551234;phone-context=+1',
      'sip:bob@example.net',
      'mailto:bob@example.com',
    ]) {
      expect([who, matches(example, from(who))]).toEqual([who, false]);
    }
    expect(matches(example, { identities: ['sip:alice@example.com'], isAuthenticated: false })).toBe(false);
  });

  test('§7.1.3.1 matches any authenticated user', () => {
    const example = textOf(fixture('rfc4745/7.1.3.1-any-authenticated.xml'));
    for (const who of ['sip:alice@example.com', 'tel:+12125551234', 'urn:service:sos']) {
      expect(matches(example, from(who))).toBe(true);
    }
    expect(matches(example, UNAUTHENTICATED)).toBe(false);
  });

  test('§7.1.3.2 matches all users except those enumerated, in its sphere and time', () => {
    const example = textOf(fixture('rfc4745/7.1.3.2-any-except.xml'));
    const inForce = { isAuthenticated: true, sphere: 'work', now: Date.parse('2003-12-24T18:00:00+01:00') };
    const ask = (...identities: string[]) => matches(example, { ...inForce, identities });
    for (const who of [
      'sip:bob@bad.example.net',
      'sip:alice@good.example.net',
      'sip:alice@sub.example.com',
      'sip:alice@myexample.com',
      'tel:+1-212-555-1235',
      'sip:+12125551234@example.net',
    ]) {
      expect([who, ask(who)]).toEqual([who, true]);
    }
    for (const who of [
      'sip:carol@example.com',
      'sips:carol@EXAMPLE.com',
      'mailto:carol@example.com',
      'sip:carol@example.org',
      'sip:alice@bad.example.net',
      'sip:bob@good.example.net',
      'sip:bob@GOOD.example.net;transport=tcp',
      'sip:bob@good.example.net:5061',
      'sip:%62ob@good.example.net',
      'tel:+1-212-555-1234',
      'tel:+12125551234',
      'sip:alice@example.com',
    ]) {
      expect([who, ask(who)]).toEqual([who, false]);
    }
    expect(ask('sip:bob@bad.example.net', 'sip:carol@example.org')).toBe(false);
    expect(matches(example, { ...inForce, sphere: 'home', identities: ['sip:bob@bad.example.net'] })).toBe(
      false,
    );
    expect(
      matches(example, {
        ...inForce,
        now: Date.parse('2003-12-24T19:00:00+01:00'),
        identities: ['sip:bob@bad.example.net'],
      }),
    ).toBe(false);
  });

  test('§7.1.3.3 matches any user within example.com except alice and bob', () => {
    const example = textOf(fixture('rfc4745/7.1.3.3-domain-except.xml'));
    for (const who of [
      'sip:carol@example.com',
      'sip:carol@Example.COM',
      'sip:Alice@example.com',
      'pres:carol@example.com',
    ]) {
      expect([who, matches(example, from(who))]).toEqual([who, true]);
    }
    for (const who of [
      'sip:alice@example.com',
      'sip:bob@example.com',
      'sip:bob@example.com;user=phone',
      'sip:carol@example.org',
      'sip:carol@sub.example.com',
      'sip:carol@notexample.com',
      'sip:carol@example.com.evil.org',
      'sip:example.com@evil.org',
      'sip:carol%40example.com@evil.org',
      'sip:carol@evil.org;x=@example.com',
      'sip:carol@evil.org?x=example.com',
      'tel:+1212;phone-context=example.com',
    ]) {
      expect([who, matches(example, from(who))]).toEqual([who, false]);
    }
  });
});

describe('an <except> (§7.1.3)', () => {
  test('takes effect within its own <many> only', () => {
    const document = allowingIdentity('<many domain="b"><except id="sip:x@b"/></many><one id="sip:x@b"/>');
    expect(isAllowed(document, from('sip:x@b'))).toBe(true);
    const documents = ruleset(
      allowing('<identity><many domain="b"><except id="sip:x@b"/></many></identity>', 'r1') +
        allowing('<identity><many/></identity>', 'r2'),
    );
    expect(isAllowed(documents, from('sip:x@b'))).toBe(true);
  });

  test('of several, any is enough to leave somebody out', () => {
    const document = allowingIdentity(
      '<many><except domain="a"/><except id="sip:x@b"/><except domain="c"/></many>',
    );
    expect(isAllowed(document, from('sip:y@b'))).toBe(true);
    for (const who of ['sip:y@a', 'sip:x@b', 'sip:y@c']) expect(isAllowed(document, from(who))).toBe(false);
  });

  test('of a domain leaves its subdomains in, and the many of a domain leaves them out', () => {
    expect(
      isAllowed(allowingIdentity('<many><except domain="b.example"/></many>'), from('sip:a@c.b.example')),
    ).toBe(true);
    expect(isAllowed(allowingIdentity('<many domain="b.example"/>'), from('sip:a@c.b.example'))).toBe(false);
  });

  test('leaves out a watcher one of whose identities cannot be read', () => {
    const document = allowingIdentity('<many domain="b"><except id="sip:x@b"/></many>');
    expect(isAllowed(document, from('sip:a@b', 'sip:x@b@c'))).toBe(false);
    expect(isAllowed(allowingIdentity('<many domain="b"/>'), from('sip:a@b', 'sip:x@b@c'))).toBe(true);
  });
});

describe('a single entity (§7.2)', () => {
  test('must not have a domain: with one it matches nobody, as <except> its <many> (@req rfc4745:7.2:1)', () => {
    expect(isAllowed(allowingIdentity('<one id="sip:a@b" domain="b"/>'), from('sip:a@b'))).toBe(false);
    expect(
      isAllowed(allowingIdentity('<many><except id="sip:a@b" domain="c"/></many>'), from('sip:d@e')),
    ).toBe(false);
  });

  test('is a URI: what is none matches nobody, not even when it is the same (@req rfc4745:7.2:2)', () => {
    expect(isAllowed(allowingIdentity('<one id="alice@example.com"/>'), from('alice@example.com'))).toBe(
      false,
    );
    expect(
      isAllowed(
        allowingIdentity('<many><except id="alice@example.com"/></many>'),
        from('sip:bob@example.com'),
      ),
    ).toBe(false);
  });
});
