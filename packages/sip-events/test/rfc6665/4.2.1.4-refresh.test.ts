import { describe, expect, test } from 'vitest';
import { NotifierWorld } from '../notifier-world.ts';
import { text } from '../world.ts';

describe('RFC 6665 §4.2.1.4 refreshing and ending', () => {
  test('a refresh extends the subscription, answers with Expires, and brings the state again (@req rfc6665:4.2.1.2:1 rfc6665:4.2.2:1)', () => {
    const { world, watcher, notifier } = setUp();
    watcher.watch(['Event: note', 'Expires: 600']);
    world.advance(500);
    watcher.subscribe(['Event: note', 'Expires: 600']);
    expect(watcher.phone.response().raw('Expires')).toEqual(['600']);
    const notify = watcher.phone.next();
    expect(notify.raw('Subscription-State')).toEqual(['active;expires=600']);
    expect(notify.raw('CSeq')).toEqual(['2 NOTIFY']);
    expect(text(notify)).toBe('here');
    watcher.phone.answer(notify, 200);
    world.advance(599);
    expect(notifier.size).toBe(1);
    world.advance(1);
    expect(notifier.size).toBe(0);
  });

  test('a refresh may shorten it', () => {
    const { world, watcher, notifier } = setUp();
    watcher.watch(['Event: note', 'Expires: 3600']);
    watcher.watch(['Event: note', 'Expires: 60']);
    world.advance(60);
    expect(notifier.size).toBe(0);
  });

  test('a refresh that is too brief is answered 423 and changes nothing (@req rfc6665:4.2.1.4:2)', () => {
    const { world, watcher, notifier } = setUp();
    watcher.watch(['Event: note', 'Expires: 600']);
    watcher.subscribe(['Event: note', 'Expires: 10']);
    expect(watcher.phone.response().status).toBe(423);
    expect(watcher.phone.waiting).toBe(0);
    world.advance(599);
    expect(notifier.size).toBe(1);
  });

  test('the Accept of the newest SUBSCRIBE counts', () => {
    const { watcher, publish } = setUp();
    watcher.watch();
    watcher.watch(['Event: note', 'Accept: text/upper']);
    publish('new');
    expect(text(watcher.phone.next())).toBe('NEW');
  });

  test('one that is not refreshed ends with terminated;reason=timeout (@req rfc6665:4.2.1.4:3 rfc6665:4.2.1.4:4 rfc6665:4.2.2:8 rfc6665:4.1.3:7)', () => {
    const { world, watcher, server } = setUp();
    watcher.watch(['Event: note', 'Expires: 600']);
    world.advance(599.999);
    expect(watcher.phone.waiting).toBe(0);
    world.advance(0.001);
    const last = watcher.phone.next();
    expect(last.raw('Subscription-State')).toEqual(['terminated;reason=timeout']);
    watcher.phone.answer(last, 200);
    expect(server.dialogs.size).toBe(0);
    expect(server.all('forget')).toHaveLength(1);
  });

  test('Expires 0 in the dialog ends it at once, with a last NOTIFY', () => {
    const { watcher, notifier, publish, world } = setUp();
    watcher.watch();
    watcher.subscribe(['Event: note', 'Expires: 0']);
    const response = watcher.phone.response();
    expect(response.status).toBe(200);
    expect(response.raw('Expires')).toEqual(['0']);
    const last = watcher.phone.next();
    expect(last.raw('Subscription-State')).toEqual(['terminated;reason=timeout']);
    expect(text(last)).toBe('here');
    watcher.phone.answer(last, 200);
    publish('unseen');
    expect(watcher.phone.waiting).toBe(0);
    expect(notifier.size).toBe(0);
    world.advance(100);
    expect(notifier.deadline).toBeUndefined();
  });

  test('a SUBSCRIBE in a dialog whose subscription is gone is answered 481 (§4.4.1)', () => {
    const { watcher } = setUp();
    watcher.watch();
    watcher.watch(['Event: note', 'Expires: 0']);
    watcher.subscribe();
    expect(watcher.phone.response().status).toBe(481);
    expect(watcher.phone.waiting).toBe(0);
  });

  test('a SUBSCRIBE that is older than the last one is answered 500 (RFC 3261 §12.2.2)', () => {
    const { watcher } = setUp();
    watcher.sequence = 10;
    watcher.watch();
    watcher.sequence = 5;
    watcher.subscribe();
    expect(watcher.phone.response().status).toBe(500);
  });

  test('SUBSCRIBE is a target refresh: NOTIFYs go to its Contact from then on (§3.1)', () => {
    const { watcher, publish } = setUp();
    watcher.watch();
    watcher.watch(['Event: note', 'Contact: <sip:moved@192.0.2.77:5060;x=1>']);
    publish('new');
    expect(watcher.phone.next().uri).toBe('sip:moved@192.0.2.77:5060;x=1');
  });
});

describe('RFC 6665 §4.4.3 fetching', () => {
  test('SUBSCRIBE with Expires 0 outside of a dialog brings the state once, terminated;reason=timeout', () => {
    const { watcher, notifier, server, publish } = setUp();
    watcher.subscribe(['Event: note', 'Expires: 0']);
    const response = watcher.phone.response();
    expect(response.status).toBe(200);
    expect(response.raw('Expires')).toEqual(['0']);
    const only = watcher.phone.next();
    expect(only.raw('Subscription-State')).toEqual(['terminated;reason=timeout']);
    expect(text(only)).toBe('here');
    watcher.phone.answer(only, 200);
    publish('unseen');
    expect(watcher.phone.waiting).toBe(0);
    expect(notifier.size).toBe(0);
    expect(server.dialogs.size).toBe(0);
    expect(server.all('save')).toEqual([]);
  });
});

describe('RFC 6665 §4.4.2 migration', () => {
  test('ending all subscriptions tells every watcher to subscribe again elsewhere', () => {
    const { world, made, notifier } = setUp();
    const watchers = ['ann', 'bob', 'cat'].map((name, index) => made.watcher(name, `192.0.2.${80 + index}`));
    for (const watcher of watchers) watcher.watch();
    made.input({ type: 'terminate', reason: 'deactivated' });
    for (const watcher of watchers) {
      const last = watcher.phone.next();
      expect(last.raw('Subscription-State')).toEqual(['terminated;reason=deactivated']);
      watcher.phone.answer(last, 200);
    }
    expect(notifier.size).toBe(0);
    world.advance(100);
    expect(made.server.deadline).toBeUndefined();
  });

  test.each(['probation', 'giveup', 'noresource', 'invariant'] as const)(
    'one subscription, or those of a resource, end with the reason given: %s (§4.1.3)',
    (reason) => {
      const { made, notifier } = setUp();
      const ann = made.watcher('ann', '192.0.2.80');
      const bob = made.watcher('bob', '192.0.2.81');
      ann.watch();
      bob.watch();
      const [first] = made.server.all('changed');
      made.input({ type: 'terminate', reason, retryAfterSeconds: 90, subscription: first?.subscription });
      expect(ann.phone.next().raw('Subscription-State')).toEqual([
        `terminated;reason=${reason};retry-after=90`,
      ]);
      expect(notifier.size).toBe(1);
      made.input({ type: 'terminate', reason, event: 'note', resource: 'nobody@example.com' });
      expect(notifier.size).toBe(1);
      made.input({ type: 'terminate', reason, event: 'note', resource: 'alice@example.com' });
      expect(bob.phone.next().raw('Subscription-State')).toEqual([`terminated;reason=${reason}`]);
    },
  );
});

function setUp() {
  const made = new NotifierWorld();
  made.states.set('alice@example.com', 'here');
  const { world, notifier, server } = made;
  return {
    made,
    world,
    notifier,
    server,
    watcher: made.watcher('bob'),
    publish: (state: string) => made.publish(state),
  };
}
