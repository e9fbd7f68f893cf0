import { describe, expect, test } from 'vitest';
import { notePackage } from '../note-package.ts';
import { NotifierWorld } from '../notifier-world.ts';
import { text } from '../world.ts';

describe('RFC 6665 §4.2.2 sending state', () => {
  test('a change is told at once, with CSeq counted on (@req rfc6665:4.2.2:2)', () => {
    const { watcher, publish } = setUp();
    watcher.watch();
    publish('one');
    const first = watcher.phone.next();
    watcher.phone.answer(first, 200);
    publish('two');
    const second = watcher.phone.next();
    expect([text(first), text(second)]).toEqual(['one', 'two']);
    expect([first.raw('CSeq')[0], second.raw('CSeq')[0]]).toEqual(['2 NOTIFY', '3 NOTIFY']);
  });

  test('while a NOTIFY is out, changes wait, and the newest alone is told after its answer', () => {
    const { watcher, publish } = setUp();
    watcher.watch();
    for (const state of ['one', 'two', 'three', 'four']) publish(state);
    const first = watcher.phone.next();
    expect(text(first)).toBe('one');
    expect(watcher.phone.waiting).toBe(0);
    watcher.phone.answer(first, 200);
    expect(text(watcher.phone.next())).toBe('four');
    expect(watcher.phone.waiting).toBe(0);
  });

  test('the NOTIFY that answers a SUBSCRIBE does not wait for an earlier one (@req rfc6665:4.2.2:1)', () => {
    const { watcher } = setUp();
    watcher.subscribe();
    watcher.keepTag();
    watcher.subscribe();
    expect(watcher.phone.waiting).toBe(2);
  });

  test.each([404, 405, 410, 416, 480, 481, 482, 483, 484, 485, 489, 501, 604])(
    '%i to a NOTIFY ends the subscription, without another NOTIFY (@req rfc6665:4.2.2:4)',
    (status) => {
      const { world, watcher, publish, notifier, server } = setUp();
      watcher.subscribe();
      watcher.keepTag();
      watcher.phone.answer(watcher.phone.next(), status);
      expect(notifier.size).toBe(0);
      publish('unseen');
      world.advance(7200);
      expect(watcher.phone.waiting).toBe(0);
      expect(server.all('forget')).toHaveLength(1);
      expect(server.all('changed').at(-1)).toMatchObject({ state: 'terminated', reason: 'notify-failed' });
      watcher.subscribe();
      expect(watcher.phone.response().status).toBe(481);
    },
  );

  test.each([400, 401, 403, 406, 407, 415, 486, 500, 502, 503, 600, 603])(
    '%i to a NOTIFY loses that NOTIFY only (@req rfc6665:4.2.2:4)',
    (status) => {
      const { watcher, publish, notifier } = setUp();
      watcher.subscribe();
      watcher.keepTag();
      watcher.phone.answer(watcher.phone.next(), status);
      expect(watcher.phone.waiting).toBe(0);
      expect(notifier.size).toBe(1);
      publish('next');
      expect(text(watcher.phone.next())).toBe('next');
    },
  );

  test('503 with Retry-After holds NOTIFYs for so long, then the newest state is told', () => {
    const { world, watcher, publish } = setUp();
    watcher.subscribe();
    watcher.phone.answer(watcher.phone.next(), 503, ['Retry-After: 30']);
    publish('one');
    publish('two');
    world.advance(29.999);
    expect(watcher.phone.waiting).toBe(0);
    world.advance(0.001);
    expect(text(watcher.phone.next())).toBe('two');
  });

  test('a NOTIFY without any answer ends the subscription when Timer F fires (@req rfc6665:4.2.2:3)', () => {
    const { world, watcher, notifier, publish } = setUp();
    watcher.subscribe();
    world.advance(31.999);
    expect(notifier.size).toBe(1);
    world.advance(0.001);
    expect(notifier.size).toBe(0);
    const before = world.wire.length;
    publish('unseen');
    world.advance(100);
    expect(world.wire.length).toBe(before);
    expect(notifier.deadline).toBeUndefined();
  });

  test('one subscription that expires while its NOTIFY is out still ends with a last NOTIFY', () => {
    const { world, watcher, publish, notifier } = setUp();
    watcher.watch(['Event: note', 'Expires: 60']);
    world.advance(50);
    publish('one');
    world.advance(10);
    const states = world.requests('NOTIFY').map((notify) => notify.raw('Subscription-State')[0]);
    expect(states).toEqual(['active;expires=60', 'active;expires=10', 'terminated;reason=timeout']);
    expect(notifier.size).toBe(0);
  });

  test('a state that is not known any more is told as the neutral one (§5.4.7)', () => {
    const { made, watcher } = setUp();
    watcher.watch();
    made.states.delete('alice@example.com');
    made.input({ type: 'state', event: 'note', resource: 'alice@example.com', state: undefined });
    expect(text(watcher.phone.next())).toBe('nothing');
  });

  test('a change of a resource that nobody watches costs nothing', () => {
    const { made, server } = setUp();
    const before = server.actions.length;
    made.publish('unseen', 'nobody@example.com');
    expect(server.actions.length).toBe(before);
    expect(made.rendered).toBe(0);
  });

  test('a body is rendered once for all watchers of a class, whatever their number', () => {
    const { made } = setUp();
    const names = Array.from({ length: 50 }, (_, index) => `w${index}`);
    const watchers = names.map((name) => made.watcher(name, '192.0.2.90'));
    for (const [index, watcher] of watchers.entries()) {
      watcher.watch(['Event: note', `Accept: ${index % 2 === 0 ? 'text/plain' : 'text/upper'}`]);
    }
    const before = made.rendered;
    made.publish('new');
    expect(made.rendered - before).toBe(2);
    const notifies = made.server.all('send').slice(-50);
    expect(new Set(notifies.map((send) => text(send.request)))).toEqual(new Set(['new', 'NEW']));
  });

  test('a package may keep its NOTIFYs apart; the newest state is told when the time has passed (§5.4.10)', () => {
    const { world, watcher, publish } = setUp(5);
    watcher.watch();
    publish('one');
    publish('two');
    world.advance(4.999);
    expect(watcher.phone.waiting).toBe(0);
    world.advance(0.001);
    const told = watcher.phone.next();
    expect(text(told)).toBe('two');
    watcher.phone.answer(told, 200);
    world.advance(60);
    expect(watcher.phone.waiting).toBe(0);
    publish('three');
    expect(text(watcher.phone.next())).toBe('three');
  });
});

describe('RFC 6665 §4.5.2 several subscriptions in one dialog', () => {
  test('are told apart by the id of Event, which is in all their NOTIFYs (@req rfc6665:4.5.2:7)', () => {
    const { watcher, notifier, server, publish } = setUp();
    watcher.watch(['Event: note;id=1']);
    watcher.watch(['Event: note;id=2;x=y']);
    expect(notifier.size).toBe(2);
    expect(server.dialogs.size).toBe(1);
    publish('new');
    const events = [watcher.phone.next(), watcher.phone.next()].map((notify) => notify.raw('Event')[0]);
    expect(events.sort()).toEqual(['note;id=1', 'note;id=2']);
  });

  test('are refreshed and ended on their own; the dialog ends with the last (@req rfc6665:4.5.2:8)', () => {
    const { watcher, notifier, server } = setUp();
    watcher.watch(['Event: note;id=1']);
    watcher.watch(['Event: note;id=2']);
    watcher.watch(['Event: note;id=2']);
    expect(notifier.size).toBe(2);
    watcher.watch(['Event: note;id=1;other=3', 'Expires: 0']);
    expect(notifier.size).toBe(1);
    expect(server.dialogs.size).toBe(1);
    watcher.watch(['Event: note;id=2', 'Expires: 0']);
    expect(server.dialogs.size).toBe(0);
  });

  test('an id never matches none: without it, another subscription begins (§8.2.1)', () => {
    const { watcher, notifier } = setUp();
    watcher.watch(['Event: note;id=1']);
    watcher.watch(['Event: note']);
    expect(notifier.size).toBe(2);
  });

  test('count their NOTIFYs together', () => {
    const { world, watcher } = setUp();
    watcher.watch(['Event: note;id=1']);
    watcher.watch(['Event: note;id=2']);
    watcher.watch(['Event: note;id=1']);
    expect(world.requests('NOTIFY').map((notify) => notify.raw('CSeq')[0])).toEqual([
      '1 NOTIFY',
      '2 NOTIFY',
      '3 NOTIFY',
    ]);
  });
});

describe('limits (§6.3)', () => {
  test.each([
    ['all subscriptions', { subscriptions: 2 }],
    ['one resource', { perResource: 2 }],
  ])('of %s are answered 503 with Retry-After', (_what, limits) => {
    const made = new NotifierWorld({ limits: { ...limits, retryAfterSeconds: 7 } });
    for (const name of ['ann', 'bob']) made.watcher(name).watch();
    const cat = made.watcher('cat', '192.0.2.78');
    cat.subscribe();
    const response = cat.phone.response();
    expect(response.status).toBe(503);
    expect(response.raw('Retry-After')).toEqual(['7']);
    expect(cat.phone.waiting).toBe(0);
    expect(made.notifier.size).toBe(2);
  });

  test('of one watcher leave room for others, and are free again after the end', () => {
    const made = new NotifierWorld({ limits: { perWatcher: 1 } });
    const bob = made.watcher('bob');
    bob.watch();
    bob.subscribe(['Event: note;id=2']);
    expect(bob.phone.response().status).toBe(503);
    made.watcher('cat', '192.0.2.78').watch();
    made.input({ type: 'terminate', reason: 'deactivated' });
    // until the first request is forgotten, its like is a merged request (RFC 3261 §8.2.2.2)
    made.world.advance(40);
    made.watcher('bob', '192.0.2.79').watch();
    expect(made.notifier.size).toBe(1);
  });
});

function setUp(notifyInterval = 0) {
  const options = notifyInterval === 0 ? {} : { packages: [{ ...notePackage, notifyInterval }] };
  const made = new NotifierWorld(options);
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
