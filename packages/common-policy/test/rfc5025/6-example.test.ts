import { textOf } from '@sip-simple/testkit';
import { expect, test } from 'vitest';
import {
  parse,
  provideActivities,
  provideServices,
  providesAttribute,
  providesDevice,
  providesPerson,
  providesService,
  provideUserInput,
  subHandling,
} from '../../src/index.ts';
import { fixture } from '../fixtures.ts';
import { decide, from } from '../policies.ts';

const RPID = 'urn:ietf:params:xml:ns:pidf:rpid';
const example = textOf(fixture('rfc5025/6-example.xml'));

test('the example document decides as its text says (§6)', () => {
  const { permissions, until } = decide(example, from('sip:user@example.com'));
  expect(until).toBeUndefined();
  expect(permissions.subHandling).toBe('allow');
  expect(providesService(permissions, { uri: 'sip:someone@example.com' })).toBe(true);
  expect(providesService(permissions, { uri: 'mailto:someone@example.com' })).toBe(true);
  expect(providesService(permissions, { uri: 'tel:+1212' })).toBe(false);
  expect(providesPerson(permissions, { id: 'any' })).toBe(true);
  expect(providesDevice(permissions, { id: 'any' })).toBe(false);
  expect(providesAttribute(permissions, 'person', { namespace: RPID, local: 'activities' })).toBe(true);
  expect(permissions.userInput).toBe('bare');
  expect(
    providesAttribute(permissions, 'service', {
      namespace: 'urn:vendor-specific:foo-namespace',
      local: 'foo',
    }),
  ).toBe(true);
  expect(providesAttribute(permissions, 'person', { namespace: RPID, local: 'mood' })).toBe(false);
});

test('the example document gives everybody else nothing', () => {
  const nothing = decide([], from('sip:user@example.com')).permissions;
  for (const request of [
    from('sip:other@example.com'),
    from('sip:user@example.org'),
    { identities: ['sip:user@example.com'], isAuthenticated: false },
  ]) {
    expect(decide(example, request).permissions).toEqual(nothing);
  }
});

test('the example document reads as written', () => {
  const [rule] = parse(example).rules;
  expect(rule?.id).toBe('a');
  expect(rule?.conditions?.identities[0]?.one[0]?.id).toBe('sip:user@example.com');
  expect(subHandling.of(rule?.actions ?? {})).toBe('allow');
  expect(provideServices.of(rule?.transformations ?? {})).toMatchObject({
    serviceUriSchemes: ['sip', 'mailto'],
  });
  expect(provideActivities.of(rule?.transformations ?? {})).toBe(true);
  expect(provideUserInput.of(rule?.transformations ?? {})).toBe('bare');
});
