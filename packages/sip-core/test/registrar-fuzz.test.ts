import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { SipError } from '../src/index.ts';
import type { Lookup } from '../src/registrar/index.ts';
import { param, RegistrarWorld, tcpPhone } from './support/registrar.ts';

const runs = { numRuns: 200 * Number(process.env['FUZZ_RUNS'] ?? 1) };
const users = ['bob', 'carol'] as const;

/** A REGISTER of one of two users, about one of few contacts, so that they meet. */
const register = fc.record({
  user: fc.constantFrom(...users),
  callId: fc.constantFrom('a', 'b'),
  sequence: fc.integer({ min: 1, max: 30 }),
  contacts: fc.array(
    fc.record({
      host: fc.constantFrom('h1', 'h2', 'H2', 'h3'),
      instance: fc.constantFrom(undefined, 'urn:uuid:1', 'urn:uuid:2'),
      regId: fc.constantFrom(undefined, 1, 2),
      expires: fc.constantFrom(undefined, 0, 30, 100, 500),
      q: fc.constantFrom('0', '0.5', '1'),
    }),
    { maxLength: 3 },
  ),
  all: fc.boolean(),
  passes: fc.integer({ min: 0, max: 200 }),
});

function lines(each: typeof register extends fc.Arbitrary<infer T> ? T : never): string[] {
  const contacts = each.contacts.map(({ host, instance, regId, expires, q }) => {
    const own = [
      `q=${q}`,
      ...(instance === undefined ? [] : [`+sip.instance="<${instance}>"`]),
      ...(regId === undefined ? [] : [`reg-id=${regId}`]),
      ...(expires === undefined ? [] : [`expires=${expires}`]),
    ];
    return `Contact: <sip:x@${host}>;${own.join(';')}`;
  });
  const removal = each.contacts.length === 0 && each.all ? ['Contact: *', 'Expires: 0'] : contacts;
  return [
    `To: <sip:${each.user}@biloxi.com>`,
    `Call-ID: ${each.callId}`,
    `CSeq: ${each.sequence} REGISTER`,
    'Supported: gruu, path, outbound',
    ...removal,
  ];
}

function count(found: Lookup): number {
  if (found.type !== 'found') return 0;
  return found.groups.flat().reduce((sum, target) => sum + 1 + target.alternates.length, 0);
}

describe('a registrar under any sequence of requests', () => {
  test('changes wholly or not at all, finds what it has accepted, and has the same after a restart', () => {
    fc.assert(
      fc.property(fc.array(register, { maxLength: 25 }), (requests) => {
        const world = new RegistrarWorld();
        for (const each of requests) {
          world.pass(each.passes);
          const aor = `sip:${each.user}@biloxi.com`;
          const before = JSON.stringify(world.lookup(aor));
          const { status, contacts, actions } = world.register(lines(each));
          expect([200, 400, 423, 500]).toContain(status);
          if (status === 200) expect(count(world.lookup(aor))).toBe(contacts.length);
          else {
            expect(JSON.stringify(world.lookup(aor))).toBe(before);
            expect(actions.some(({ type }) => type === 'save' || type === 'forget')).toBe(false);
          }
          for (const contact of contacts) {
            const temporary = param(contact, 'temp-gruu');
            const instance = param(contact, '+sip.instance');
            expect(temporary === undefined).toBe(instance === undefined);
            if (temporary === undefined) continue;
            const found = world.lookup(temporary);
            expect(found.type === 'found' && `<${found.instance}>`).toBe(instance);
          }
          const found = users.map((user) => world.lookup(`sip:${user}@biloxi.com`));
          expect(found.map(count).reduce((sum, each) => sum + each, 0)).toBe(world.registrar.size);
        }
        const before = users.map((user) => world.lookup(`sip:${user}@biloxi.com`));
        world.restart();
        expect(users.map((user) => world.lookup(`sip:${user}@biloxi.com`))).toEqual(before);
        world.pass(8000);
        expect(world.registrar.size).toBe(0);
        expect(world.registrar.deadline).toBeUndefined();
      }),
      runs,
    );
  });

  test('what is told adds up to what is there', () => {
    fc.assert(
      fc.property(fc.array(register, { maxLength: 25 }), (requests) => {
        const world = new RegistrarWorld();
        for (const each of requests) {
          world.pass(each.passes);
          world.register(lines(each), { peer: tcpPhone });
        }
        world.handle({ type: 'flow-failed', peer: tcpPhone });
        world.handle({ type: 'evict', aor: 'sip:carol@biloxi.com' });
        const created = world.told.filter((each) => each.type === 'registered' && each.change === 'created');
        const gone = world.told.filter((each) => each.type === 'unregistered');
        expect(created.length - gone.length).toBe(world.registrar.size);
        const kept = world.registrar.size > 0 ? ['aor/sip:bob@biloxi.com'] : [];
        const { now } = world;
        const live = [...world.stored].filter(([, record]) => {
          // A record of nothing but expired bindings may still be there: it says itself when it ends.
          const { bindings } = JSON.parse(new TextDecoder().decode(record));
          return bindings.some((each: { expiresAt: number }) => each.expiresAt > now);
        });
        expect(live.map(([key]) => key)).toEqual(kept);
      }),
      runs,
    );
  });

  test('whatever stands in the header fields, it answers', () => {
    const value = fc.oneof(
      fc.string({ unit: fc.constantFrom(...'<>;=",*:@%0a '), maxLength: 30 }),
      fc.constantFrom(
        '*',
        '<sip:a@h>',
        'sip:a@h;q=2',
        '<sip:a@h>;expires=-1;reg-id=1;+sip.instance="x"',
        '<tel:1>;+sip.instance="<y>"',
        '<>',
      ),
    );
    const line = fc
      .tuple(
        fc.constantFrom('Contact', 'Path', 'Supported', 'Require', 'Expires', 'To', 'Call-ID', 'CSeq'),
        value,
      )
      .map(([name, text]) => `${name}: ${text}`);
    fc.assert(
      fc.property(fc.array(line, { maxLength: 6 }), (extra) => {
        const world = new RegistrarWorld();
        const { status } = world.receive(world.request(extra), {
          identity: 'sip:bob@biloxi.com',
          permission: 'allow',
        });
        expect(status).toBeGreaterThanOrEqual(200);
        expect(status).toBeLessThan(600);
      }),
      runs,
    );
  });

  test('whatever URI is looked up, it is found, unavailable, unknown, or no URI', () => {
    const world = new RegistrarWorld();
    world.register(['Contact: <sip:bob@192.0.2.4>']);
    const text = fc.tuple(
      fc.constantFrom('sip:', 'sips:', 'im:', 'pres:', 'tel:', ''),
      fc.string({ unit: fc.constantFrom(...'tgru.@;=%20abiloxicom:'), maxLength: 40 }),
    );
    fc.assert(
      fc.property(text, (parts) => {
        try {
          expect(['found', 'unavailable', 'unknown']).toContain(world.lookup(parts.join('')).type);
        } catch (error) {
          expect(error).toBeInstanceOf(SipError);
        }
      }),
      runs,
    );
  });
});
