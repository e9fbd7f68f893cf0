import { describe, expect, test } from 'vitest';
import { Publisher, type PublisherAction, type PublisherInput } from '../../src/index.ts';
import { CompositorWorld } from '../compositor-world.ts';
import { type Element, text, World } from '../world.ts';

describe('RFC 3903 §4 publishing', () => {
  test('an initial PUBLISH has one Event, the body, and no SIP-If-Match (@req rfc3903:4.1:1 rfc3903:4.2:1 rfc3903:4.2:3)', () => {
    const { phone, publish } = setUp();
    publish('here', { expiresSeconds: 600 });
    const request = phone.next();
    expect(request.method).toBe('PUBLISH');
    expect(request.uri).toBe('sip:alice@192.0.2.77');
    expect(request.raw('Event')).toEqual(['note']);
    expect(request.raw('Expires')).toEqual(['600']);
    expect(request.raw('Content-Type')).toEqual(['text/plain']);
    expect(request.has('SIP-If-Match')).toBe(false);
    expect(text(request)).toBe('here');
  });

  test('without a wish for a duration, the compositor chooses', () => {
    const { phone, publish } = setUp();
    publish('here');
    expect(phone.next().has('Expires')).toBe(false);
  });

  test('a refresh goes out before the end, with the newest entity-tag and no body (@req rfc3903:4.3:1 rfc3903:4.3:2 rfc3903:4.3:4 rfc3903:4.1:2 rfc3903:4.1:3)', () => {
    const { world, phone, publish } = setUp();
    publish('here');
    phone.answer(phone.next(), 200, ['SIP-ETag: one', 'Expires: 1800']);
    world.advance(1739);
    expect(phone.waiting).toBe(0);
    world.advance(1);
    const refresh = phone.next();
    expect(refresh.raw('SIP-If-Match')).toEqual(['one']);
    expect(refresh.body.length).toBe(0);
    expect(refresh.has('Content-Type')).toBe(false);
    phone.answer(refresh, 200, ['SIP-ETag: two', 'Expires: 1800']);
    world.advance(1740);
    expect(phone.next().raw('SIP-If-Match')).toEqual(['two']);
  });

  test('a modification has the newest entity-tag and the body (@req rfc3903:4.4:1 rfc3903:4.4:2 rfc3903:4.4:3)', () => {
    const { phone, publish, told } = setUp();
    publish('here');
    phone.answer(phone.next(), 200, ['SIP-ETag: one', 'Expires: 1800']);
    publish('there');
    const modify = phone.next();
    expect(modify.raw('SIP-If-Match')).toEqual(['one']);
    expect(text(modify)).toBe('there');
    phone.answer(modify, 200, ['SIP-ETag: two', 'Expires: 1800']);
    publish('elsewhere');
    expect(phone.next().raw('SIP-If-Match')).toEqual(['two']);
    expect(told()).toEqual(['published one', 'published two']);
  });

  test('a removal has Expires 0, the entity-tag and no body (@req rfc3903:4.5:1 rfc3903:4.5:2)', () => {
    const { world, phone, publish, input, told, publisher } = setUp();
    publish('here');
    phone.answer(phone.next(), 200, ['SIP-ETag: one', 'Expires: 1800']);
    input({ type: 'remove', publication: 'mine' });
    const remove = phone.next();
    expect(remove.raw('Expires')).toEqual(['0']);
    expect(remove.raw('SIP-If-Match')).toEqual(['one']);
    expect(remove.body.length).toBe(0);
    phone.answer(remove, 200, ['SIP-ETag: two', 'Expires: 0']);
    expect(told()).toEqual(['published one', 'removed']);
    world.advance(7200);
    expect(phone.waiting).toBe(0);
    expect(publisher.deadline).toBeUndefined();
  });

  test('while a PUBLISH is out no other goes to its Request-URI; then the newest body does (@req rfc3903:4:6)', () => {
    const { phone, publish, world } = setUp();
    publish('one');
    publish('two');
    publish('three');
    publish('of another', { publication: 'other' });
    const first = phone.next();
    expect(phone.waiting).toBe(0);
    phone.answer(first, 200, ['SIP-ETag: e1', 'Expires: 1800']);
    const second = phone.next();
    expect(text(second)).toBe('three');
    expect(second.raw('SIP-If-Match')).toEqual(['e1']);
    expect(phone.waiting).toBe(0);
    // silence counts as an answer too
    world.advance(32);
    expect(text(phone.next())).toBe('three');
    while (phone.waiting > 1) phone.next();
    const other = phone.next();
    expect(text(other)).toBe('of another');
    expect(other.has('SIP-If-Match')).toBe(false);
  });

  test('publications of other Request-URIs do not wait', () => {
    const { phone, publish } = setUp();
    publish('one');
    publish('two', { publication: 'other', uri: 'sip:bob@192.0.2.77' });
    expect(phone.waiting).toBe(2);
  });

  test('412 discards the entity-tag, and the state is published anew (@req rfc3903:5:1 rfc3903:5:2 rfc3903:5:3)', () => {
    const { world, phone, publish } = setUp();
    publish('here');
    phone.answer(phone.next(), 200, ['SIP-ETag: one', 'Expires: 1800']);
    world.advance(1740);
    phone.answer(phone.next(), 412);
    const again = phone.next();
    expect(again.has('SIP-If-Match')).toBe(false);
    expect(text(again)).toBe('here');
  });

  test('412 to a removal is a removal', () => {
    const { phone, publish, input, told } = setUp();
    publish('here');
    phone.answer(phone.next(), 200, ['SIP-ETag: one', 'Expires: 1800']);
    input({ type: 'remove', publication: 'mine' });
    phone.answer(phone.next(), 412);
    expect(phone.waiting).toBe(0);
    expect(told().at(-1)).toBe('removed');
  });

  test('423 is tried again with Min-Expires (§5)', () => {
    const { phone, publish } = setUp();
    publish('here', { expiresSeconds: 10 });
    phone.answer(phone.next(), 423, ['Min-Expires: 900']);
    expect(phone.next().raw('Expires')).toEqual(['900']);
  });

  test('an entity-tag of an earlier run is tried first (§4.2, @req rfc3903:4.2:2)', () => {
    const { phone, publish } = setUp();
    publish('here', { entityTag: 'old' });
    const first = phone.next();
    expect(first.raw('SIP-If-Match')).toEqual(['old']);
    expect(text(first)).toBe('here');
    phone.answer(first, 412);
    expect(phone.next().has('SIP-If-Match')).toBe(false);
  });

  test('any other error is the end, and is told', () => {
    const { phone, publish, told, publisher } = setUp();
    publish('here');
    phone.answer(phone.next(), 403);
    expect(told()).toEqual(['failed 403']);
    expect(publisher.deadline).toBeUndefined();
  });

  test('Record-Route in a response makes no route (@req rfc3903:4:2 rfc3903:4:3)', () => {
    const { phone, publish } = setUp();
    publish('here');
    phone.answer(phone.next(), 200, ['SIP-ETag: one', 'Expires: 1800', 'Record-Route: <sip:192.0.2.99;lr>']);
    publish('there');
    const modify = phone.next();
    expect(modify.has('Route')).toBe(false);
    expect(modify.uri).toBe('sip:alice@192.0.2.77');
  });

  test('removing before anything was published sends nothing', () => {
    const { phone, publish, input, told } = setUp();
    publish('here');
    input({ type: 'remove', publication: 'mine' });
    phone.answer(phone.next(), 423, ['Min-Expires: 900']);
    expect(phone.waiting).toBe(0);
    expect(told().at(-1)).toBe('removed');
  });

  test('one name for two resources is the caller’s fault', () => {
    const { publish } = setUp();
    publish('here');
    expect(() => publish('there', { uri: 'sip:bob@192.0.2.77' })).toThrow(RangeError);
  });
});

describe('a publisher and a compositor', () => {
  test('keep a publication alive for a day, through changes, until it is removed', () => {
    const world = new World();
    const { compositor } = new CompositorWorld({ resourceOf: (request) => request.uri }, world);
    const { input, told } = setUp(world, '192.0.2.50');
    const uri = 'sip:alice@192.0.2.1';
    const publish = (body: string) =>
      input({
        type: 'publish',
        publication: 'mine',
        uri,
        event: 'note',
        body: new TextEncoder().encode(body),
        mediaType: 'text/plain',
      });
    const state = () => compositor.publications('note', uri).map((each) => each.document);
    publish('morning');
    world.advance(43_200);
    expect(state()).toEqual(['morning']);
    publish('evening');
    world.advance(43_200);
    expect(state()).toEqual(['evening']);
    expect(world.requests('PUBLISH').length).toBeLessThan(60);
    input({ type: 'remove', publication: 'mine' });
    expect(state()).toEqual([]);
    expect(told().at(-1)).toBe('removed');
  });
});

function setUp(world: World = new World(), host = '192.0.2.1') {
  const client: Element<PublisherAction> = world.element(host, ['NOTIFY']);
  const publisher = new Publisher({ random: world.random });
  client.use({
    name: 'publisher',
    methods: [],
    deadline: () => publisher.deadline,
    handle: (input, now) => (input.type === 'request' ? [] : publisher.handle(input, now)),
  });
  const input = (given: PublisherInput) => client.perform(publisher.handle(given, world.now));
  const publish = (body: string, more: Partial<Extract<PublisherInput, { type: 'publish' }>> = {}) =>
    input({
      type: 'publish',
      publication: 'mine',
      uri: 'sip:alice@192.0.2.77',
      event: 'note',
      body: new TextEncoder().encode(body),
      mediaType: 'text/plain',
      ...more,
    });
  const told = () =>
    client
      .all('publication')
      .map((each) =>
        [each.state, each.entityTag, each.status].filter((part) => part !== undefined).join(' '),
      );
  return { world, publisher, input, publish, told, phone: world.phone('192.0.2.77') };
}
