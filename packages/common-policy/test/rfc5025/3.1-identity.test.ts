import { describe, expect, test } from 'vitest';
import { allowing, allowingIdentity, from, isAllowed, ruleset } from '../policies.ts';

describe('the identity of a watcher (§3.1.1.2)', () => {
  test('may be several URIs: if any matches a <one>, the watcher does', () => {
    const document = allowingIdentity('<one id="sip:a@b"/>');
    expect(isAllowed(document, from('sip:x@y', 'sip:a@b'))).toBe(true);
    expect(isAllowed(document, from('tel:+1212', 'sip:x@y'))).toBe(false);
  });

  test('may be several URIs: if any matches an <except>, the watcher does', () => {
    const document = allowingIdentity('<many><except id="sip:a@b"/><except domain="c"/></many>');
    expect(isAllowed(document, from('sip:x@y', 'sip:z@y'))).toBe(true);
    expect(isAllowed(document, from('sip:x@y', 'sip:a@b'))).toBe(false);
    expect(isAllowed(document, from('sip:x@y', 'sip:x@c'))).toBe(false);
  });

  test('may be several URIs: one of them in the domain of a <many> is enough', () => {
    const document = allowingIdentity('<many domain="b"><except id="tel:+1212"/></many>');
    expect(isAllowed(document, from('sip:x@y', 'sip:a@b'))).toBe(true);
    expect(isAllowed(document, from('tel:+1-212', 'sip:a@b'))).toBe(false);
  });

  test('of one scheme never matches an id of another, telephone number or not', () => {
    const number = '+12125551234';
    const tel = `tel:${number}`;
    const sip = `sip:${number}@example.com;user=phone`;
    expect(isAllowed(allowingIdentity(`<one id="${tel}"/>`), from(sip))).toBe(false);
    expect(isAllowed(allowingIdentity(`<one id="${sip}"/>`), from(tel))).toBe(false);
    expect(isAllowed(allowingIdentity(`<many><except id="${tel}"/></many>`), from(sip))).toBe(true);
    expect(isAllowed(allowingIdentity(`<many><except id="${sip}"/></many>`), from(tel))).toBe(true);
    expect(isAllowed(allowingIdentity('<one id="sip:a@b"/>'), from('sips:a@b'))).toBe(false);
    expect(isAllowed(allowingIdentity('<one id="sip:a@b"/>'), from('pres:a@b'))).toBe(false);
  });

  test('is used when the request asks for privacy, as if it did not', () => {
    const document = allowingIdentity('<one id="sip:a@b"/>');
    expect(isAllowed(document, { ...from('sip:a@b'), isAnonymous: true })).toBe(true);
  });

  test('is none of an anonymous request without an assertion: only rules without <identity> match', () => {
    const anonymous = {
      identities: ['sip:anonymous@anonymous.invalid'],
      isAuthenticated: false,
      isAnonymous: true,
    };
    expect(isAllowed(allowingIdentity('<many/>'), anonymous)).toBe(false);
    expect(isAllowed(allowingIdentity('<one id="sip:anonymous@anonymous.invalid"/>'), anonymous)).toBe(false);
    expect(isAllowed(ruleset(allowing('')), anonymous)).toBe(true);
  });
});
