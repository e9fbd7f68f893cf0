import { describe, expect, test } from 'vitest';
import { permissionMissing } from '../../src/lists/index.ts';
import { ListWorld, listMessage } from '../list-world.ts';

const list = () => listMessage(['sip:bill@example.com', 'sip:joe@example.org', 'sip:ted@example.net']);

describe('who may send to whom (RFC 5363 §5.2, RFC 5360 §5.9)', () => {
  test('nothing is sent for one who may not use the service: 403 (@req rfc5365:10:1)', () => {
    const world = new ListWorld();
    expect(world.receive(list(), 'forbid')).toEqual({ status: 403, copies: [] });
  });

  test('when one has not agreed nobody gets it: 470 names them (@req rfc5365:10:1)', () => {
    const world = new ListWorld();
    const missing = ['sip:joe@example.org', 'sip:ted@example.net'];
    expect(world.receive(list(), { missing })).toEqual({ status: 470, copies: [] });
    expect(world.response.raw('Permission-Missing')).toEqual([
      '<sip:joe@example.org>',
      '<sip:ted@example.net>',
    ]);
    expect(world.response.getAll(permissionMissing)).toHaveLength(2);
    expect(world.response.reason).toBe('Consent Needed');
  });

  test('when none is missing all get it', () => {
    expect(new ListWorld().receive(list(), { missing: [] }).copies).toHaveLength(3);
  });
});
