import { describe, expect, test } from 'vitest';
import { presencePackage } from '../../src/index.ts';
import { document, PresenceWorld, text } from '../presence-world.ts';

const served = { domains: ['example.com', '192.0.2.1'] };

describe('RFC 3856 §6 the presence event package', () => {
  test('is named "presence" and carries PIDF, in NOTIFY and in PUBLISH (§6.1, §6.5, @req rfc3856:6.5:1 rfc6665:5.4.5:1 rfc6665:5.4.5:3 rfc3903:10.1:1 rfc3903:10.1:2 rfc3903:10.1:3)', () => {
    const { name, mediaTypes, publication } = presencePackage();
    expect(name).toBe('presence');
    expect(mediaTypes).toEqual(['application/pidf+xml']);
    expect(publication?.mediaTypes).toEqual(['application/pidf+xml']);
  });

  test('lasts 3600 seconds unless asked otherwise (§6.4, @req rfc6665:3.1.1:2 rfc6665:5.4.4:2)', () => {
    const made = new PresenceWorld();
    made.send('SUBSCRIBE sip:alice@example.com', ['Event: presence', 'Contact: <sip:x@192.0.2.77>']);
    expect(made.phone.response().raw('Expires')).toEqual(['3600']);
    expect(made.publish(document('open')).expires).toBe('3600');
  });

  test('allows one dialog for a SUBSCRIBE that forks (§6.9, @req rfc6665:5.4.9:1)', () => {
    expect(presencePackage().forks).toBe('one');
  });

  test('refuses bounds that contradict each other', () => {
    expect(() => presencePackage({ minSubscriptionSeconds: 100, maxSubscriptionSeconds: 99 })).toThrow(
      RangeError,
    );
    expect(presencePackage({ minPublicationSeconds: 7200 }).publication?.expires).toEqual({
      min: 7200,
      default: 7200,
      max: 86_400,
    });
  });

  test('a subscriber of it accepts application/pidf+xml (§6.5, @req rfc3856:6.5:3)', () => {
    const made = new PresenceWorld(served);
    made.watch();
    const [subscribe] = made.world.requests('SUBSCRIBE');
    expect(subscribe?.raw('Accept')).toEqual(['application/pidf+xml']);
  });

  test('the body is of the type in Accept, or PIDF without one; another type alone is answered 406 (§6.7, @req rfc3856:6.7:5)', () => {
    const made = new PresenceWorld();
    const subscribe = (accept: readonly string[]) => {
      made.send('SUBSCRIBE sip:alice@example.com', [
        'Event: presence',
        'Contact: <sip:x@192.0.2.77>',
        ...accept,
      ]);
      return made.phone.response().status;
    };
    expect(subscribe([])).toBe(200);
    expect(subscribe(['Accept: application/cpim-pidf+xml, application/pidf+xml;q=0.1'])).toBe(200);
    expect(subscribe(['Accept: application/cpim-pidf+xml'])).toBe(406);
    for (let i = 0; i < 2; i++)
      expect(made.phone.next().raw('Content-Type')).toEqual(['application/pidf+xml']);
  });

  test('of a presentity that nothing is known of, a document without tuples is shown (@req rfc6665:4.1.2.4:2)', () => {
    const made = new PresenceWorld(served);
    made.watch();
    expect(made.seen).toHaveLength(1);
    expect(made.seen[0]).toContain('entity="sip:alice@192.0.2.1"');
    expect(made.seen[0]).not.toContain('<tuple');
  });
});

describe('RFC 3856 §6.6.2 authorization', () => {
  test('with a policy to ask, nobody is admitted before it has spoken (@req rfc3856:6.6.2:1)', () => {
    const made = new PresenceWorld({ ...served, policy: 'ask' });
    made.watch();
    expect(made.seen).toEqual([]);
    const [asked] = made.server.all('authorize');
    expect(asked).toMatchObject({ watcher: 'sip:bob@example.com', resource: 'sip:alice@192.0.2.1' });
    if (asked === undefined || !('subscription' in asked))
      throw new Error('the policy was asked for a publication');
    made.input({ type: 'decision', subscription: asked.subscription, decision: 'confirm' });
    expect(made.states.at(-1)).toBe('pending');
    expect(made.seen[0]).toContain('<note');
    expect(made.seen[0]).not.toContain('<tuple');
    made.input({ type: 'decision', subscription: asked.subscription, decision: 'allow' });
    expect(made.states.at(-1)).toBe('active');
  });

  test('with a policy to ask, publications are asked about too', () => {
    const made = new PresenceWorld({ policy: 'ask' });
    made.send(
      'PUBLISH sip:alice@example.com',
      ['Event: presence', 'Content-Type: application/pidf+xml'],
      document('open'),
    );
    const [asked] = made.server.all('authorize');
    if (asked === undefined || !('publication' in asked)) throw new Error('nobody was asked');
    made.input({ type: 'decision', publication: asked.publication, decision: 'block' });
    expect(made.phone.response().status).toBe(403);
    expect(made.agent.counts.publications).toBe(0);
  });
});

describe('RFC 3856 §6.7 notifying', () => {
  test('a watcher is told what is published, each change of it, and its end', () => {
    const made = new PresenceWorld(served);
    const uri = 'sip:alice@192.0.2.1';
    made.watch();
    const open = document('open', 't1', uri);
    const { etag } = made.publish(open, ['Expires: 600'], uri);
    const closed = document('closed', 't1', uri);
    made.publish(closed, ['Expires: 600', `SIP-If-Match: ${etag}`], uri);
    made.world.advance(600);
    expect(made.seen).toHaveLength(4);
    // of one publication, the very bytes
    expect(made.seen.slice(1, 3)).toEqual([open, closed]);
    expect(made.seen[3]).not.toContain('<tuple');
  });

  test('a refresh of a publication is told to nobody (RFC 3903 §15 M9, M10)', () => {
    const made = new PresenceWorld(served);
    const uri = 'sip:alice@192.0.2.1';
    made.watch();
    const { etag } = made.publish(document('open'), [], uri);
    const told = made.seen.length;
    expect(made.publish('', [`SIP-If-Match: ${etag}`], uri).status).toBe(200);
    expect(made.seen).toHaveLength(told);
  });

  test('what several user agents publish is composed by the agent, for all watchers alike (§6.9, §6.11, @req rfc3856:6.9:1 rfc6665:5.4.11:1)', () => {
    const made = new PresenceWorld(served);
    const uri = 'sip:alice@192.0.2.1';
    made.publish(document('open', 'desk'), [], uri);
    made.publish(document('closed', 'mobile'), [], uri);
    made.watch('alice', 'one');
    made.watch('alice', 'two');
    expect(made.seen[0]).toMatch(/id="desk"[\s\S]*id="mobile"/);
    expect(made.seen[1]).toBe(made.seen[0]);
  });

  test('a watcher stays subscribed for a day and misses nothing', () => {
    const made = new PresenceWorld(served);
    const uri = 'sip:alice@192.0.2.1';
    made.watch();
    made.world.advance(86_400);
    made.publish(document('open', 't9'), [], uri);
    expect(made.states).toEqual(['notify_wait', 'active']);
    expect(made.seen.at(-1)).toContain('id="t9"');
    expect(made.agent.counts).toEqual({ subscriptions: 1, publications: 1 });
  });

  test('a malformed document is answered 400, and watchers keep what they had', () => {
    const made = new PresenceWorld(served);
    const uri = 'sip:alice@192.0.2.1';
    made.watch();
    const { etag } = made.publish(document('open'), [], uri);
    const told = made.seen.length;
    expect(made.publish('<presence', [`SIP-If-Match: ${etag}`], uri).status).toBe(400);
    expect(made.seen).toHaveLength(told);
  });

  test('event state that is signed end to end is refused, never changed (RFC 3903 §14.4, @req rfc3903:14.4:2)', () => {
    const made = new PresenceWorld();
    made.send(
      'PUBLISH sip:alice@example.com',
      ['Event: presence', 'Content-Type: multipart/signed;boundary=x'],
      '--x--',
    );
    const response = made.phone.response();
    expect(response.status).toBe(415);
    expect(response.raw('Accept')).toEqual(['application/pidf+xml']);
  });
});

describe('the presentity', () => {
  test.each([
    'sip:alice@example.com',
    'sips:alice@example.com',
    'pres:alice@example.com',
    'pres:alice@EXAMPLE.com?x=y',
    'sip:%61lice@EXAMPLE.COM:5070;transport=tcp',
  ])('is one under all forms of its URI (§5): %s', (uri) => {
    const made = new PresenceWorld();
    made.publish(document('open'));
    made.send(`SUBSCRIBE ${uri}`, ['Event: presence', 'Contact: <sip:x@192.0.2.77>']);
    expect(made.phone.response().status).toBe(200);
    expect(text(made.phone.next())).toContain('<basic>open</basic>');
  });

  test.each([
    'sip:example.com',
    'sip:alice@example.org',
    'pres:alice@example.org',
    'im:alice@example.com',
    'pres:nobody',
  ])('is not found outside of its domains, or without a user: %s', (uri) => {
    const made = new PresenceWorld();
    made.send(`SUBSCRIBE ${uri}`, ['Event: presence', 'Contact: <sip:x@192.0.2.77>']);
    expect(made.phone.response().status).toBe(404);
    expect(made.publish(document('open'), [], uri).status).toBe(404);
  });
});

describe('the presence agent as an element', () => {
  test('answers OPTIONS with what it serves (RFC 3903 §7, RFC 6665 §4.4.4, @req rfc3903:7:1 rfc3903:7:2)', () => {
    const made = new PresenceWorld();
    made.send('OPTIONS sip:example.com', []);
    const response = made.phone.response();
    expect(response.status).toBe(200);
    expect(response.raw('Allow').join(', ')).toBe('SUBSCRIBE, PUBLISH, NOTIFY, OPTIONS');
    expect(response.raw('Allow-Events')).toEqual(['presence']);
  });

  test('answers NOTIFY with 481: it has subscribed to nothing (RFC 6665 §4.1.3)', () => {
    const made = new PresenceWorld();
    made.send('NOTIFY sip:example.com', ['Event: presence', 'Subscription-State: active']);
    expect(made.phone.response().status).toBe(481);
  });

  test('names itself by a GRUU of its own making (RFC 6665 §4.5.1, @req rfc6665:4.5.1:1)', () => {
    const made = new PresenceWorld();
    made.send('SUBSCRIBE sip:alice@example.com', ['Event: presence', 'Contact: <sip:x@192.0.2.77>']);
    expect(made.phone.response().raw('Contact')).toEqual(['<sip:192.0.2.1:5060;gr>']);
    expect(made.phone.next().raw('Contact')).toEqual(['<sip:192.0.2.1:5060;gr>']);
  });

  test('ends by telling its watchers to come back, and they do (RFC 6665 §4.4.2)', () => {
    const made = new PresenceWorld(served);
    made.watch();
    made.input({ type: 'shutdown' });
    expect(made.states).toEqual(['notify_wait', 'active', 'terminated deactivated', 'notify_wait', 'active']);
  });

  test('has publications and subscriptions again after a restart, and nothing is left when all have run out', () => {
    const before = new PresenceWorld(served);
    const uri = 'sip:alice@192.0.2.1';
    before.publish(document('open'), ['Expires: 600'], uri);
    before.watch();
    const after = new PresenceWorld(served);
    for (const action of before.server.all('save')) after.input({ ...action, type: 'restore' });
    expect(after.agent.counts).toEqual({ subscriptions: 1, publications: 1 });
    after.input({ type: 'restore', key: 'sub/none', record: undefined });
    after.world.advance(600);
    const [notify] = after.world.requests('NOTIFY');
    expect(notify?.raw('CSeq')).toEqual(['66 NOTIFY']);
    expect(text(notify ?? after.phone.next())).not.toContain('<tuple');
    after.world.advance(3100);
    expect(after.agent.counts).toEqual({ subscriptions: 0, publications: 0 });
    expect(after.agent.deadline).toBeUndefined();
  });
});
