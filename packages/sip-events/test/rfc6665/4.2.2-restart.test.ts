import { describe, expect, test } from 'vitest';
import type { NotifierAction } from '../../src/index.ts';
import { NotifierWorld } from '../notifier-world.ts';
import { text, World } from '../world.ts';

describe('after a restart', () => {
  test('a subscription goes on in its dialog, behind every CSeq that a NOTIFY can have had', () => {
    const { watcher, again } = restarted((made, watcher) => {
      watcher.watch([
        'Event: note;id=3',
        'Record-Route: <sip:192.0.2.77;lr>',
        'Accept: text/upper',
        'Expires: 600',
      ]);
      made.publish('one');
      watcher.phone.answer(watcher.phone.next(), 200);
    });
    again.world.advance(100);
    again.publish('two');
    const notify = watcher.phone.next();
    expect(notify.raw('CSeq')).toEqual(['66 NOTIFY']);
    expect(notify.raw('Event')).toEqual(['note;id=3']);
    expect(notify.raw('Call-ID')).toEqual(['call-bob']);
    expect(notify.raw('From')[0]).toContain(watcher.toTag);
    expect(notify.raw('To')).toEqual(['<sip:bob@example.com>;tag=bob']);
    expect(notify.raw('Route')).toEqual(['<sip:192.0.2.77;lr>']);
    expect(notify.raw('Subscription-State')).toEqual(['active;expires=500']);
    expect(text(notify)).toBe('TWO');
  });

  test('is saved before the 200 that acknowledges it, and again before the NOTIFY that uses up its CSeq numbers', () => {
    const made = new NotifierWorld();
    const watcher = made.watcher('bob');
    watcher.watch();
    for (let state = 1; state <= 65; state++) {
      made.publish(`${state}`);
      watcher.phone.answer(watcher.phone.next(), 200);
    }
    const done = made.server.actions.map((action) => action.type);
    expect(done.slice(0, 4)).toEqual(['changed', 'save', 'respond', 'send']);
    expect(done.slice(4, -2)).toEqual(Array.from({ length: 64 }, () => 'send'));
    expect(done.slice(-2)).toEqual(['save', 'send']);
    expect(made.server.all('save')[0]?.expiresAt).toBe(made.world.now + 3_600_000);
  });

  test('it can be refreshed and ended as before', () => {
    const { watcher, again } = restarted((_made, watcher) => watcher.watch());
    watcher.watch(['Event: note', 'Expires: 600']);
    expect(again.notifier.size).toBe(1);
    watcher.watch(['Event: note', 'Expires: 0']);
    expect(again.notifier.size).toBe(0);
    expect(again.server.all('forget')).toHaveLength(1);
  });

  test('one that has run out meanwhile gets its last NOTIFY', () => {
    const { watcher, again } = restarted(
      (_made, watcher) => watcher.watch(['Event: note', 'Expires: 60']),
      61,
    );
    again.world.advance(0);
    expect(watcher.phone.next().raw('Subscription-State')).toEqual(['terminated;reason=timeout']);
    expect(again.notifier.size).toBe(0);
  });

  test('what was decided about a watcher still holds', () => {
    const { watcher, again } = restarted(
      (made, watcher) => {
        watcher.subscribe();
        const subscription = made.server.all('authorize')[0]?.subscription ?? '';
        made.input({ type: 'decision', subscription, decision: 'polite-block' });
        watcher.keepTag();
        watcher.phone.answer(watcher.phone.next(), 200);
      },
      0,
      'ask',
    );
    again.publish('secret');
    expect(watcher.phone.waiting).toBe(0);
  });

  test('two subscriptions in one dialog count on from the higher CSeq, in any order of restoring', () => {
    for (const order of [1, -1]) {
      const { watcher, again } = restarted(
        (_made, watcher) => {
          watcher.watch(['Event: note;id=1']);
          watcher.watch(['Event: note;id=2']);
          watcher.watch(['Event: note;id=1']);
        },
        0,
        'allow',
        order,
      );
      again.publish('new');
      const cseqs = [watcher.phone.next(), watcher.phone.next()].map((notify) => notify.raw('CSeq')[0]);
      expect(cseqs).toEqual(['68 NOTIFY', '69 NOTIFY']);
    }
  });

  test('a record given twice changes nothing, one of a package served no longer is forgotten, one that is none throws', () => {
    const made = new NotifierWorld();
    made.watcher('bob').watch();
    const [saved] = made.server.all('save');
    const record = saved?.record ?? new Uint8Array();
    made.input({ type: 'restore', key: saved?.key ?? '', record });
    expect(made.notifier.size).toBe(1);
    const other = new TextDecoder().decode(record).replace('"event":"note"', '"event":"old"');
    made.input({ type: 'restore', key: 'sub/old', record: new TextEncoder().encode(other) });
    expect(made.server.all('forget')).toEqual([{ type: 'forget', key: 'sub/old' }]);
    const broken = new TextDecoder().decode(record).replace('"callId"', '"x"');
    expect(() =>
      made.input({ type: 'restore', key: 'sub/x', record: new TextEncoder().encode(broken) }),
    ).toThrow('callId');
  });

  test('without persistence nothing is saved or forgotten', () => {
    const made = new NotifierWorld({ isPersistent: false });
    const bob = made.watcher('bob');
    bob.watch();
    bob.watch(['Event: note', 'Expires: 0']);
    expect(made.server.all('save')).toEqual([]);
    expect(made.server.all('forget')).toEqual([]);
  });
});

type Bob = ReturnType<NotifierWorld['watcher']>;

/** Runs a notifier, then begins another one from what the first has stored. */
function restarted(
  run: (made: NotifierWorld, watcher: Bob) => void,
  seconds = 0,
  policy: 'allow' | 'ask' = 'allow',
  order = 1,
) {
  const made = new NotifierWorld({ policy });
  const before = made.watcher('bob');
  run(made, before);
  const stored = new Map<string, Uint8Array>();
  for (const action of made.server.actions) keep(stored, action);
  const world = new World();
  const again = new NotifierWorld({ policy }, world);
  const watcher = again.watcher('bob');
  watcher.toTag = before.toTag;
  watcher.sequence = before.sequence;
  world.advance(seconds);
  const records = [...stored];
  if (order < 0) records.reverse();
  for (const [key, record] of records) again.input({ type: 'restore', key, record });
  expect(again.notifier.size).toBe(stored.size);
  return { made, again, watcher };
}

function keep(stored: Map<string, Uint8Array>, action: NotifierAction): void {
  if (action.type === 'save') stored.set(action.key, action.record);
  if (action.type === 'forget') stored.delete(action.key);
}
