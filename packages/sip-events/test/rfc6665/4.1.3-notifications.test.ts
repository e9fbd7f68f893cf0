import { describe, expect, test } from 'vitest';
import { notePackage } from '../note-package.ts';
import { NotifierDialog, SubscriberWorld } from '../subscriber-world.ts';

describe('RFC 6665 §4.1.3 receiving state', () => {
  test('a NOTIFY that matches no subscription is answered 481, or 489 when its package is unknown (@req rfc6665:4.1.3:1)', () => {
    const { made, dialog } = setUp();
    expect(dialog.notify('active;expires=60', 'x', ['Event: note;id=9'])).toBe(481);
    expect(dialog.notify('active;expires=60', 'x', ['Event: Note'])).toBe(489);
    expect(dialog.notify('active;expires=60', 'x', ['Subject: none'])).toBe(489);
    const strange = new NotifierDialog(made.phone, dialog.subscribe, 'stranger');
    expect(strange.notify('active;expires=60', 'x')).toBe(481);
    expect(made.bodies).toEqual(['here']);
  });

  test('one without a To tag, of a package we know, is answered 481; of another, 489 (@req rfc6665:4.1.3:1)', () => {
    const { made } = setUp();
    const send = (event: string) => {
      made.phone.request('NOTIFY sip:192.0.2.1', [
        'From: <sip:alice@192.0.2.77>;tag=x',
        'To: <sip:bob@example.com>',
        `Call-ID: stray-${event}`,
        'CSeq: 1 NOTIFY',
        `Event: ${event}`,
        'Subscription-State: active',
        'Contact: <sip:192.0.2.77>',
      ]);
      return made.phone.response().status;
    };
    expect(send('note')).toBe(481);
    expect(send('unknown')).toBe(489);
  });

  test('one without Subscription-State is answered 400 (@req rfc6665:4.1.3:3)', () => {
    const { made, dialog } = setUp();
    expect(dialog.notify('', 'x')).toBe(400);
    expect(made.bodies).toEqual(['here']);
  });

  test('a body of a type that was not accepted is answered 415 (§3.2.1)', () => {
    const { made, dialog } = setUp();
    expect(dialog.notify('active;expires=60', '<x/>', ['Event: note', 'Content-Type: text/xml'])).toBe(415);
    expect(made.bodies).toEqual(['here']);
  });

  test('every acceptable one is answered 200 before anything else is done with it (@req rfc6665:4.1.3:18 rfc6665:4.1.3:20)', () => {
    const { made, dialog } = setUp();
    made.client.actions.length = 0;
    dialog.notify('active;expires=60', 'new');
    expect(made.client.actions.map((action) => action.type)).toEqual(['respond', 'notified']);
  });

  test('a NOTIFY older than the last one is answered 500, and tells nothing (RFC 3261 §12.2.2)', () => {
    const { made, dialog } = setUp();
    dialog.sequence = 10;
    dialog.notify('active;expires=600', 'newer');
    dialog.sequence = 5;
    expect(dialog.notify('active;expires=600', 'older')).toBe(500);
    expect(made.bodies.at(-1)).toBe('newer');
  });

  test('expires of an active or pending subscription is taken over (@req rfc6665:4.1.3:4 rfc6665:4.1.3:5)', () => {
    const { made, dialog } = setUp();
    dialog.notify('active;expires=100');
    made.world.advance(49);
    expect(made.phone.waiting).toBe(0);
    made.world.advance(1);
    expect(made.phone.waiting).toBe(1);
  });

  test('terminated ends it, whatever expires says (@req rfc6665:4.1.3:6 rfc6665:4.1.3:7)', () => {
    const { made, dialog } = setUp();
    expect(dialog.notify('terminated;reason=noresource;expires=600')).toBe(200);
    expect(made.told.at(-1)).toBe('terminated noresource');
    expect(made.client.dialogs.size).toBe(0);
    expect(dialog.notify('active;expires=600')).toBe(481);
  });

  test('a state that no RFC knows changes nothing that is known, and its body is told', () => {
    const { made, dialog } = setUp();
    expect(dialog.notify('dormant;expires=600', 'new')).toBe(200);
    expect(made.told.at(-1)).toBe('active');
    expect(made.bodies.at(-1)).toBe('new');
  });

  test('the first NOTIFY of an unknown state still begins the subscription', () => {
    const made = new SubscriberWorld();
    made.subscribe();
    const dialog = new NotifierDialog(made.phone, made.phone.next());
    expect(dialog.notify('dormant;expires=600')).toBe(200);
    expect(made.told).toEqual(['notify_wait', 'pending']);
  });
});

describe('RFC 6665 §4.1.3 reason codes', () => {
  test.each([
    ['deactivated', '', 0],
    ['deactivated', ';retry-after=600', 0],
    ['timeout', '', 0],
    ['timeout', ';retry-after=600', 0],
    ['probation', ';retry-after=600', 600],
    ['giveup', ';retry-after=600', 600],
    ['probation', '', 30],
    ['giveup', '', 30],
    ['unheard-of', ';retry-after=600', 600],
    ['unheard-of', '', 30],
  ])(
    '%s%s is followed by a new subscription after %i s (@req rfc6665:4.1.3:9 rfc6665:4.1.3:10 rfc6665:4.1.3:11 rfc6665:4.1.3:14 rfc6665:4.4.2:1)',
    (reason, more, seconds) => {
      const { made, dialog } = setUp();
      // it has stood for long enough to be no failure
      made.world.advance(100);
      dialog.notify(`terminated;reason=${reason}${more}`);
      if (seconds > 0) {
        expect(made.client.all('subscription').at(-1)?.retryAt).toBe(made.world.now + seconds * 1000);
        made.world.advance(seconds - 0.001);
        expect(made.phone.waiting).toBe(0);
        made.world.advance(0.001);
      }
      const again = made.phone.next();
      expect(again.raw('Call-ID')).not.toEqual(dialog.subscribe.raw('Call-ID'));
      expect(again.raw('To')[0]).not.toContain('tag=');
    },
  );

  test.each(['rejected', 'noresource', 'invariant'])(
    '%s is not followed by another try, whatever retry-after says (@req rfc6665:4.1.3:12 rfc6665:4.1.3:16 rfc6665:4.1.3:17)',
    (reason) => {
      const { made, dialog } = setUp();
      dialog.notify(`terminated;reason=${reason};retry-after=1`);
      made.world.advance(86_400);
      expect(made.phone.waiting).toBe(0);
      expect(made.subscriber.deadline).toBeUndefined();
    },
  );

  test('no reason at all is followed by another try after a pause', () => {
    const { made, dialog } = setUp();
    dialog.notify('terminated');
    made.world.advance(30);
    expect(made.phone.waiting).toBe(1);
  });

  test('a notifier that ends every subscription at once is not hammered: the pauses grow to half an hour', () => {
    const { made, dialog } = setUp();
    dialog.notify('terminated;reason=deactivated');
    const times: number[] = [];
    for (let i = 0; i < 10; i++) {
      while (made.phone.waiting === 0) made.world.advance(10);
      times.push(made.world.now);
      const next = made.phone.next();
      made.phone.answer(next, 200, ['Expires: 3600']);
      new NotifierDialog(made.phone, next).notify('terminated;reason=deactivated');
    }
    const pauses = times.slice(1).map((time, index) => (time - (times[index] ?? 0)) / 1000);
    expect(pauses).toEqual([60, 120, 240, 480, 960, 1800, 1800, 1800, 1800]);
  });
});

describe('RFC 6665 §4.1.4, §5.4.9 forking', () => {
  test('a package of one dialog keeps the first notifier; the others get 481 (@req rfc6665:5.4.9:1)', () => {
    const { made, dialog } = setUp();
    const fork = new NotifierDialog(made.phone, dialog.subscribe, 'other');
    expect(fork.notify('active;expires=600', 'there')).toBe(481);
    expect(dialog.notify('active;expires=600', 'again')).toBe(200);
    expect(made.bodies).toEqual(['here', 'again']);
  });

  test('a package of many keeps each notifier that answers until Timer N, each with its own state (@req rfc6665:4.1.4:1 rfc6665:5.4.9:2 rfc6665:5.4.9:3)', () => {
    const { made, dialog } = setUp('many');
    const second = new NotifierDialog(made.phone, dialog.subscribe, 'second');
    expect(second.notify('pending;expires=600', 'there')).toBe(200);
    expect(made.client.dialogs.size).toBe(2);
    const dialogs = made.client.all('notified').map((each) => each.dialog);
    expect(new Set(dialogs).size).toBe(2);
    made.world.advance(32);
    const late = new NotifierDialog(made.phone, dialog.subscribe, 'late');
    expect(late.notify('active;expires=600')).toBe(481);
    expect(dialog.notify('active;expires=600')).toBe(200);
  });

  test('one of several may end without ending the others', () => {
    const { made, dialog } = setUp('many');
    const second = new NotifierDialog(made.phone, dialog.subscribe, 'second');
    second.notify('active;expires=3600');
    dialog.notify('terminated;reason=deactivated');
    expect(made.phone.waiting).toBe(0);
    made.world.advance(3540);
    const refresh = made.phone.next();
    expect(refresh.raw('To')[0]).toContain('tag=second');
  });
});

function setUp(forks: 'one' | 'many' = 'one') {
  const made = new SubscriberWorld({ packages: [{ ...notePackage, forks }] });
  made.subscribe();
  const request = made.phone.next();
  made.phone.answer(request, 200, ['Expires: 3600']);
  const dialog = new NotifierDialog(made.phone, request);
  dialog.notify('active;expires=3600', 'here');
  return { made, dialog };
}
