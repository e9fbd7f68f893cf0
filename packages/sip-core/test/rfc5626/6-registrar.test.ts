import { describe, expect, test } from 'vitest';
import { INSTANCE, phone, RegistrarWorld, tcpPhone } from '../support/registrar.ts';

const EDGE = '<sip:VskztcQ/S8p4WPbOnHbuyh5iJvJIW3ib@ep1.example.com;lr;ob>';
const SUPPORTED = 'Supported: path, outbound';
/** A proxy stands between. */
const BEHIND = [
  'Via: SIP/2.0/TCP 192.0.2.15;branch=z9hG4bKnuiqisi',
  'Via: SIP/2.0/TCP 192.0.2.2;branch=z9hG4bK1',
];

function contact(regId: number | string, more = '', instance = INSTANCE): string {
  return `Contact: <sip:bob@192.0.2.2;transport=tcp>;reg-id=${regId};+sip.instance=${instance}${more}`;
}

describe('RFC 5626 §6 the registrar', () => {
  test('the example of §9.2: two flows of one instance, by two edge proxies (@req rfc5626:6:1 rfc5626:6:11 rfc5626:6:12)', () => {
    const world = new RegistrarWorld();
    const first = world.register([
      ...BEHIND,
      'Call-ID: 16CB75F21C70',
      SUPPORTED,
      contact(1),
      `Path: ${EDGE}`,
    ]);
    expect(first.status).toBe(200);
    expect(first.response.raw('Require')).toEqual(['outbound']);
    expect(first.response.raw('Path')).toEqual([EDGE]);
    const edge2 = EDGE.replace('ep1', 'ep2');
    const second = world.register([
      ...BEHIND,
      'Call-ID: E05133BD26DD',
      SUPPORTED,
      contact(2),
      `Path: ${edge2}`,
    ]);
    expect(second.contacts).toEqual(
      [1, 2].map(
        (regId) => `<sip:bob@192.0.2.2;transport=tcp>;reg-id=${regId};+sip.instance=${INSTANCE};expires=3600`,
      ),
    );
    expect(second.response.raw('Path')).toEqual([edge2]);
    expect(world.target()).toMatchObject({ regId: 2, path: [edge2] });
    expect(world.target().alternates).toMatchObject([{ regId: 1, path: [EDGE] }]);
    // §9.4: the phone has lost its flow with EP1 and makes another.
    const edge1b = EDGE.replace('Vskztc', '3yJEbr');
    const third = world.register([
      ...BEHIND,
      'Call-ID: 16CB75F21C70',
      SUPPORTED,
      contact(1),
      `Path: ${edge1b}`,
    ]);
    expect(third.contacts).toHaveLength(2);
    expect(world.target()).toMatchObject({ regId: 1, path: [edge1b] });
  });

  test('one Via means that nobody stands between: the flow itself is kept (@req rfc5626:6:2 rfc5626:6:13 rfc5626:7:4)', () => {
    const world = new RegistrarWorld();
    const { response } = world.register([SUPPORTED, contact(1)], { peer: tcpPhone });
    expect(response.raw('Require')).toEqual(['outbound']);
    expect(world.target().flow).toEqual(tcpPhone);
  });

  test.each([
    ['no Path', []],
    ['a Path whose first hop wrote no ob', ['Path: <sip:ep1.example.com;lr>']],
    ['ob from another than the first hop', ['Path: <sip:p3.example.com;lr;ob>, <sip:ep1.example.com;lr>']],
  ])(
    'behind a proxy with %s, outbound is refused with 439 (@req rfc5626:6:2 rfc5626:6:3 rfc5626:6:4 rfc5626:6:5)',
    (_case, lines) => {
      const world = new RegistrarWorld();
      expect(world.register([...BEHIND, SUPPORTED, contact(1), ...lines]).status).toBe(439);
      expect(world.registrar.size).toBe(0);
      // A phone that asked for nothing of the kind gets a binding by the rules of RFC 3261.
      const { status, response } = world.register([...BEHIND, 'Supported: path', contact(1), ...lines]);
      expect(status).toBe(200);
      expect(response.has('Require')).toBe(false);
      world.register([...BEHIND, 'Supported: path', contact(2), ...lines]);
      expect(world.registrar.size).toBe(1);
      expect(world.target().regId).toBe(0);
    },
  );

  test('proxies behind the first hop may be on the Path too (@req rfc5626:6:4)', () => {
    const world = new RegistrarWorld();
    const { response } = world.register([
      ...BEHIND,
      SUPPORTED,
      contact(1),
      `Path: <sip:p3.example.com;lr>, ${EDGE}`,
    ]);
    expect(response.raw('Require')).toEqual(['outbound']);
    expect(world.target().path).toEqual(['<sip:p3.example.com;lr>', EDGE]);
  });

  test('439 is for those only that support outbound and give a reg-id (@req rfc5626:6:6 rfc5626:11.4:2)', () => {
    const world = new RegistrarWorld();
    const plain = `Contact: <sip:bob@192.0.2.2>;+sip.instance=${INSTANCE}`;
    expect(world.register([...BEHIND, SUPPORTED, plain]).status).toBe(200);
    expect(world.register([...BEHIND, 'Supported: path', contact(1)]).status).toBe(200);
  });

  test('a reg-id without an instance is ignored (@req rfc5626:6:8)', () => {
    const world = new RegistrarWorld();
    const { status, response } = world.register([SUPPORTED, 'Contact: <sip:bob@192.0.2.2>;reg-id=1']);
    expect(status).toBe(200);
    expect(response.has('Require')).toBe(false);
    expect(world.target().regId).toBe(0);
    expect(world.register([SUPPORTED, 'Contact: <sip:bob@192.0.2.2>;reg-id=x']).status).toBe(200);
  });

  test('without a reg-id, or without outbound in Supported, outbound is not in Require (@req rfc5626:6:8)', () => {
    const world = new RegistrarWorld();
    const plain = `Contact: <sip:bob@192.0.2.2>;+sip.instance=${INSTANCE}`;
    expect(world.register([SUPPORTED, plain]).response.has('Require')).toBe(false);
    expect(world.register([contact(1)]).response.has('Require')).toBe(false);
    expect(world.register([SUPPORTED]).response.has('Require')).toBe(false);
  });

  test.each(['0', '2147483648', 'x', '-1', ''])(
    'a reg-id of "%s" is answered 400 (@req rfc5626:10:1)',
    (regId) => {
      const world = new RegistrarWorld();
      const lines = regId === '' ? contact(1).replace('reg-id=1', 'reg-id') : contact(regId);
      expect(world.register([SUPPORTED, lines]).status).toBe(400);
      expect(world.register([SUPPORTED, contact(2 ** 31 - 1)]).status).toBe(200);
    },
  );

  test('two contacts that stay, one of them with a reg-id, are answered 400; removals may come along (@req rfc5626:6:7)', () => {
    const world = new RegistrarWorld();
    world.register(['Contact: <sip:old@192.0.2.2>']);
    expect(world.register([SUPPORTED, contact(1), 'Contact: <sip:b@h>']).status).toBe(400);
    const { status, contacts } = world.register([
      SUPPORTED,
      contact(1),
      'Contact: <sip:old@192.0.2.2>;expires=0',
    ]);
    expect(status).toBe(200);
    expect(contacts).toHaveLength(1);
  });

  test('instance and reg-id make the binding, whatever its URI; the same URI makes others (@req rfc5626:6:11)', () => {
    const world = new RegistrarWorld();
    world.register([SUPPORTED, contact(1)]);
    const moved = contact(1).replace('192.0.2.2', '192.0.2.99');
    world.register([SUPPORTED, `${moved};q=0.3;audio`]);
    expect(world.registrar.size).toBe(1);
    expect(world.target()).toMatchObject({
      uri: 'sip:bob@192.0.2.99;transport=tcp',
      contact: `<sip:bob@192.0.2.99;transport=tcp>;reg-id=1;+sip.instance=${INSTANCE};q=0.3;audio`,
      q: 0.3,
    });
    world.register([SUPPORTED, contact(1, '', '"<urn:uuid:00000000-0000-1000-8000-000000000002>"')]);
    world.register(['Contact: <sip:bob@192.0.2.2;transport=tcp>']);
    expect(world.registrar.size).toBe(3);
  });

  test('registrations with instance and reg-id and those without live side by side (@req rfc5626:6:9)', () => {
    const world = new RegistrarWorld();
    world.register([SUPPORTED, contact(1)]);
    world.register(['Contact: <sip:bob@desk.example.com>']);
    const uris = ['sip:bob@desk.example.com', 'sip:bob@192.0.2.2;transport=tcp'];
    expect(world.reached()).toEqual([uris]);
    world.register([SUPPORTED, contact(1, ';expires=0')]);
    expect(world.reached()).toEqual([['sip:bob@desk.example.com']]);
  });

  test('UUIDs are compared in any case (§4.1, RFC 4122 §3), other URNs by the rules of URNs', () => {
    const world = new RegistrarWorld();
    world.register([SUPPORTED, contact(1)]);
    world.register([SUPPORTED, contact(1, '', INSTANCE.toLowerCase())]);
    expect(world.registrar.size).toBe(1);
    for (const urn of ['urn:x:a%2C', 'URN:X:a%2c', 'urn:x:A%2C', 'no-urn']) {
      world.register([SUPPORTED, contact(1, '', `"<${urn}>"`)]);
    }
    expect(world.registrar.size).toBe(4);
  });

  test('a re-registration brings the flow that holds from now on, and its time (@req rfc5626:6:15)', () => {
    const world = new RegistrarWorld();
    world.register([SUPPORTED, contact(1)], { peer: tcpPhone });
    world.pass(10);
    const other = { ...tcpPhone, port: 40_002, connection: 70_002 };
    world.register([SUPPORTED, contact(1)], { peer: other });
    expect(world.target()).toMatchObject({ flow: other, updatedAt: world.now });
    // The old flow has nothing to do with the binding any more.
    world.handle({ type: 'flow-failed', peer: tcpPhone });
    expect(world.registrar.size).toBe(1);
  });

  test('Flow-Timer is said to those with a flow to the registrar itself that use outbound', () => {
    const world = new RegistrarWorld({ flowTimerSeconds: 120 });
    expect(world.register([SUPPORTED, contact(1)]).response.raw('Flow-Timer')).toEqual(['120']);
    expect(world.register([contact(1)]).response.has('Flow-Timer')).toBe(false);
    expect(
      world.register([...BEHIND, SUPPORTED, contact(2), `Path: ${EDGE}`]).response.has('Flow-Timer'),
    ).toBe(false);
  });
});

describe('RFC 5626 §7 the location service', () => {
  test('never two contacts of one instance at a time; the others in turn, the last updated one first (@req rfc5626:7:1 rfc5626:7:2)', () => {
    const world = new RegistrarWorld();
    world.register(['Contact: <sip:bob@desk.example.com>;q=0.4']);
    for (const regId of [1, 2, 3]) world.register([SUPPORTED, contact(regId, ';q=0.8')]);
    world.register([SUPPORTED, contact(2, ';q=0.8')]);
    const found = world.lookup();
    if (found.type !== 'found') throw new Error('nobody there');
    expect(found.groups.map((group) => group.map(({ regId }) => regId))).toEqual([[2], [0]]);
    const [target] = found.groups.flat();
    expect(target?.alternates.map(({ regId }) => regId)).toEqual([3, 1]);
    expect(target?.alternates.map(({ instance }) => instance)).toEqual([target?.instance, target?.instance]);
  });

  test('when a flow fails all bindings that use it end, whosesoever they are (@req rfc5626:7:5 rfc5626:7:6)', () => {
    const world = new RegistrarWorld();
    const carol = ['To: <sip:carol@biloxi.com>', 'Call-ID: c'];
    world.register([SUPPORTED, contact(1)], { peer: tcpPhone });
    world.register([SUPPORTED, contact(1), ...carol], { peer: tcpPhone });
    world.register([SUPPORTED, contact(2)], { peer: { ...tcpPhone, connection: 70_009 } });
    world.handle({ type: 'flow-failed', peer: tcpPhone });
    expect(world.target().regId).toBe(2);
    expect(world.lookup('sip:carol@biloxi.com').type).toBe('unavailable');
    expect(world.told.slice(-2)).toMatchObject([
      { aor: 'sip:bob@biloxi.com', reason: 'flow-failed', remaining: 1 },
      { aor: 'sip:carol@biloxi.com', reason: 'flow-failed', remaining: 0 },
    ]);
    expect([...world.stored.keys()]).toEqual(['aor/sip:bob@biloxi.com']);
    world.restart();
    expect(world.registrar.size).toBe(0);
  });

  test('a contact that is not bound to its flow stays when that fails, without it', () => {
    const world = new RegistrarWorld();
    world.register(['Contact: <sip:bob@192.0.2.4:40001;transport=tcp>'], { peer: tcpPhone });
    expect(world.target().flow).toEqual(tcpPhone);
    world.handle({ type: 'flow-failed', peer: tcpPhone });
    expect(world.target().flow).toBeUndefined();
  });

  test('datagrams have a flow by socket and address (@req rfc5626:6:13 rfc5626:7:5)', () => {
    const world = new RegistrarWorld();
    world.register([SUPPORTED, contact(1)]);
    expect(world.target().flow).toEqual(phone);
    world.handle({ type: 'flow-failed', peer: { ...phone, port: 5061 } });
    world.handle({ type: 'flow-failed', peer: { ...phone, host: '192.0.2.5' } });
    world.handle({ type: 'flow-failed', peer: { ...phone, connection: 8 } });
    expect(world.registrar.size).toBe(1);
    world.handle({ type: 'flow-failed', peer: phone });
    expect(world.registrar.size).toBe(0);
  });

  test('connections end with the process: what is bound to one is gone after a restart, datagrams go on (@req rfc5626:7:6)', () => {
    const world = new RegistrarWorld();
    world.register([SUPPORTED, contact(1)], { peer: tcpPhone });
    world.register([SUPPORTED, contact(2)]);
    world.register(['Contact: <sip:bob@192.0.2.4:40001;transport=tcp>'], { peer: tcpPhone });
    world.restart();
    const found = world.lookup();
    if (found.type !== 'found') throw new Error('nobody there');
    expect(found.groups.flat().map(({ regId, flow }) => [regId, flow])).toEqual([
      [0, undefined],
      [2, phone],
    ]);
  });
});
