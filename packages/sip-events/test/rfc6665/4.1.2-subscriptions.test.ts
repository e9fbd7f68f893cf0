import { describe, expect, test } from 'vitest';
import { NotifierDialog, SubscriberWorld } from '../subscriber-world.ts';

describe('RFC 6665 §4.1.2.1 requesting a subscription', () => {
  test('SUBSCRIBE has one Event, Expires, Accept and Contact (@req rfc6665:3.1.2:1 rfc6665:3.1.1:1)', () => {
    const made = new SubscriberWorld();
    made.subscribe({ eventId: '7' });
    const request = made.phone.next();
    expect(request.method).toBe('SUBSCRIBE');
    expect(request.uri).toBe('sip:alice@192.0.2.77');
    expect(request.raw('Event')).toEqual(['note;id=7']);
    expect(request.raw('Expires')).toEqual(['3600']);
    expect(request.raw('Accept')).toEqual(['text/plain, text/upper']);
    expect(request.raw('Contact')).toEqual(['<sip:192.0.2.1:5060;gr>']);
    expect(request.raw('To')).toEqual(['<sip:alice@192.0.2.77>']);
  });

  test('each subscription has a dialog of its own, also to the same target (@req rfc6665:4.5.2:1)', () => {
    const made = new SubscriberWorld();
    made.subscribe();
    const first = made.phone.next();
    made.phone.answer(first, 200, ['Expires: 3600']);
    new NotifierDialog(made.phone, first).notify('active;expires=3600');
    made.subscribe({ subscription: 'other' });
    const second = made.phone.next();
    expect(second.raw('Call-ID')).not.toEqual(first.raw('Call-ID'));
    expect(second.raw('To')[0]).not.toContain('tag=');
  });

  test.each([200, 202])(
    '%i, then NOTIFY: waiting, then active with what the NOTIFY says (@req rfc6665:8.3:1 rfc6665:4.1.3:4)',
    (status) => {
      const made = new SubscriberWorld();
      made.subscribe();
      const request = made.phone.next();
      made.phone.answer(request, status, ['Expires: 3600', 'Contact: <sip:alice@192.0.2.77:5060>']);
      expect(made.told).toEqual(['notify_wait']);
      expect(new NotifierDialog(made.phone, request).notify('active;expires=600', 'here')).toBe(200);
      expect(made.told).toEqual(['notify_wait', 'active']);
      expect(made.bodies).toEqual(['here']);
      expect(made.client.all('subscription').at(-1)?.expiresAt).toBe(made.world.now + 600_000);
    },
  );

  test('NOTIFY may come before the 2xx (@req rfc6665:4.1.2.4:3)', () => {
    const made = new SubscriberWorld();
    made.subscribe();
    const request = made.phone.next();
    const dialog = new NotifierDialog(made.phone, request);
    expect(dialog.notify('pending;expires=600')).toBe(200);
    made.phone.answer(request, 200, ['Expires: 600']);
    expect(dialog.notify('active;expires=600', 'here')).toBe(200);
    expect(made.told).toEqual(['notify_wait', 'pending', 'active']);
  });

  test('the From tag of the NOTIFY makes the dialog, not the To tag of the 2xx (@req rfc6665:4.1.4:1)', () => {
    const made = new SubscriberWorld();
    made.subscribe();
    const request = made.phone.next();
    made.phone.answer(request, 200, ['Expires: 600']);
    expect(new NotifierDialog(made.phone, request, 'fork').notify('active;expires=600')).toBe(200);
    expect(made.told.at(-1)).toBe('active');
  });

  test('NOTIFY without expires leaves what the 2xx granted', () => {
    const made = new SubscriberWorld();
    made.subscribe();
    const request = made.phone.next();
    made.phone.answer(request, 200, ['Expires: 120']);
    new NotifierDialog(made.phone, request).notify('active');
    made.world.advance(60);
    expect(made.phone.next().method).toBe('SUBSCRIBE');
  });

  test('an error is the end, and is told', () => {
    const made = new SubscriberWorld();
    made.subscribe();
    made.phone.answer(made.phone.next(), 403);
    expect(made.told).toEqual(['notify_wait', 'terminated 403']);
    made.world.advance(7200);
    expect(made.phone.waiting).toBe(0);
    expect(made.subscriber.deadline).toBeUndefined();
  });

  test('423 is tried again with Min-Expires', () => {
    const made = new SubscriberWorld();
    made.subscribe({ expiresSeconds: 60 });
    made.phone.answer(made.phone.next(), 423, ['Min-Expires: 1800']);
    expect(made.phone.next().raw('Expires')).toEqual(['1800']);
  });

  test('no NOTIFY until Timer N ends the attempt; one that comes later is answered 481 (@req rfc6665:4.1.2.4:1)', () => {
    const made = new SubscriberWorld();
    made.subscribe();
    const request = made.phone.next();
    made.phone.answer(request, 200, ['Expires: 3600']);
    made.world.advance(31.999);
    expect(made.told).toEqual(['notify_wait']);
    made.world.advance(0.001);
    expect(made.told).toEqual(['notify_wait', 'terminated 408']);
    expect(new NotifierDialog(made.phone, request).notify('active;expires=600')).toBe(481);
  });
});

describe('RFC 6665 §4.1.2.2 refreshing', () => {
  test('a refresh goes out before the end, in the dialog, with the same Event (@req rfc6665:4.5.2:8)', () => {
    const { made, dialog } = active({ eventId: '7' });
    made.world.advance(3540);
    const refresh = made.phone.next();
    expect(refresh.method).toBe('SUBSCRIBE');
    expect(refresh.uri).toBe('sip:alice@192.0.2.77:5060');
    expect(refresh.raw('Call-ID')).toEqual(dialog.subscribe.raw('Call-ID'));
    expect(refresh.raw('To')[0]).toContain('tag=notifier');
    expect(refresh.raw('Event')).toEqual(['note;id=7']);
    expect(refresh.raw('CSeq')).toEqual(['2 SUBSCRIBE']);
    made.phone.answer(refresh, 200, ['Expires: 3600']);
    expect(dialog.notify('active;expires=3600', '', ['Event: note;id=7'])).toBe(200);
    made.world.advance(3539);
    expect(made.phone.waiting).toBe(0);
    made.world.advance(1);
    expect(made.phone.next().raw('CSeq')).toEqual(['3 SUBSCRIBE']);
  });

  test.each([404, 405, 410, 416, 480, 482, 483, 484, 485, 489, 501, 604])(
    '%i to a refresh ends the subscription (@req rfc6665:4.1.2.2:1)',
    (status) => {
      const { made, dialog } = active();
      made.world.advance(3540);
      made.phone.answer(made.phone.next(), status);
      expect(made.told.at(-1)).toBe(`terminated ${status}`);
      expect(dialog.notify('active;expires=600')).toBe(481);
      expect(made.subscriber.deadline).toBeUndefined();
    },
  );

  test('481 to a refresh ends it, and a new subscription begins with a new Call-ID and tag (@req rfc6665:4.1.2.2:1)', () => {
    const { made, dialog } = active();
    made.world.advance(3540);
    made.phone.answer(made.phone.next(), 481);
    expect(made.told.slice(-2)).toEqual(['terminated 481', 'notify_wait']);
    const again = made.phone.next();
    expect(again.raw('Call-ID')).not.toEqual(dialog.subscribe.raw('Call-ID'));
    expect(again.raw('From')).not.toEqual(dialog.subscribe.raw('From'));
    expect(again.raw('To')[0]).not.toContain('tag=');
  });

  test.each([400, 403, 500, 503, 600])(
    '%i to a refresh leaves the subscription until it expires',
    (status) => {
      const { made, dialog } = active();
      made.phone.autoAnswer = () => status;
      made.world.advance(3540);
      expect(dialog.notify('active', 'still')).toBe(200);
      expect(made.bodies.at(-1)).toBe('still');
      made.world.advance(59.9);
      expect(made.told.at(-1)).toBe('active');
      made.world.advance(0.1);
      expect(made.told.at(-1)).toBe('terminated');
    },
  );

  test('423 to a refresh is tried again with Min-Expires', () => {
    const { made } = active();
    made.world.advance(3540);
    made.phone.answer(made.phone.next(), 423, ['Min-Expires: 7200']);
    expect(made.phone.next().raw('Expires')).toEqual(['7200']);
  });

  test('a refresh without a NOTIFY until Timer N ends the subscription', () => {
    const { made } = active();
    made.world.advance(3540);
    made.phone.answer(made.phone.next(), 200, ['Expires: 3600']);
    made.world.advance(31.999);
    expect(made.told.at(-1)).toBe('active');
    made.world.advance(0.001);
    expect(made.told.at(-1)).toBe('terminated 408');
  });

  test('204 to a refresh says that no NOTIFY comes, and stops Timer N (@req rfc6665:4.1.2.2:2)', () => {
    const { made } = active();
    made.world.advance(3540);
    made.phone.answer(made.phone.next(), 204, ['Expires: 3600']);
    made.world.advance(3000);
    expect(made.told.at(-1)).toBe('active');
  });

  test('one can be asked for at any time', () => {
    const { made } = active();
    made.input({ type: 'refresh', subscription: 'mine' });
    expect(made.phone.next().raw('Expires')).toEqual(['3600']);
  });

  test('NOTIFY is a target refresh: SUBSCRIBEs go to its Contact from then on (§3.2)', () => {
    const { made, dialog } = active();
    const other = made.world.phone('192.0.2.78');
    const moved = new NotifierDialog(other, dialog.subscribe);
    moved.sequence = 5;
    moved.notify('active;expires=3600');
    made.input({ type: 'refresh', subscription: 'mine' });
    expect(other.next().uri).toBe('sip:alice@192.0.2.78:5060');
  });
});

describe('RFC 6665 §4.1.2.3 unsubscribing', () => {
  test('is SUBSCRIBE with Expires 0, and over with the NOTIFY that follows, with or without a state', () => {
    const { made, dialog } = active();
    made.input({ type: 'unsubscribe', subscription: 'mine' });
    const request = made.phone.next();
    expect(request.raw('Expires')).toEqual(['0']);
    made.phone.answer(request, 200, ['Expires: 0']);
    expect(dialog.notify('terminated;reason=timeout', 'last')).toBe(200);
    expect(made.bodies.at(-1)).toBe('last');
    expect(made.told.at(-1)).toBe('terminated timeout');
    made.world.advance(7200);
    expect(made.phone.waiting).toBe(0);
    expect(made.client.dialogs.size).toBe(0);
  });

  test('before the first NOTIFY waits for it', () => {
    const made = new SubscriberWorld();
    made.subscribe();
    const request = made.phone.next();
    made.phone.answer(request, 200, ['Expires: 3600']);
    made.input({ type: 'unsubscribe', subscription: 'mine' });
    expect(made.phone.waiting).toBe(0);
    new NotifierDialog(made.phone, request).notify('active;expires=3600');
    expect(made.phone.next().raw('Expires')).toEqual(['0']);
  });

  test('between two attempts is over at once', () => {
    const { made, dialog } = active();
    dialog.notify('terminated;reason=probation;retry-after=600');
    made.input({ type: 'unsubscribe', subscription: 'mine' });
    expect(made.told.at(-1)).toBe('terminated');
    made.world.advance(7200);
    expect(made.phone.waiting).toBe(0);
    expect(made.subscriber.deadline).toBeUndefined();
  });
});

describe('RFC 6665 §4.4.3 fetching', () => {
  test('asks with Expires 0, tells the state and is over', () => {
    const made = new SubscriberWorld();
    made.subscribe({ expiresSeconds: 0 });
    const request = made.phone.next();
    expect(request.raw('Expires')).toEqual(['0']);
    made.phone.answer(request, 200, ['Expires: 0']);
    expect(new NotifierDialog(made.phone, request).notify('terminated;reason=timeout', 'here')).toBe(200);
    expect(made.bodies).toEqual(['here']);
    expect(made.told).toEqual(['notify_wait', 'terminated timeout']);
    made.world.advance(100);
    expect(made.phone.waiting).toBe(0);
    expect(made.subscriber.deadline).toBeUndefined();
  });
});

describe('use', () => {
  test('a name twice, or a package that is not known, is the caller’s fault', () => {
    const made = new SubscriberWorld();
    made.subscribe();
    expect(() => made.subscribe()).toThrow(RangeError);
    expect(() => made.subscribe({ subscription: 'x', event: 'unknown' })).toThrow(RangeError);
  });
});

function active(more: { eventId?: string } = {}) {
  const made = new SubscriberWorld();
  made.subscribe(more);
  const request = made.phone.next();
  made.phone.answer(request, 200, ['Expires: 3600']);
  const dialog = new NotifierDialog(made.phone, request);
  dialog.notify('active;expires=3600', 'here', [`Event: note${more.eventId === undefined ? '' : ';id=7'}`]);
  return { made, dialog };
}
