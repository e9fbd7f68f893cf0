import { describe, expect, it } from 'vitest';
import { allowEvents, event, params, sipETag, sipIfMatch, subscriptionState } from '../../src/index.ts';
import { faultOf, requestWith } from '../support/text.ts';

describe('RFC 6665 §8.2', () => {
  it('reads Event with its id and its package’s parameters', () => {
    expect(event.parse('presence.winfo;id=7')).toEqual({
      package: 'presence.winfo',
      params: params({ id: '7' }),
    });
    expect(requestWith('o: dialog;call-id="a@b"').get(event)?.params.get('call-id')).toBe('"a@b"');
    expect(event.serialize({ package: 'presence', params: params({ id: 'x' }) })).toBe('presence;id=x');
    expect(faultOf(() => event.parse('')).code).toBe('value');
    expect(faultOf(() => requestWith('Event: a', 'o: b').get(event)).code).toBe('duplicate');
  });

  it('reads Allow-Events', () => {
    expect(requestWith('u: presence, presence.winfo').getAll(allowEvents)).toEqual([
      'presence',
      'presence.winfo',
    ]);
  });

  it('reads Subscription-State, its own parameters typed, others kept', () => {
    const written = 'terminated;reason=probation;expires=5;retry-after=10;x=y';
    expect(subscriptionState.parse('Terminated;x=y;Retry-After=10;reason=Probation;expires=5')).toEqual({
      state: 'terminated',
      reason: 'probation',
      expires: 5,
      retryAfter: 10,
      params: params({ x: 'y' }),
    });
    expect(subscriptionState.serialize(subscriptionState.parse(written))).toBe(written);
    for (const text of ['active;expires=x', 'active;expires', 'active;expires=-1', ';expires=1']) {
      expect(faultOf(() => subscriptionState.parse(text)).code).toBe('value');
    }
  });
});

describe('RFC 3903 §11.3', () => {
  it('reads entity-tags as tokens', () => {
    expect(requestWith('SIP-ETag: dx200xyz').get(sipETag)).toBe('dx200xyz');
    expect(requestWith('SIP-If-Match: dx200xyz').get(sipIfMatch)).toBe('dx200xyz');
    expect(faultOf(() => sipIfMatch.parse('"quoted"')).code).toBe('value');
    expect(faultOf(() => requestWith('SIP-If-Match: a', 'SIP-If-Match: b').get(sipIfMatch)).code).toBe(
      'duplicate',
    );
  });
});
