import { parse as parseXml } from '@sip-simple/xml';
import { describe, expect, test } from 'vitest';
import { ownerOnly, pidfManipulation } from '../../src/index.ts';
import { fixture } from '../fixtures.ts';

const ann = 'sip:ann@example.com';
const bob = 'sip:bob@example.com';

describe('the application usage pidf-manipulation', () => {
  test('has the AUID, media type and default namespace of RFC 4827 §4 to §6', () => {
    const { auid, mimeType, defaultNamespace } = pidfManipulation;
    expect(auid).toBe('pidf-manipulation');
    expect(mimeType).toBe('application/pidf+xml');
    expect(defaultNamespace).toBe('urn:ietf:params:xml:ns:pidf');
  });

  test('has one document for each user, named index, in the tree of users (§9)', () => {
    expect(pidfManipulation.documentNames).toEqual({ users: ['index'], global: [] });
  });

  test('takes the document of §11, and no other than presence documents (§7)', () => {
    expect(pidfManipulation.validate(parseXml(fixture('rfc4827/11-example.xml')))).toEqual([]);
    const other = parseXml('<?xml version="1.0"?><presence xmlns="urn:other"/>');
    expect(pidfManipulation.validate(other).map(({ rule }) => rule)).toEqual(['wrong-element']);
    expect(pidfManipulation.constraints).toBeUndefined();
    expect(pidfManipulation.uniqueness).toBeUndefined();
  });

  test('lets owners alone read and write their documents (§10)', () => {
    expect(pidfManipulation.authorize).toBe(ownerOnly);
  });
});

describe('the default authorization policy of RFC 4825 §5.7', () => {
  test.each([
    { user: ann, action: 'read', tree: 'users', owner: ann, isTrusted: false, may: true },
    { user: ann, action: 'write', tree: 'users', owner: ann, isTrusted: false, may: true },
    { user: bob, action: 'read', tree: 'users', owner: ann, isTrusted: false, may: false },
    { user: bob, action: 'write', tree: 'users', owner: ann, isTrusted: true, may: false },
    { user: undefined, action: 'read', tree: 'users', owner: undefined, isTrusted: false, may: false },
    { user: bob, action: 'read', tree: 'global', owner: undefined, isTrusted: false, may: true },
    { user: bob, action: 'write', tree: 'global', owner: undefined, isTrusted: false, may: false },
    { user: bob, action: 'write', tree: 'global', owner: undefined, isTrusted: true, may: true },
    { user: undefined, action: 'read', tree: 'global', owner: undefined, isTrusted: true, may: false },
  ] as const)('%j', ({ may, ...access }) => {
    expect(ownerOnly(access)).toBe(may);
  });
});
