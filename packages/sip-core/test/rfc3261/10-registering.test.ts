import { describe, expect, test } from 'vitest';
import { DigestClient, DigestServer, ha1 } from '../../src/digest/index.ts';
import {
  callId,
  createResponse,
  cseq,
  type HeaderEdit,
  type SipRequest,
  set,
  uriEquals,
} from '../../src/index.ts';
import {
  Registration,
  type RegistrationAction,
  type RegistrationInput,
  type RegistrationOptions,
} from '../../src/registrar/index.ts';
import { phone, RegistrarWorld } from '../support/registrar.ts';
import { seeded } from '../support/sip.ts';

const URN = 'urn:uuid:f81d4fae-7dec-11d0-a765-00a0c91e6bf6';

/** Bob's phone, and the registrar that it talks to unless a test answers. */
class Phone {
  readonly world: RegistrarWorld;
  readonly registration: Registration;
  readonly log: RegistrationAction[] = [];
  readonly requests: SipRequest[] = [];
  #last = '';

  constructor(options: Partial<RegistrationOptions> = {}, world: RegistrarWorld = new RegistrarWorld()) {
    this.world = world;
    this.registration = new Registration({
      aor: 'sip:bob@biloxi.com',
      contact: 'sip:bob@192.0.2.4',
      random: seeded(11),
      ...options,
    });
  }

  tell(input: RegistrationInput): void {
    for (const action of this.registration.handle(input, this.world.now)) {
      if (action.type === 'send') {
        this.requests.push(action.request);
        this.#last = action.id;
      } else this.log.push(action);
    }
  }

  get request(): SipRequest {
    const last = this.requests.at(-1);
    if (last === undefined) throw new Error('nothing was sent');
    return last;
  }

  /** The registrar answers the last request. */
  served(): void {
    const request = this.world.request(
      [...this.request.headers()]
        .filter(([name]) => name !== 'Content-Length')
        .map(([name, value]) => `${name}: ${value}`),
      this.request.uri,
    );
    const { response } = this.world.receive(request, { peer: phone });
    this.tell({ type: 'response', id: this.#last, response });
  }

  answer(status: number, headers: readonly HeaderEdit[] = []): void {
    const response = createResponse(this.request, status, { toTag: 'r', headers });
    this.tell({ type: 'response', id: this.#last, response });
  }

  unanswered(): void {
    this.tell({ type: 'failed', id: this.#last, reason: 'timeout' });
  }

  /** Lets time pass until something is sent, at most so long. */
  wait(seconds: number): number | undefined {
    const start = this.world.now;
    const sent = this.requests.length;
    const end = start + seconds * 1000;
    for (
      let at = this.registration.deadline;
      at !== undefined && at <= end;
      at = this.registration.deadline
    ) {
      this.world.now = at;
      this.tell({ type: 'tick' });
      if (this.requests.length > sent) return (at - start) / 1000;
    }
    this.world.now = end;
    return undefined;
  }

  get last(): RegistrationAction | undefined {
    return this.log.at(-1);
  }
}

function registered(options: Partial<RegistrationOptions> = {}, world?: RegistrarWorld): Phone {
  const made = new Phone(options, world);
  made.tell({ type: 'register' });
  made.served();
  return made;
}

describe('RFC 3261 §10.2 constructing REGISTER', () => {
  test('the domain is the Request-URI, To and From the address-of-record (@req rfc3261:10.2:4 rfc3261:10.2:6 rfc3261:10.2.6:1)', () => {
    const { request } = registered();
    expect(request.method).toBe('REGISTER');
    expect(request.uri).toBe('sip:biloxi.com');
    expect(request.raw('To')).toEqual(['<sip:bob@biloxi.com>']);
    expect(request.raw('From')[0]).toMatch(/^<sip:bob@biloxi.com>;tag=./);
    for (const name of ['Call-ID', 'CSeq']) expect(request.has(name)).toBe(true);
    expect(request.raw('Contact')).toEqual(['<sip:bob@192.0.2.4>']);
    expect(request.raw('Expires')).toEqual(['3600']);
  });

  test('a registrar that is configured is asked; its URI has no user, and the address-of-record is a SIP URI (@req rfc3261:10.2:6 rfc3261:10.2:7)', () => {
    const registrar = 'sip:registrar.biloxi.com';
    expect(registered({ registrar }).request.uri).toBe(registrar);
    expect(() => new Phone({ registrar: 'sip:bob@biloxi.com' })).toThrow(TypeError);
    expect(() => new Phone({ aor: 'tel:+12125551212' })).toThrow(TypeError);
  });

  test('a sips: address-of-record takes no sip: contact (@req rfc3261:10.2.1:3)', () => {
    expect(() => new Phone({ aor: 'sips:bob@biloxi.com' })).toThrow(TypeError);
    expect(() => new Phone({ aor: 'sips:bob@biloxi.com', contact: 'sips:bob@192.0.2.4' })).not.toThrow();
  });

  test('all REGISTERs have one Call-ID, each a CSeq one higher (@req rfc3261:10.2:8 rfc3261:10.2:9 rfc3261:10.2.4:3)', () => {
    const made = registered();
    for (let round = 0; round < 3; round += 1) {
      made.wait(4000);
      made.served();
    }
    expect(new Set(made.requests.map((each) => each.get(callId))).size).toBe(1);
    expect(made.requests.map((each) => each.get(cseq)?.sequence)).toEqual([1, 2, 3, 4]);
  });

  test('the next REGISTER waits for the answer to the one before, or its timeout (@req rfc3261:10.2:11)', () => {
    const made = new Phone();
    made.tell({ type: 'register' });
    made.tell({ type: 'fetch' });
    made.tell({ type: 'remove' });
    expect(made.requests).toHaveLength(1);
    made.answer(100);
    expect(made.requests).toHaveLength(1);
    made.served();
    expect(made.requests).toHaveLength(2);
    made.unanswered();
    expect(made.requests).toHaveLength(3);
    expect(made.requests.map((each) => each.raw('Expires')[0])).toEqual(['3600', '0', undefined]);
  });

  test('nothing is said with the "action" parameter (@req rfc3261:10.2:12)', () => {
    expect(registered({ params: { q: '0.5' } }).request.raw('Contact')).toEqual([
      '<sip:bob@192.0.2.4>;q=0.5',
    ]);
  });

  test('Record-Route in the answer makes no route (@req rfc3261:10.2:3 rfc3261:10.2:2)', () => {
    const made = new Phone();
    made.tell({ type: 'register' });
    made.answer(200, [
      set('Record-Route', '<sip:p.example.com;lr>'),
      set('Contact', '<sip:bob@192.0.2.4>;expires=60'),
    ]);
    made.wait(60);
    expect(made.request.has('Route')).toBe(false);
  });

  test('refreshes go the way of the first, and refresh the own contact only (@req rfc3261:10.2.4:1 rfc3261:10.2.4:4)', () => {
    const world = new RegistrarWorld();
    world.register(['Contact: <sip:bob@desk.example.com>', 'Call-ID: other']);
    const made = registered({ route: ['<sip:edge.example.com;lr>'], to: phone }, world);
    made.wait(4000);
    expect(made.request.raw('Contact')).toEqual(['<sip:bob@192.0.2.4>']);
    expect(made.request.raw('Route')).toEqual(['<sip:edge.example.com;lr>']);
    expect(made.requests).toHaveLength(2);
  });
});

describe('RFC 3261 §10.2 staying registered', () => {
  test('what the registrar grants counts, and is refreshed before its end (@req rfc5627:4.2:5)', () => {
    const made = registered({ expiresSeconds: 100_000 });
    expect(made.last).toMatchObject({ type: 'registered', expiresAt: made.world.now + 7_200_000 });
    expect(made.wait(7200)).toBe(7140);
    made.served();
    expect(made.last?.type).toBe('registered');
    expect(made.log).toHaveLength(2);
  });

  test('a short one is refreshed half-way (@req rfc5627:4.2:6)', () => {
    const made = registered({ expiresSeconds: 62 });
    expect(made.wait(62)).toBe(31);
  });

  test('Expires counts where the contact says nothing; without either what was asked for', () => {
    const made = new Phone();
    made.tell({ type: 'register' });
    made.answer(200, [set('Contact', '<sip:bob@192.0.2.4>'), set('Expires', '300')]);
    expect(made.last).toMatchObject({ expiresAt: made.world.now + 300_000 });
    const other = new Phone();
    other.tell({ type: 'register' });
    other.answer(200);
    expect(other.last).toMatchObject({ expiresAt: other.world.now + 3_600_000 });
  });

  test('contacts are fetched without changing them', () => {
    const made = registered();
    made.tell({ type: 'fetch' });
    expect(made.request.has('Contact')).toBe(false);
    made.served();
    expect(made.last).toMatchObject({ type: 'contacts', contacts: [{ uri: { host: '192.0.2.4' } }] });
    expect(made.wait(4000)).toBe(3540);
  });

  test('a contact can be taken back, and is not refreshed (@req rfc3261:10.2.2:1)', () => {
    const made = registered();
    made.tell({ type: 'remove' });
    expect(made.request.raw('Expires')).toEqual(['0']);
    made.served();
    expect(made.log.slice(-2)).toEqual([
      { type: 'unregistered', reason: 'removed' },
      { type: 'contacts', contacts: [] },
    ]);
    expect(made.world.reached()).toEqual([]);
    expect(made.registration.deadline).toBeUndefined();
    expect(made.registration.registered).toBeUndefined();
  });

  test('all contacts can be removed: "*" with Expires: 0, without instance and reg-id (@req rfc3261:10.2.2:2 rfc5626:4.2.3:2)', () => {
    const world = new RegistrarWorld();
    world.register(['Contact: <sip:bob@desk.example.com>', 'Call-ID: other']);
    const made = registered({ instance: URN, regId: 1 }, world);
    made.tell({ type: 'remove', all: true });
    expect(made.request.raw('Contact')).toEqual(['*']);
    expect(made.request.raw('Expires')).toEqual(['0']);
    made.served();
    expect(world.registrar.size).toBe(0);
  });

  test('423: asks for what the registrar wants, once, and for no less later (§10.2.8)', () => {
    const made = registered({ expiresSeconds: 60 }, new RegistrarWorld({ expires: { minimum: 300 } }));
    expect(made.request.raw('Expires')).toEqual(['300']);
    made.served();
    expect(made.last?.type).toBe('registered');
    made.wait(300);
    expect(made.request.raw('Expires')).toEqual(['300']);
    made.answer(423, [set('Min-Expires', '400')]);
    made.answer(423, [set('Min-Expires', '500')]);
    expect(made.last).toEqual({ type: 'failed', operation: 'register', status: 423, retryAt: undefined });
  });

  test('a challenge is answered with the next CSeq, and credentials are sent ahead later', () => {
    const realm = 'biloxi.com';
    const server = new DigestServer({ realm, secret: new Uint8Array(32), random: seeded(4) });
    const digest = new DigestClient({
      credentials: () => ({ username: 'bob', password: 'zanzibar' }),
      random: seeded(5),
    });
    const made = new Phone({ digest });
    made.tell({ type: 'register' });
    const { status, headers } = server.challenge(made.world.now, false);
    made.answer(status, headers);
    expect(made.request.get(cseq)?.sequence).toBe(2);
    const claim = server.claim(made.request, made.world.now);
    if (claim.type !== 'claim') throw new Error(claim.type);
    const secret = ha1(claim.hash, 'bob', realm, 'zanzibar');
    expect(server.check(claim, secret, made.world.now)).toBe('authentic');
    made.served();
    made.wait(4000);
    expect(made.request.has('Authorization')).toBe(true);
    made.answer(status, headers);
    made.answer(status, headers);
    expect(made.last).toMatchObject({ type: 'failed', status: 401, retryAt: undefined });
  });

  test('no answer: tried again after 15 to 30 s, then longer each time, never at once (@req rfc3261:10.2.7:1 rfc5626:4.5:3)', () => {
    const made = new Phone();
    made.tell({ type: 'register' });
    const waits: number[] = [];
    for (let failure = 0; failure < 9; failure += 1) {
      made.unanswered();
      const retryAt = made.last?.type === 'failed' ? made.last.retryAt : undefined;
      const promised = ((retryAt ?? 0) - made.world.now) / 1000;
      const waited = made.wait(2000) ?? -1;
      expect(Math.abs(waited - promised)).toBeLessThan(0.01);
      waits.push(waited);
    }
    for (const [failure, waited] of waits.entries()) {
      const most = Math.min(1800, 30 * 2 ** failure);
      expect(waited).toBeGreaterThanOrEqual(most / 2);
      expect(waited).toBeLessThanOrEqual(most + 0.01);
    }
  });

  test('Retry-After is waited for (RFC 5626 §4.5)', () => {
    const made = registered();
    made.wait(4000);
    made.answer(503, [set('Retry-After', '1000')]);
    expect(made.last).toMatchObject({ status: 503, retryAt: made.world.now + 1_000_000 });
    // What was registered ends meanwhile.
    expect(made.wait(999)).toBeUndefined();
    expect(made.last).toEqual({ type: 'unregistered', reason: 'expired' });
    expect(made.wait(2)).toBe(1);
  });

  test('what is refused stays refused until somebody asks again; what is registered stays until it expires', () => {
    const made = registered();
    made.wait(4000);
    made.answer(403);
    expect(made.last).toEqual({ type: 'failed', operation: 'register', status: 403, retryAt: undefined });
    expect(made.registration.registered).toBeDefined();
    expect(made.wait(100_000)).toBeUndefined();
    expect(made.last).toEqual({ type: 'unregistered', reason: 'expired' });
    made.tell({ type: 'register' });
    made.served();
    expect(made.last?.type).toBe('registered');
  });

  test('an answer that grants nothing is none', () => {
    const made = new Phone();
    made.tell({ type: 'register' });
    made.answer(200, [set('Contact', '<sip:bob@192.0.2.4>;expires=0')]);
    expect(made.last).toMatchObject({ type: 'failed' });
    expect(made.wait(60)).toBeGreaterThan(14);
  });
});

describe('RFC 5626 §4.2 a flow, RFC 5627 §4 and its GRUUs', () => {
  const options = { instance: URN, regId: 3 };

  test('REGISTER says what is supported, instance and reg-id (@req rfc5626:4.2.1:4 rfc5626:4.2.1:5 rfc5626:4.2.1:6 rfc5626:4.2.1:8 rfc5627:4.1:1 rfc5627:4.1:2 rfc5627:4.1:3 rfc5627:4.1:4 rfc3327:5.1:3)', () => {
    const made = registered(options);
    made.wait(4000);
    for (const request of made.requests) {
      expect(request.raw('Supported')).toEqual(['path, outbound, gruu']);
      expect(request.raw('Contact')).toEqual([`<sip:bob@192.0.2.4>;reg-id=3;+sip.instance="<${URN}>"`]);
      expect(request.has('Proxy-Require')).toBe(false);
    }
    expect(registered().request.raw('Supported')).toEqual(['path']);
  });

  test('a contact is not the address-of-record, a reg-id has an instance and is in its bounds (@req rfc5627:4.1:5 rfc5626:10:1)', () => {
    expect(() => new Phone({ contact: 'sip:bob@biloxi.com;x=1' })).toThrow(TypeError);
    for (const regId of [0, -1, 2 ** 31])
      expect(() => new Phone({ instance: URN, regId })).toThrow(RangeError);
    expect(() => new Phone({ regId: 1 })).toThrow(RangeError);
  });

  test('the answer tells whether outbound is used, and how often to show oneself', () => {
    const made = registered(options, new RegistrarWorld({ flowTimerSeconds: 120 }));
    expect(made.last).toMatchObject({ type: 'registered', usesOutbound: true, flowTimerSeconds: 120 });
    expect(registered().last).toMatchObject({ usesOutbound: false, flowTimerSeconds: undefined });
  });

  test('of several flows with one URI the own one counts', () => {
    const world = new RegistrarWorld();
    registered({ instance: URN, regId: 1, expiresSeconds: 600 }, world);
    const made = registered({ ...options, random: seeded(77), expiresSeconds: 1200 }, world);
    expect(made.last).toMatchObject({ expiresAt: world.now + 1_200_000 });
    expect(world.registrar.size).toBe(2);
  });

  test('a flow that failed is replaced by one with the same reg-id and Call-ID (@req rfc5626:4.5:1)', () => {
    const made = registered(options);
    made.tell({ type: 'flow-failed' });
    const [first, second] = made.requests;
    expect(second?.raw('Contact')).toEqual(first?.raw('Contact'));
    expect(second?.raw('Call-ID')).toEqual(first?.raw('Call-ID'));
    made.served();
    expect(made.world.registrar.size).toBe(1);
  });

  test('439: registers without outbound', () => {
    const made = new Phone(options);
    made.tell({ type: 'register' });
    made.answer(439);
    expect(made.request.raw('Contact')).toEqual([`<sip:bob@192.0.2.4>;+sip.instance="<${URN}>"`]);
    expect(made.request.raw('Supported')).toEqual(['path, gruu']);
    made.served();
    expect(made.last).toMatchObject({ type: 'registered', usesOutbound: false });
  });

  test('GRUUs are taken as they are; temporary ones add up while the Call-ID stays (@req rfc5627:4.1:7 rfc5627:4.1:8 rfc5627:4.2:9 rfc5627:4.2:10 rfc5627:4.2:11 rfc5627:4.2:12)', () => {
    const made = registered(options);
    made.wait(4000);
    made.served();
    const { publicGruu = '', temporaryGruus = [] } = made.registration.registered ?? {};
    expect(temporaryGruus).toHaveLength(2);
    for (const uri of [publicGruu, ...temporaryGruus]) {
      expect(made.world.reached(uri)).toEqual([['sip:bob@192.0.2.4']]);
    }
    const answer = ['sip:b@h;gr=Strange%20;x=1', 'sip:T@h;gr'];
    made.wait(4000);
    made.answer(200, [
      set('Contact', `<sip:bob@192.0.2.4>;expires=90;pub-gruu="${answer[0]}";temp-gruu="${answer[1]}"`),
    ]);
    expect(made.registration.registered?.publicGruu).toBe(answer[0]);
    expect(made.registration.registered?.temporaryGruus.at(-1)).toBe(answer[1]);
  });

  test.each([
    ['only a public one', ';pub-gruu="sip:bob@biloxi.com;gr=1"', 'sip:bob@biloxi.com;gr=1', []],
    ['only a temporary one', ';temp-gruu="sip:x@biloxi.com;gr"', undefined, ['sip:x@biloxi.com;gr']],
    ['none', '', undefined, []],
  ])('a registrar may give %s (@req rfc5627:4.2:1)', (_case, written, publicGruu, temporaryGruus) => {
    const made = new Phone(options);
    made.tell({ type: 'register' });
    made.answer(200, [set('Contact', `<sip:bob@192.0.2.4>;expires=90${written}`)]);
    expect(made.last).toMatchObject({ publicGruu, temporaryGruus });
  });

  test('another public GRUU takes the place of the one before (@req rfc5627:4.2:2)', () => {
    const made = new Phone(options);
    made.tell({ type: 'register' });
    for (const gr of ['1', '2']) {
      made.answer(200, [
        set('Contact', `<sip:bob@192.0.2.4>;expires=90;pub-gruu="sip:bob@biloxi.com;gr=${gr}"`),
      ]);
      made.wait(90);
    }
    expect(uriEquals(made.registration.registered?.publicGruu ?? '', 'sip:bob@biloxi.com;gr=2')).toBe(true);
  });

  test('temporary GRUUs end with the registration (@req rfc5627:4.4:4)', () => {
    const made = registered(options);
    made.wait(4000);
    made.unanswered();
    for (let round = 0; round < 40; round += 1) if (made.wait(100) !== undefined) made.unanswered();
    expect(made.log).toContainEqual({ type: 'unregistered', reason: 'expired' });
    expect(made.registration.registered).toBeUndefined();
    made.tell({ type: 'register' });
    made.served();
    expect(made.registration.registered?.temporaryGruus).toHaveLength(1);
  });
});
