import { describe, expect, test } from 'vitest';
import type { Decision } from '../../src/index.ts';
import { NotifierWorld } from '../notifier-world.ts';
import { text } from '../world.ts';

describe('RFC 6665 §4.2.1.3 authorization', () => {
  test('a watcher that is allowed at once is active (@req rfc6665:4.2.1.1:4)', () => {
    const { watcher } = setUp('allow');
    watcher.subscribe();
    expect(watcher.phone.response().status).toBe(200);
    const notify = watcher.phone.next();
    expect(notify.raw('Subscription-State')[0]).toMatch(/^active;/);
    expect(text(notify)).toBe('here');
  });

  test('the policy is told who asks for what', () => {
    const { watcher, server } = setUp(undefined);
    watcher.subscribe();
    const [asked] = server.all('authorize');
    expect(asked).toMatchObject({
      watcher: 'sip:bob@example.com',
      resource: 'alice@example.com',
      event: 'note',
    });
    expect(asked?.request.method).toBe('SUBSCRIBE');
  });

  test('a watcher that is blocked gets 403 and no NOTIFY (@req rfc6665:4.2.1.3:1)', () => {
    const { watcher, notifier, server } = setUp('block');
    watcher.subscribe();
    expect(watcher.phone.response().status).toBe(403);
    expect(watcher.phone.waiting).toBe(0);
    expect(notifier.size).toBe(0);
    expect(server.dialogs.size).toBe(0);
  });

  test('a watcher that must be confirmed is pending, sees no state, and is active once it is allowed (§4.2.2)', () => {
    const { watcher, decide, publish } = setUp('confirm');
    watcher.subscribe();
    expect(watcher.phone.response().status).toBe(200);
    const pending = watcher.phone.next();
    expect(pending.raw('Subscription-State')[0]).toBe('pending;expires=3600');
    expect(text(pending)).toBe('pending');
    watcher.phone.answer(pending, 200);
    publish('secret');
    expect(watcher.phone.waiting).toBe(0);
    decide('allow');
    const active = watcher.phone.next();
    expect(active.raw('Subscription-State')[0]).toBe('active;expires=3600');
    expect(text(active)).toBe('secret');
  });

  test('no decision in two seconds is a pending subscription: the response never waits for a user (@req rfc6665:4.2.1.1:1)', () => {
    const { world, watcher, decide } = setUp(undefined);
    watcher.subscribe();
    world.advance(1.999);
    expect(watcher.phone.inbox).toEqual([]);
    world.advance(0.001);
    expect(watcher.phone.response().status).toBe(200);
    const pending = watcher.phone.next();
    expect(pending.raw('Subscription-State')[0]).toMatch(/^pending;/);
    watcher.phone.answer(pending, 200);
    decide('allow');
    expect(watcher.phone.next().raw('Subscription-State')[0]).toMatch(/^active;/);
  });

  test('a pending watcher that is refused later gets terminated;reason=rejected', () => {
    const { watcher, decide, notifier } = setUp('confirm');
    watcher.watch();
    decide('block');
    const last = watcher.phone.next();
    expect(last.raw('Subscription-State')).toEqual(['terminated;reason=rejected']);
    expect(last.body.length).toBe(0);
    expect(notifier.size).toBe(0);
  });

  test('an active watcher whose permission is taken back is pending again, and sees no state', () => {
    const { watcher, decide, publish } = setUp('allow');
    watcher.watch();
    decide('confirm');
    const pending = watcher.phone.next();
    expect(pending.raw('Subscription-State')[0]).toMatch(/^pending;/);
    expect(text(pending)).toBe('pending');
    watcher.phone.answer(pending, 200);
    publish('secret');
    expect(watcher.phone.waiting).toBe(0);
  });

  test('one who is blocked politely cannot tell it from a resource without state (§6.2, @req rfc6665:6.2:1 rfc6665:6.2:2)', () => {
    const polite = setUp('polite-block');
    const honest = setUp('allow', {});
    for (const { watcher, world } of [polite, honest]) {
      watcher.watch();
      world.advance(3600);
    }
    polite.publish('secret');
    const seen = (made: typeof polite) =>
      made.world.wire
        .filter((sent) => sent.to === '192.0.2.77')
        .map((sent) => `${sent.at} ${new TextDecoder().decode(sent.bytes)}`);
    expect(seen(polite)).toEqual(seen(honest));
    expect(seen(polite).join()).not.toContain('secret');
  });

  test('the view of a decision says which part of the state a watcher is shown', () => {
    const { watcher, server, input } = setUp(undefined);
    watcher.subscribe();
    const subscription = server.all('authorize')[0]?.subscription ?? '';
    input({ type: 'decision', subscription, decision: 'allow', view: 'family' });
    expect(text(watcher.phone.next())).toBe('family:here');
  });

  test('a decision about a subscription that is gone changes nothing', () => {
    const { watcher, input, server } = setUp('allow');
    watcher.watch();
    const before = server.actions.length;
    input({ type: 'decision', subscription: 'sub/unknown', decision: 'block' });
    expect(server.actions.length).toBe(before);
  });

  test('a server that ends answers those who wait with 503 and Retry-After', () => {
    const { watcher, input, notifier } = setUp(undefined);
    watcher.subscribe();
    input({ type: 'terminate', reason: 'deactivated' });
    const response = watcher.phone.response();
    expect(response.status).toBe(503);
    expect(response.raw('Retry-After')).toEqual(['60']);
    expect(notifier.size).toBe(0);
    expect(notifier.deadline).toBeUndefined();
  });
});

function setUp(
  policy: Decision | undefined,
  states: Record<string, string> = { 'alice@example.com': 'here' },
) {
  const made = new NotifierWorld({ policy: 'ask' });
  for (const [resource, state] of Object.entries(states)) made.states.set(resource, state);
  const { world, notifier, server } = made;
  let asked = '';
  server.onAction = (action) => {
    if (action.type !== 'authorize') return;
    asked = action.subscription;
    if (policy !== undefined) decide(policy);
  };
  const decide = (decision: Decision) => made.input({ type: 'decision', subscription: asked, decision });
  return {
    world,
    notifier,
    server,
    decide,
    watcher: made.watcher('bob'),
    publish: (state: string) => made.publish(state),
    input: (input: Parameters<typeof made.input>[0]) => made.input(input),
  };
}
