import { expect, test } from 'vitest';
import { canonicalAor, Endpoint, type EndpointAction, to } from '../src/index.ts';
import {
  Registrar,
  type RegistrarAction,
  Registration,
  type RegistrationAction,
  registrarExtensions,
} from '../src/registrar/index.ts';
import { here, seeded, T0, there } from './support/sip.ts';

/** A phone at 192.0.2.9 and a registrar at 192.0.2.1 over datagrams, some of which are lost. */
class Network {
  now = T0;
  readonly log: RegistrationAction[] = [];
  readonly told: RegistrarAction[] = [];
  readonly registrar = new Registrar({
    domains: ['biloxi.com'],
    random: seeded(1),
    gruuKey: new Uint8Array(32),
  });
  readonly registration = new Registration({
    aor: 'sip:bob@biloxi.com',
    contact: `sip:bob@${there.host}`,
    instance: 'urn:uuid:f81d4fae-7dec-11d0-a765-00a0c91e6bf6',
    regId: 1,
    random: seeded(2),
    to: here,
  });
  readonly #server = new Endpoint({
    random: seeded(3),
    methods: ['REGISTER'],
    supported: registrarExtensions,
    addresses: [{ transport: 'udp', host: here.host, port: here.port }],
  });
  readonly #phone = new Endpoint({
    random: seeded(4),
    methods: ['OPTIONS'],
    addresses: [{ transport: 'udp', host: there.host, port: there.port }],
  });
  readonly #isLost: () => boolean;

  constructor(isLost: () => boolean) {
    this.#isLost = isLost;
  }

  atPhone(actions: readonly (EndpointAction | RegistrationAction)[]): void {
    for (const action of actions) {
      if (action.type === 'send') this.atPhone(this.#phone.handle(action, this.now));
      else if (action.type === 'transmit') {
        if (this.#isLost()) continue;
        const { bytes } = action;
        this.atServer(
          this.#server.handle({ type: 'received', peer: { ...there, connection: 5 }, bytes }, this.now),
        );
      } else if (action.type === 'response') {
        this.atPhone(this.registration.handle(action, this.now));
      } else if (action.type === 'failed' && 'id' in action) {
        this.atPhone(this.registration.handle(action, this.now));
      } else if (
        action.type === 'registered' ||
        action.type === 'unregistered' ||
        action.type === 'contacts'
      ) {
        this.log.push(action);
      }
    }
  }

  atServer(actions: readonly (EndpointAction | RegistrarAction)[]): void {
    for (const action of actions) {
      if (action.type === 'request') {
        const { transaction, request, peer } = action;
        const identity = canonicalAor(request.get(to)?.uri ?? '');
        this.atServer(
          this.registrar.handle({ type: 'register', transaction, request, peer, identity }, this.now),
        );
      } else if (action.type === 'respond') this.atServer(this.#server.handle(action, this.now));
      else if (action.type === 'transmit') {
        if (this.#isLost()) continue;
        this.atPhone(this.#phone.handle({ type: 'received', peer: here, bytes: action.bytes }, this.now));
      } else if (action.type === 'registered' || action.type === 'unregistered') this.told.push(action);
    }
  }

  run(seconds: number): void {
    const end = this.now + seconds * 1000;
    for (;;) {
      const machines = [this.#phone, this.#server, this.registrar, this.registration];
      const at = Math.min(...machines.map((each) => each.deadline ?? Number.POSITIVE_INFINITY));
      if (at > end) break;
      this.now = Math.max(at, this.now);
      this.atPhone(this.#phone.handle({ type: 'tick' }, this.now));
      this.atServer(this.#server.handle({ type: 'tick' }, this.now));
      this.atServer(this.registrar.handle({ type: 'tick' }, this.now));
      this.atPhone(this.registration.handle({ type: 'tick' }, this.now));
    }
    this.now = end;
  }
}

test('a phone stays registered for a week though every third datagram is lost, and is never registered twice', () => {
  let state = 7;
  const network = new Network(() => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state >>> 16 < 65_536 * 0.3;
  });
  network.atPhone(network.registration.handle({ type: 'register' }, network.now));
  network.run(60);
  for (let hour = 0; hour < 168; hour += 1) {
    network.run(3600);
    expect(network.registrar.size).toBe(1);
  }
  const found = network.registrar.lookup('sip:bob@biloxi.com', network.now);
  expect(found).toMatchObject({ type: 'found', groups: [[{ regId: 1, flow: { ...there, connection: 5 } }]] });
  // Retransmissions are the transaction layer's: each refresh comes to the registrar once.
  expect(network.told.filter(({ type }) => type === 'unregistered')).toEqual([]);
  expect(network.log.every(({ type }) => type === 'registered')).toBe(true);
  expect(network.told.length).toBe(network.log.length);
  network.atPhone(network.registration.handle({ type: 'remove' }, network.now));
  network.run(64);
  expect(network.registrar.size).toBe(0);
  expect(network.log.slice(-2).map(({ type }) => type)).toEqual(['unregistered', 'contacts']);
  expect(network.registrar.deadline).toBeUndefined();
  expect(network.registration.deadline).toBeUndefined();
});
