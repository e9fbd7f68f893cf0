import { describe, expect, test } from 'vitest';
import { asRequest, param, phone, RegistrarWorld } from '../support/registrar.ts';
import { T0 } from '../support/sip.ts';

const CONTACT = 'Contact: <sip:bob@192.0.2.4>';

describe('RFC 3261 §10.3 processing REGISTER requests', () => {
  test('the example of §24.1 is accepted, and what it binds can be looked up (@req rfc3261:10.1:1)', () => {
    const world = new RegistrarWorld();
    const { status, response, contacts } = world.receive(
      asRequest('REGISTER sip:registrar.biloxi.com SIP/2.0', [
        'Via: SIP/2.0/UDP bobspc.biloxi.com:5060;branch=z9hG4bKnashds7',
        'Max-Forwards: 70',
        'To: Bob <sip:bob@biloxi.com>',
        'From: Bob <sip:bob@biloxi.com>;tag=456248',
        'Call-ID: 843817637684230@998sdasdh09',
        'CSeq: 1826 REGISTER',
        'Contact: <sip:bob@192.0.2.4>',
        'Expires: 7200',
      ]),
    );
    expect(status).toBe(200);
    expect(contacts).toEqual(['<sip:bob@192.0.2.4>;expires=7200']);
    expect(response.raw('To')[0]).toMatch(/^Bob <sip:bob@biloxi.com>;tag=.+/);
    expect(world.reached()).toEqual([['sip:bob@192.0.2.4']]);
  });

  test('Record-Route is ignored, and not in the answer (@req rfc3261:10.3:3 rfc3261:10.3:4 rfc3261:10.2:2)', () => {
    const world = new RegistrarWorld();
    const { status, response } = world.register([CONTACT, 'Record-Route: <sip:p.example.com;lr>, broken']);
    expect(status).toBe(200);
    expect(response.has('Record-Route')).toBe(false);
    expect(world.target().path).toEqual([]);
  });

  test('step 1: a REGISTER for another domain is for the proxy to forward (@req rfc3261:10.3:8)', () => {
    const world = new RegistrarWorld();
    const request = world.request([CONTACT], 'sip:elsewhere.example');
    const actions = world.handle({
      type: 'register',
      transaction: 't9',
      request,
      peer: phone,
      identity: 'sip:bob@biloxi.com',
    });
    expect(actions).toEqual([{ type: 'forward', transaction: 't9', request, peer: phone }]);
    expect(world.registrar.size).toBe(0);
  });

  test('step 2: what it does not know and is required is answered 420 with Unsupported (@req rfc3261:10.3:9)', () => {
    const world = new RegistrarWorld();
    const { status, response } = world.register([CONTACT, 'Require: path, nothingSupportsThis, Gruu']);
    expect(status).toBe(420);
    expect(response.raw('Unsupported')).toEqual(['nothingSupportsThis']);
    expect(world.reached()).toEqual([]);
  });

  test('step 4: who is not proved to be somebody, or is somebody else, gets 403, whatever else is wrong (@req rfc3261:10.3:10 rfc3261:10.3:12 rfc3261:10.3:13)', () => {
    const world = new RegistrarWorld();
    expect(world.register([CONTACT], { identity: undefined }).status).toBe(403);
    expect(world.register([CONTACT], { identity: 'sip:eve@biloxi.com' }).status).toBe(403);
    expect(world.register(['Contact: *'], { identity: 'sip:eve@biloxi.com' }).status).toBe(403);
    expect(
      world.register(['To: <sip:nobody@elsewhere.example>'], { identity: 'sip:bob@biloxi.com' }).status,
    ).toBe(403);
    expect(world.reached()).toEqual([]);
  });

  test('step 4: a decision from outside holds: third parties, and who is forbidden (@req rfc3261:10.3:12 rfc3261:10.3:13)', () => {
    const world = new RegistrarWorld();
    const secretary = { identity: 'sip:eve@biloxi.com', permission: 'allow' } as const;
    expect(world.register([CONTACT], secretary).status).toBe(200);
    expect(world.register([CONTACT], { permission: 'forbid' }).status).toBe(403);
  });

  test.each([
    ['a domain not served', 'To: <sip:bob@elsewhere.example>', 'sip:biloxi.com'],
    ['another domain than the Request-URI has', 'To: <sip:bob@example.com>', 'sip:biloxi.com'],
    ['a URI that is no SIP or SIPS URI', 'To: <tel:+12125551212>', 'sip:biloxi.com'],
    ['a name that GRUUs have', 'To: <sip:tgruu.abc@biloxi.com>', 'sip:biloxi.com'],
    ['more characters than are kept', `To: <sip:${'b'.repeat(600)}@biloxi.com>`, 'sip:biloxi.com'],
  ])('step 5: an address-of-record of %s is answered 404 (@req rfc3261:10.3:14)', (_case, line, uri) => {
    const world = new RegistrarWorld();
    expect(world.register([CONTACT, line], { permission: 'allow' }, uri).status).toBe(404);
    expect(world.registrar.size).toBe(0);
  });

  test('step 5: an address-of-record that nobody has is answered 404 (@req rfc3261:10.3:14)', () => {
    expect(new RegistrarWorld().register([CONTACT], { permission: 'unknown' }).status).toBe(404);
  });

  test('step 5: names of the registrar itself stand for all of its domains', () => {
    const world = new RegistrarWorld();
    expect(world.register([CONTACT], {}, 'sip:REGISTRAR.biloxi.com').status).toBe(200);
    expect(world.register([CONTACT, 'To: <sip:bob@example.com>'], {}, 'sip:192.0.2.1:5060').status).toBe(200);
    expect(world.reached('sip:bob@example.com')).toEqual([['sip:bob@192.0.2.4']]);
  });

  test.each([
    ['parameters', '<sip:bob@biloxi.com;user=phone;method=INVITE>'],
    ['escapes of what needs none', '<sip:%62ob@biloxi.com>'],
    ['the host in capitals', '<sip:bob@BILOXI.com>'],
    ['the default port', '<sip:bob@biloxi.com:5060>'],
  ])(
    'step 5: an address-of-record with %s is the same as without (@req rfc3261:10.3:15 rfc3261:10.3:16)',
    (_case, address) => {
      const world = new RegistrarWorld();
      expect(world.register([CONTACT, `To: ${address}`]).status).toBe(200);
      expect(world.reached('sip:bob@biloxi.com')).toEqual([['sip:bob@192.0.2.4']]);
    },
  );

  test('step 5: reserved characters stay escaped, so that a%40b is not a@b (@req rfc3261:10.3:15)', () => {
    const world = new RegistrarWorld();
    world.register([CONTACT, 'To: <sip:a%3bb@biloxi.com>']);
    expect(world.reached('sip:a;b@biloxi.com')).toEqual([]);
    expect(world.reached('sip:a%3Bb@biloxi.com')).toEqual([['sip:bob@192.0.2.4']]);
  });

  test('step 6: without Contact the bindings are told and left as they are', () => {
    const world = new RegistrarWorld();
    expect(world.register().contacts).toEqual([]);
    world.register([CONTACT]);
    world.pass(100);
    const { status, contacts, actions } = world.register();
    expect(status).toBe(200);
    expect(contacts).toEqual(['<sip:bob@192.0.2.4>;expires=3500']);
    expect(actions.map((action) => action.type)).toEqual(['respond']);
  });

  test.each([
    ['other contacts', ['Contact: *', 'Contact: <sip:bob@192.0.2.5>', 'Expires: 0']],
    ['other contacts in one field', ['Contact: <sip:bob@192.0.2.5>, *', 'Expires: 0']],
    ['itself twice', ['Contact: *, *', 'Expires: 0']],
    ['another Expires', ['Contact: *', 'Expires: 1']],
    ['no Expires', ['Contact: *']],
  ])('step 6: "*" with %s is answered 400 and changes nothing (@req rfc3261:10.3:17)', (_case, lines) => {
    const world = new RegistrarWorld();
    world.register([CONTACT]);
    expect(world.register(lines).status).toBe(400);
    expect(world.reached()).toEqual([['sip:bob@192.0.2.4']]);
  });

  test('step 6: "*" removes all bindings, those of other Call-IDs and of higher CSeqs there too (@req rfc3261:10.3:18 rfc3261:10.3:19 rfc3261:10.2.2:2)', () => {
    const world = new RegistrarWorld();
    world.register([CONTACT, 'Call-ID: a', 'CSeq: 9000 REGISTER']);
    world.register(['Contact: <sip:bob@192.0.2.5>', 'Call-ID: b', 'CSeq: 1 REGISTER']);
    const { status, contacts } = world.register([
      'Contact: *',
      'Expires: 0',
      'Call-ID: b',
      'CSeq: 2 REGISTER',
    ]);
    expect(status).toBe(200);
    expect(contacts).toEqual([]);
    expect(world.lookup()).toEqual({ type: 'unavailable', aor: 'sip:bob@biloxi.com', instance: undefined });
    expect(world.stored.size).toBe(0);
  });

  test.each(['2', '1'])(
    'step 6: "*" of the same Call-ID with a CSeq not higher fails and removes nothing: %s (@req rfc3261:10.3:19 rfc3261:10.3:20)',
    (sequence) => {
      const world = new RegistrarWorld();
      world.register(['Contact: <sip:bob@192.0.2.5>', 'Call-ID: a']);
      world.register([CONTACT, 'Call-ID: b', 'CSeq: 2 REGISTER']);
      const late = ['Contact: *', 'Expires: 0', 'Call-ID: b', `CSeq: ${sequence} REGISTER`];
      expect(world.register(late).status).toBe(500);
      expect(world.reached()).toEqual([['sip:bob@192.0.2.4', 'sip:bob@192.0.2.5']]);
    },
  );

  test('step 7: "expires" of a contact goes before Expires, which goes before the default (@req rfc3261:10.3:21 rfc3261:10.3:22 rfc3261:10.3:23)', () => {
    const world = new RegistrarWorld({ expires: { default: 1234 } });
    const { contacts } = world.register(['Contact: <sip:a@h>;expires=100, <sip:b@h>', 'Expires: 200']);
    expect(contacts).toEqual(['<sip:a@h>;expires=100', '<sip:b@h>;expires=200']);
    expect(world.register(['Contact: <sip:c@h>']).contacts.at(-1)).toBe('<sip:c@h>;expires=1234');
  });

  test('step 7: an interval longer than the maximum is cut, even beyond 2**32 (@req rfc3261:10.3:33)', () => {
    const world = new RegistrarWorld();
    const { contacts } = world.register(['Contact: <sip:a@h>;expires=99999999999999999999']);
    expect(contacts).toEqual(['<sip:a@h>;expires=7200']);
  });

  test.each(['tomorrow', '-5', '"300"'])(
    'step 7: a malformed "expires" is as good as 3600: %s (@req rfc3261:10.2:14)',
    (value) => {
      const world = new RegistrarWorld({ expires: { default: 1000 } });
      expect(world.register([`Contact: <sip:a@h>;expires=${value}`]).contacts).toEqual([
        '<sip:a@h>;expires=3600',
      ]);
    },
  );

  test('step 7: an interval between zero and the minimum is answered 423 with Min-Expires and changes nothing (@req rfc3261:10.3:26 rfc3261:10.3:6)', () => {
    const world = new RegistrarWorld({ expires: { minimum: 300 } });
    const { status, response } = world.register(['Contact: <sip:a@h>;expires=900, <sip:b@h>;expires=299']);
    expect(status).toBe(423);
    expect(response.raw('Min-Expires')).toEqual(['300']);
    expect(world.registrar.size).toBe(0);
    expect(world.register(['Contact: <sip:b@h>;expires=300']).status).toBe(200);
  });

  test('step 7: one hour is never too brief, whatever the minimum (@req rfc3261:10.3:26)', () => {
    const world = new RegistrarWorld({ expires: { minimum: 7000 } });
    const { status, response } = world.register(['Contact: <sip:a@h>;expires=3599']);
    expect(status).toBe(423);
    expect(response.raw('Min-Expires')).toEqual(['3600']);
    expect(world.register(['Contact: <sip:a@h>;expires=3600']).status).toBe(200);
  });

  test('step 7: contacts are compared as URIs are, not as text (@req rfc3261:10.3:28)', () => {
    const world = new RegistrarWorld();
    world.register(['Contact: <sip:%62ob@Host.example.com;transport=udp;x=1>']);
    const { contacts } = world.register(['Contact: <sip:bob@host.example.com;transport=UDP>;expires=500']);
    expect(contacts).toEqual(['<sip:bob@host.example.com;transport=UDP>;expires=500']);
    world.register(['Contact: <sip:bob@host.example.com>']);
    expect(world.registrar.size).toBe(2);
  });

  test('step 7: another Call-ID updates a binding, or removes it at zero, whatever the CSeq (@req rfc3261:10.3:27)', () => {
    const world = new RegistrarWorld();
    world.register([CONTACT, 'Call-ID: a', 'CSeq: 100 REGISTER']);
    expect(world.register([`${CONTACT};q=0.5`, 'Call-ID: b', 'CSeq: 1 REGISTER']).contacts).toEqual([
      '<sip:bob@192.0.2.4>;q=0.5;expires=3600',
    ]);
    // The binding has Call-ID and CSeq of the last request now.
    expect(world.register([CONTACT, 'Call-ID: b', 'CSeq: 1 REGISTER']).status).toBe(500);
    const removal = world.register([`${CONTACT};expires=0`, 'Call-ID: c', 'CSeq: 1 REGISTER']);
    expect(removal.status).toBe(200);
    expect(removal.contacts).toEqual([]);
  });

  test('step 7: a higher CSeq of the same Call-ID updates a binding, or removes it at zero (@req rfc3261:10.3:28)', () => {
    const world = new RegistrarWorld();
    world.register([CONTACT, 'CSeq: 5 REGISTER']);
    expect(world.register([`${CONTACT};expires=600`, 'CSeq: 7 REGISTER']).contacts).toEqual([
      '<sip:bob@192.0.2.4>;expires=600',
    ]);
    expect(world.register([`${CONTACT};expires=0`, 'CSeq: 8 REGISTER']).contacts).toEqual([]);
  });

  test.each(['4', '5'])(
    'step 7: a CSeq of the same Call-ID that is not higher fails the request as a whole: %s (@req rfc3261:10.3:29 rfc3261:10.3:30 rfc3261:10.3:31 rfc3261:10.3:6)',
    (sequence) => {
      const world = new RegistrarWorld();
      world.register([CONTACT, 'CSeq: 5 REGISTER']);
      const late = ['Contact: <sip:bob@192.0.2.9>', `${CONTACT};expires=0`, `CSeq: ${sequence} REGISTER`];
      const { status, actions } = world.register(late);
      expect(status).toBe(500);
      expect(actions.map((action) => action.type)).toEqual(['respond']);
      expect(world.reached()).toEqual([['sip:bob@192.0.2.4']]);
    },
  );

  test('step 7: a contact that is malformed fails the request as a whole (@req rfc3261:10.3:6 rfc3261:10.3:30)', () => {
    const world = new RegistrarWorld();
    expect(world.register(['Contact: <sip:a@h>', 'Contact: <sip:b@h>;q=;x']).status).toBe(400);
    expect(world.registrar.size).toBe(0);
  });

  test('one REGISTER may add, update and remove, and what it does is stored as one (@req rfc3261:10.3:6 rfc3261:10.3:30)', () => {
    const world = new RegistrarWorld();
    world.register(['Contact: <sip:a@h>, <sip:b@h>']);
    const { actions, contacts } = world.register([
      'Contact: <sip:a@h>;expires=0, <sip:b@h>;expires=600, <sip:c@h>',
    ]);
    expect(contacts).toEqual(['<sip:b@h>;expires=600', '<sip:c@h>;expires=3600']);
    expect(actions.map((action) => action.type)).toEqual([
      'save',
      'respond',
      'unregistered',
      'registered',
      'registered',
    ]);
  });

  test('of two values for the same binding in one request the last one holds', () => {
    const world = new RegistrarWorld();
    const { contacts } = world.register(['Contact: <sip:a@h>;q=0.1, <sip:a@H>;q=0.2']);
    expect(contacts).toEqual(['<sip:a@H>;q=0.2;expires=3600']);
    expect(world.register(['Contact: <sip:a@h>;expires=0, <sip:a@h>;expires=70']).contacts).toEqual([
      '<sip:a@h>;expires=70',
    ]);
    expect(world.registrar.size).toBe(1);
  });

  test('what could not be stored is taken back (step 7)', () => {
    const world = new RegistrarWorld();
    world.register([CONTACT]);
    const before = new Map(world.stored);
    const { actions } = world.register(['Contact: <sip:bob@192.0.2.9>', `${CONTACT};expires=0`]);
    const [save] = actions;
    if (save?.type !== 'save') throw new Error('nothing to store');
    // The driver could not, answers 500, and says what is there.
    world.handle({ type: 'restore', key: save.key, record: before.get(save.key) });
    expect(world.reached()).toEqual([['sip:bob@192.0.2.4']]);
    world.handle({ type: 'restore', key: save.key, record: undefined });
    expect(world.reached()).toEqual([]);
    expect(world.registrar.size).toBe(0);
    expect(world.registrar.deadline).toBeUndefined();
  });

  test('step 8: the 200 enumerates all bindings of everybody, each with the seconds left, and Date (@req rfc3261:10.3:32 rfc3261:10.3:33 rfc3261:10.3:34)', () => {
    const world = new RegistrarWorld();
    world.register([CONTACT, 'Call-ID: a']);
    world.pass(600.5);
    const { contacts, response } = world.register([
      'Contact: "Bob at home" <sip:bob@home.example.com>;q=0.7;methods="INVITE,BYE";expires=900',
      'Call-ID: b',
    ]);
    expect(contacts).toEqual([
      '<sip:bob@192.0.2.4>;expires=3000',
      '"Bob at home" <sip:bob@home.example.com>;q=0.7;methods="INVITE,BYE";expires=900',
    ]);
    expect(response.raw('Date')).toEqual([new Date(T0 + 600_000).toUTCString()]);
  });

  test('requests are processed one after another: each finds what the one before left (@req rfc3261:10.3:5)', () => {
    const world = new RegistrarWorld();
    const requests = ['0.1', '0.9'].map((q) => world.request([`${CONTACT};q=${q}`]));
    const [first, second] = requests.map((request) => world.receive(request).contacts);
    expect(first).toEqual(['<sip:bob@192.0.2.4>;q=0.1;expires=3600']);
    expect(second).toEqual(['<sip:bob@192.0.2.4>;q=0.9;expires=3600']);
  });

  test('other addresses-of-record have nothing to do with it (@req rfc3261:10.3:7)', () => {
    const world = new RegistrarWorld();
    world.register([CONTACT, 'CSeq: 9 REGISTER']);
    // The same contact, Call-ID and a lower CSeq, for somebody else.
    expect(world.register([CONTACT, 'To: <sip:carol@biloxi.com>', 'CSeq: 1 REGISTER']).status).toBe(200);
    world.register(['Contact: *', 'Expires: 0', 'To: <sip:carol@biloxi.com>', 'CSeq: 2 REGISTER']);
    expect(world.reached()).toEqual([['sip:bob@192.0.2.4']]);
  });

  test('contacts may have any scheme (§10.2.1)', () => {
    const world = new RegistrarWorld();
    world.register(['Contact: <mailto:bob@biloxi.com>;q=0.1, <tel:+12125551212>;q=0.2']);
    expect(world.reached()).toEqual([['tel:+12125551212'], ['mailto:bob@biloxi.com']]);
  });

  test('no request is answered 6xx (@req rfc3261:10.3:1)', () => {
    const requests = [
      ['Contact: *'],
      ['Contact: <sip:a@h>;expires=1'],
      ['Contact: <sip:bob@biloxi.com>'],
      ['Contact: <sip:a@h', 'Expires: x'],
      ['Require: x'],
      ['To: <sip:x@elsewhere.example>'],
      ['Path: <sip:p;lr>'],
      ['CSeq: 0 REGISTER', CONTACT],
    ];
    const world = new RegistrarWorld({ limits: { bindings: 1 } });
    world.register([CONTACT, 'CSeq: 1 REGISTER']);
    for (const lines of requests) expect(world.register(lines).status).toBeLessThan(600);
    expect(world.register(['Contact: <sip:a@h>']).status).toBe(503);
  });
});

describe('bindings over time', () => {
  test('a binding ends when its time is up, and not before', () => {
    const world = new RegistrarWorld();
    world.register([`${CONTACT};expires=100`, 'Contact: <sip:b@h>;expires=200']);
    world.pass(99.999);
    expect(world.reached()).toEqual([['sip:b@h', 'sip:bob@192.0.2.4']]);
    expect(world.told.filter((each) => each.type === 'unregistered')).toEqual([]);
    world.pass(0.001);
    expect(world.reached()).toEqual([['sip:b@h']]);
    world.pass(100);
    expect(world.lookup().type).toBe('unavailable');
    expect(world.told.slice(2)).toEqual([
      {
        type: 'unregistered',
        aor: 'sip:bob@biloxi.com',
        contact: 'sip:bob@192.0.2.4',
        reason: 'expired',
        remaining: 1,
      },
      {
        type: 'unregistered',
        aor: 'sip:bob@biloxi.com',
        contact: 'sip:b@h',
        reason: 'expired',
        remaining: 0,
      },
    ]);
    expect(world.registrar.deadline).toBeUndefined();
  });

  test('what has expired is not found, even when the tick has not come yet', () => {
    const world = new RegistrarWorld();
    world.register([`${CONTACT};expires=100`]);
    world.now += 100_000;
    expect(world.lookup().type).toBe('unavailable');
    // And does not stand in the way of a request that would be late for it.
    expect(world.register([CONTACT, 'CSeq: 1 REGISTER']).contacts).toEqual([
      '<sip:bob@192.0.2.4>;expires=3600',
    ]);
  });

  test('who watches is told of what is new, refreshed, removed and evicted', () => {
    const world = new RegistrarWorld();
    world.register([CONTACT]);
    world.register([CONTACT]);
    world.register([`${CONTACT};expires=0`, 'Contact: <sip:b@h>']);
    world.handle({ type: 'evict', aor: 'sip:bob@biloxi.com' });
    expect(
      world.told.map((each) => [each.type, each.contact, 'change' in each ? each.change : each.reason]),
    ).toEqual([
      ['registered', 'sip:bob@192.0.2.4', 'created'],
      ['registered', 'sip:bob@192.0.2.4', 'refreshed'],
      ['unregistered', 'sip:bob@192.0.2.4', 'removed'],
      ['registered', 'sip:b@h', 'created'],
      ['unregistered', 'sip:b@h', 'evicted'],
    ]);
    // The new contact was there when the old one went.
    expect(world.told[2]).toMatchObject({ remaining: 1 });
    expect(world.stored.size).toBe(0);
  });

  test('all is there after a restart, but what has expired meanwhile', () => {
    const world = new RegistrarWorld();
    world.register([
      'Contact: "B" <sip:b@h>;q=0.3;audio;+sip.instance="<urn:uuid:1>";expires=300',
      'Contact: <sip:c@h>;expires=100',
      'Path: <sip:p1@h;lr>, <sip:p2@h;lr>',
      'Supported: path',
    ]);
    world.now += 200_000;
    world.restart();
    expect(world.target()).toEqual({
      uri: 'sip:b@h',
      contact: '"B" <sip:b@h>;q=0.3;audio;+sip.instance="<urn:uuid:1>"',
      q: 0.3,
      path: ['<sip:p1@h;lr>', '<sip:p2@h;lr>'],
      flow: phone,
      instance: 'urn:uuid:1',
      regId: 0,
      updatedAt: T0,
      alternates: [],
    });
    expect(world.register(['Contact: <sip:b@h>', 'CSeq: 1 REGISTER']).status).toBe(500);
    world.pass(100);
    expect(world.lookup().type).toBe('unavailable');
  });

  test('a record that is none is refused, and changes nothing', () => {
    const world = new RegistrarWorld();
    world.register([CONTACT]);
    for (const text of [
      '',
      'null',
      '{}',
      '{"v":2}',
      '{"v":1,"aor":1}',
      '{"v":1,"aor":"a","run":"","bindings":[{}],"instances":[]}',
    ]) {
      const record = new TextEncoder().encode(text);
      expect(() => world.handle({ type: 'restore', key: 'aor/sip:bob@biloxi.com', record })).toThrow(
        TypeError,
      );
    }
    expect(world.reached()).toEqual([['sip:bob@192.0.2.4']]);
  });
});

describe('looking up', () => {
  test('targets come by their preference, equal ones together, 1 where none is given (§10.2.1.2, §16.6)', () => {
    const world = new RegistrarWorld();
    world.register([
      'Contact: <sip:a@h>;q=0.5, <sip:b@h>, <sip:c@h>;q=0.500, <sip:d@h>;q=1.0, <sip:e@h>;q=0',
    ]);
    expect(world.reached()).toEqual([['sip:d@h', 'sip:b@h'], ['sip:c@h', 'sip:a@h'], ['sip:e@h']]);
  });

  test('capabilities are given back as they came (RFC 3840 §9)', () => {
    const world = new RegistrarWorld();
    const written =
      '<sip:b@h>;audio;video="FALSE";methods="INVITE,BYE";+sip.extra="#>=1";description="<A phone>"';
    expect(world.register([`Contact: ${written}`]).contacts).toEqual([`${written};expires=3600`]);
    expect(world.target().contact).toBe(written);
    expect(param(world.target().contact, 'methods')).toBe('INVITE,BYE');
  });

  test('users of pres: and im: are those of sip:, users of sips: are others', () => {
    const world = new RegistrarWorld();
    world.register([CONTACT]);
    expect(world.reached('im:bob@BILOXI.com')).toEqual([['sip:bob@192.0.2.4']]);
    expect(world.reached('pres:bob@biloxi.com')).toEqual([['sip:bob@192.0.2.4']]);
    expect(world.reached('sips:bob@biloxi.com')).toEqual([]);
  });

  test('a domain that is not served is unknown, and so is a URI without one', () => {
    const world = new RegistrarWorld();
    expect(world.lookup('sip:bob@elsewhere.example')).toEqual({ type: 'unknown' });
    expect(world.lookup('tel:+12125551212')).toEqual({ type: 'unknown' });
    expect(world.lookup('sip:alice@biloxi.com').type).toBe('unavailable');
  });
});

describe('limits', () => {
  test('an address-of-record has so many bindings, which can be refreshed and replaced', () => {
    const world = new RegistrarWorld({ limits: { perAddress: 2 } });
    world.register(['Contact: <sip:a@h>, <sip:b@h>']);
    expect(world.register(['Contact: <sip:c@h>']).status).toBe(403);
    expect(world.register(['Contact: <sip:a@h>, <sip:b@h>']).status).toBe(200);
    expect(world.register(['Contact: <sip:a@h>;expires=0, <sip:c@h>']).status).toBe(200);
    expect(world.registrar.size).toBe(2);
  });

  test('there are so many bindings in all: 503 with Retry-After beyond', () => {
    const world = new RegistrarWorld({ limits: { bindings: 1, retryAfterSeconds: 7 } });
    world.register([CONTACT]);
    const { status, response } = world.register(['Contact: <sip:c@h>']);
    expect(status).toBe(503);
    expect(response.raw('Retry-After')).toEqual(['7']);
    expect(world.register([CONTACT]).status).toBe(200);
  });

  test('a Contact or a Path has so many characters', () => {
    const world = new RegistrarWorld({ limits: { contactLength: 100 } });
    expect(world.register([`Contact: <sip:${'a'.repeat(100)}@h>`]).status).toBe(400);
    const path = `Path: ${'<sip:proxy@h;lr>,'.repeat(6)}<sip:proxy@h;lr>`;
    expect(world.register([CONTACT, path, 'Supported: path']).status).toBe(400);
  });
});
