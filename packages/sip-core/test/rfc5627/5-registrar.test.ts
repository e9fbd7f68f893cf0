import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parseUri, type SipUri, uriEquals } from '../../src/index.ts';
import { instanceId } from '../../src/registrar/contact-value.ts';
import { Gruus } from '../../src/registrar/gruu.ts';
import { type Outcome, param, RegistrarWorld } from '../support/registrar.ts';

const ONE = '"<urn:uuid:f81d4fae-7dec-11d0-a765-00a0c91e6bf6>"';
const TWO = '"<urn:uuid:f81d4fae-7dec-11d0-a765-00a0c91e6bf7>"';
const SUPPORTED = 'Supported: gruu';

function contact(instance = ONE, host = '192.0.2.1', more = ''): string {
  return `Contact: <sip:callee@${host}>;+sip.instance=${instance}${more}`;
}

function gruus({ contacts }: Outcome, at = 0): { readonly pub: string; readonly temp: string } {
  return {
    pub: param(contacts[at], 'pub-gruu') ?? 'none',
    temp: param(contacts[at], 'temp-gruu') ?? 'none',
  };
}

function sip(text: string): SipUri {
  const uri = parseUri(text);
  if (uri.type !== 'sip') throw new Error(`no SIP URI: ${text}`);
  return uri;
}

describe('RFC 5627 §5.1, §5.2: GRUUs in registrations', () => {
  test('an instance gets a public and a temporary GRUU, as quoted strings that hold SIP URIs (@req rfc5627:5.1:4 rfc5627:5.1:5 rfc5627:5.1:8 rfc5627:5.2:1 rfc5627:5.2:2 rfc5627:5.2:3 rfc5627:7:1)', () => {
    const world = new RegistrarWorld();
    const outcome = world.register([SUPPORTED, contact()]);
    const [value = ''] = outcome.contacts;
    expect(value).toMatch(/;\+sip\.instance="<urn:uuid:f81d4fae-7dec-11d0-a765-00a0c91e6bf6>";expires=3600/);
    expect(value).toMatch(/;pub-gruu="sip:[^"]+";temp-gruu="sip:[^"]+"/);
    const { pub, temp } = gruus(outcome);
    const publicUri = sip(pub);
    expect([...publicUri.params.keys()]).toEqual(['gr']);
    expect(publicUri.params.get('gr')).toMatch(/^urn:uuid:f81d4fae-7dec-11d0-a765-00a0c91e6bf6\./);
    expect(pub.slice(0, pub.indexOf(';'))).toBe('sip:bob@biloxi.com');
    expect(temp).toMatch(/^sip:tgruu\.[a-z0-9]{48}@biloxi\.com;gr$/);
    expect(world.reached(pub)).toEqual([['sip:callee@192.0.2.1']]);
    expect(world.reached(temp)).toEqual([['sip:callee@192.0.2.1']]);
  });

  test('Require: gruu is understood, and gruu in neither Require nor Supported of the answer (@req rfc5627:5.2:4)', () => {
    const { status, response } = new RegistrarWorld().register([SUPPORTED, 'Require: gruu', contact()]);
    expect(status).toBe(200);
    expect([...response.raw('Require'), ...response.raw('Supported')].join()).not.toMatch(/gruu/);
  });

  test('who does not support GRUUs is told of none, but of the instance; a contact without one has none (@req rfc5627:5.2:1)', () => {
    const world = new RegistrarWorld();
    expect(world.register([contact()]).contacts).toEqual([
      `<sip:callee@192.0.2.1>;+sip.instance=${ONE};expires=3600`,
    ]);
    expect(world.register([SUPPORTED, 'Contact: <sip:b@h>']).contacts[1]).toBe('<sip:b@h>;expires=3600');
  });

  test('a fetch tells the newest one; a refresh makes a new temporary GRUU and keeps the public one (@req rfc5627:5.2:2 rfc5627:5.4:4 rfc5627:5.4:5)', () => {
    const world = new RegistrarWorld();
    const first = gruus(world.register([SUPPORTED, contact()]));
    const second = gruus(world.register([SUPPORTED, contact()]));
    expect(second.pub).toBe(first.pub);
    expect(second.temp).not.toBe(first.temp);
    expect(gruus(world.register([SUPPORTED]))).toEqual(second);
    for (const temp of [first.temp, second.temp])
      expect(world.reached(temp)).toEqual([['sip:callee@192.0.2.1']]);
  });

  test('nobody can suggest a GRUU (@req rfc5627:5.1:6 rfc5627:5.1:12)', () => {
    const world = new RegistrarWorld();
    const suggested = ';pub-gruu="sip:bob@biloxi.com;gr=x";temp-gruu="sip:y@biloxi.com;gr"';
    const { pub, temp } = gruus(world.register([SUPPORTED, contact(ONE, 'h', suggested)]));
    expect(pub).not.toContain('gr=x');
    expect(temp).not.toContain(':y@');
    expect(world.lookup('sip:bob@biloxi.com;gr=x')).toEqual({ type: 'unknown' });
    expect(world.target().contact).not.toMatch(/gruu/);
  });

  test.each([
    ['the address-of-record', 'sip:bob@biloxi.com'],
    ['it, written in another way', 'sip:%62ob@BILOXI.com:5060;x=1'],
    ['its public GRUU', 'PUB'],
    ['its temporary GRUU', 'TEMP'],
    ['no SIP URI', 'mailto:bob@biloxi.com'],
  ])(
    'a contact that is %s is answered 403 and changes nothing (@req rfc5627:5.1:1 rfc5627:5.1:2 rfc5627:5.1:3)',
    (_case, uri) => {
      const world = new RegistrarWorld();
      const { pub, temp } = gruus(world.register([SUPPORTED, contact()]));
      const written = uri.replace('PUB', pub).replace('TEMP', temp);
      const { status } = world.register([SUPPORTED, `Contact: <${written}>;+sip.instance=${TWO}`]);
      expect(status).toBe(403);
      expect(world.registrar.size).toBe(1);
    },
  );

  test('to remove such a contact, or to bind a GRUU of somebody else, is no loop', () => {
    const world = new RegistrarWorld();
    const { temp } = gruus(world.register([SUPPORTED, contact()]));
    expect(world.register(['Contact: <sip:bob@biloxi.com>;expires=0']).status).toBe(200);
    const carol = ['To: <sip:carol@biloxi.com>', `Contact: <${temp}>;+sip.instance=${TWO}`];
    expect(world.register(carol).status).toBe(200);
  });

  test('another Call-ID makes all earlier temporary GRUUs of the instance invalid, not those of others (@req rfc5627:5.1:7)', () => {
    const world = new RegistrarWorld();
    const first = gruus(world.register([SUPPORTED, contact()]));
    const second = gruus(world.register([SUPPORTED, contact()]));
    const other = gruus(world.register([SUPPORTED, contact(TWO, '192.0.2.2')]), 1);
    const third = gruus(world.register([SUPPORTED, contact(), 'Call-ID: rebooted']), 1);
    expect(world.lookup(first.temp)).toEqual({ type: 'unknown' });
    expect(world.lookup(second.temp)).toEqual({ type: 'unknown' });
    expect(world.reached(third.temp)).toEqual([['sip:callee@192.0.2.1']]);
    expect(world.reached(other.temp)).toEqual([['sip:callee@192.0.2.2']]);
    expect(third.pub).toBe(first.pub);
  });

  test('with outbound the Call-ID is that of the flow: another flow has another, and changes nothing (@req rfc5627:5.1:7)', () => {
    const world = new RegistrarWorld();
    const tags = 'Supported: gruu, path, outbound';
    const first = gruus(world.register([tags, contact(ONE, 'h', ';reg-id=1'), 'Call-ID: a']));
    const second = gruus(world.register([tags, contact(ONE, 'h', ';reg-id=2'), 'Call-ID: b']));
    expect(world.target(first.temp).regId).toBe(2);
    expect(second.temp).not.toBe(first.temp);
    world.register([tags, contact(ONE, 'h', ';reg-id=1'), 'Call-ID: c']);
    expect(world.lookup(first.temp)).toEqual({ type: 'unknown' });
    expect(world.lookup(second.temp)).toEqual({ type: 'unknown' });
  });

  test('a contact that takes the place of another of the instance, with another Call-ID, ends its temporary GRUUs (@req rfc5627:5.1:7)', () => {
    const world = new RegistrarWorld();
    const first = gruus(world.register([SUPPORTED, contact()]));
    world.register([SUPPORTED, contact(ONE, '192.0.2.1', ';expires=0'), contact(ONE, 'new'), 'Call-ID: b']);
    expect(world.lookup(first.temp)).toEqual({ type: 'unknown' });
  });
});

describe('RFC 5627 §5.3, §5.4: how long GRUUs are valid', () => {
  test.each([
    ['its time', (world: RegistrarWorld) => world.pass(3600)],
    ['a removal', (world: RegistrarWorld) => world.register([contact(ONE, '192.0.2.1', ';expires=0')])],
    ['the removal of all', (world: RegistrarWorld) => world.register(['Contact: *', 'Expires: 0'])],
  ])(
    'temporary GRUUs end with the last contact of the instance, by %s; the public one is unavailable until it is back (@req rfc5627:5.3:1 rfc5627:5.3:2 rfc5627:5.3:3 rfc5627:6.1:2)',
    (_case, end) => {
      const world = new RegistrarWorld();
      const first = gruus(world.register([SUPPORTED, contact()]));
      end(world);
      expect(world.lookup(first.temp)).toEqual({ type: 'unknown' });
      const instance = 'urn:uuid:f81d4fae-7dec-11d0-a765-00a0c91e6bf6';
      expect(world.lookup(first.pub)).toEqual({ type: 'unavailable', aor: 'sip:bob@biloxi.com', instance });
      const again = gruus(world.register([SUPPORTED, contact()]));
      expect(again.pub).toBe(first.pub);
      expect(world.lookup(first.temp)).toEqual({ type: 'unknown' });
      expect(world.reached(again.temp)).toEqual([['sip:callee@192.0.2.1']]);
    },
  );

  test('temporary GRUUs stay while one contact of the instance stays (@req rfc5627:5.3:1)', () => {
    const world = new RegistrarWorld();
    const { temp } = gruus(world.register([SUPPORTED, contact(ONE, 'a', ';expires=100')]));
    world.register([SUPPORTED, contact(ONE, 'b')]);
    world.pass(100);
    expect(world.reached(temp)).toEqual([['sip:callee@b']]);
  });

  test('GRUUs stay valid over a restart (@req rfc5627:5.4:4 rfc5627:5.4:5)', () => {
    const world = new RegistrarWorld();
    const { pub, temp } = gruus(world.register([SUPPORTED, contact()]));
    world.restart();
    expect(world.reached(pub)).toEqual([['sip:callee@192.0.2.1']]);
    expect(world.reached(temp)).toEqual([['sip:callee@192.0.2.1']]);
    expect(gruus(world.register([SUPPORTED]))).toEqual({ pub, temp });
  });

  test('with another key they are none (§5.4)', () => {
    const world = new RegistrarWorld();
    const { pub, temp } = gruus(world.register([SUPPORTED, contact()]));
    const other = new RegistrarWorld({ gruuKey: new Uint8Array(32).fill(8) });
    other.register([SUPPORTED, contact()]);
    expect(other.lookup(pub)).toEqual({ type: 'unknown' });
    expect(other.lookup(temp)).toEqual({ type: 'unknown' });
    expect(() => new RegistrarWorld({ gruuKey: new Uint8Array(16) })).toThrow(RangeError);
  });

  test('without a key there are none', () => {
    const world = new RegistrarWorld({ gruuKey: undefined });
    expect(world.register([SUPPORTED, contact()]).contacts[0]).not.toMatch(/gruu/);
    expect(world.lookup('sip:bob@biloxi.com;gr=x')).toEqual({ type: 'unknown' });
  });

  test('no address-of-record is equivalent to a GRUU of another one (@req rfc5627:5.4:3)', () => {
    const world = new RegistrarWorld();
    const { temp } = gruus(world.register([SUPPORTED, contact()]));
    const squatter = { permission: 'allow' } as const;
    const stolen = `To: <${temp.replace(';gr', '')}>`;
    expect(world.register(['Contact: <sip:eve@h>', stolen], squatter).status).toBe(404);
  });
});

describe('RFC 5627 §6.1: what a GRUU leads to', () => {
  test('a GRUU leads to the contacts of its instance only, the last refreshed one first (@req rfc5627:5.4:1 rfc5627:6.1:3 rfc5627:6.1:4)', () => {
    const world = new RegistrarWorld();
    const one = gruus(world.register([SUPPORTED, contact(ONE, 'a')]));
    world.register([SUPPORTED, contact(TWO, 'b')]);
    world.register([SUPPORTED, contact(ONE, 'c')]);
    world.register([SUPPORTED, contact(ONE, 'a')]);
    world.register(['Contact: <sip:callee@d>']);
    for (const uri of [one.pub, one.temp]) {
      const target = world.target(uri);
      expect(target.uri).toBe('sip:callee@a');
      expect(target.alternates.map((each) => each.uri)).toEqual(['sip:callee@c']);
    }
    expect(world.reached()).toEqual([['sip:callee@d', 'sip:callee@a', 'sip:callee@b']]);
  });

  test('what has gr and is no GRUU is unknown (@req rfc5627:6.1:1)', () => {
    const world = new RegistrarWorld();
    const { pub, temp } = gruus(world.register([SUPPORTED, contact()]));
    const wrong = [
      'sip:bob@biloxi.com;gr',
      'sip:bob@biloxi.com;gr=urn:uuid:f81d4fae-7dec-11d0-a765-00a0c91e6bf6',
      pub.replace('bob@', 'carol@'),
      pub.replace('bf6.', 'bf7.'),
      pub.slice(0, -1),
      `${pub}a`,
      temp.replace('tgruu.', 'tgruu.a'),
      temp.replace('biloxi.com', 'example.com'),
      temp.replace(/(tgruu\.)(.)/, (_whole, prefix, first) => `${prefix}${first === 'a' ? 'b' : 'a'}`),
      temp.replace(/.@/, (last) => (last === 'a@' ? 'b@' : 'a@')),
    ];
    for (const uri of wrong) expect(world.lookup(uri), uri).toEqual({ type: 'unknown' });
  });

  test('GRUUs are compared as URIs are: parameters in any case, in any company', () => {
    const world = new RegistrarWorld();
    const { pub, temp } = gruus(world.register([SUPPORTED, contact()]));
    expect(world.reached(pub.replace('urn:uuid:f81d', 'URN:uuid:%468%31D'))).toHaveLength(1);
    expect(world.reached(`${pub};method=INVITE`)).toHaveLength(1);
    expect(world.reached(temp.replace('biloxi', 'BILOXI'))).toHaveLength(1);
  });
});

describe('the construction of GRUUs (Appendix A)', () => {
  const key = new Uint8Array(32).fill(5);
  const letters = [...'abcdefghijkmnpqrstuvwxyz23456789'];
  const code = fc
    .array(fc.constantFrom(...letters), { minLength: 16, maxLength: 16 })
    .map((all) => all.join(''));

  test('a temporary GRUU gives back its index, and only with the key (@req rfc5627:5.4:1)', () => {
    const made = new Gruus(key);
    const others = new Gruus(new Uint8Array(32).fill(6));
    fc.assert(
      fc.property(code, code, (index, distinguisher) => {
        const uri = parseUri(made.temporary('sips:bob@[2001:db8::1]:5070', index, distinguisher));
        expect(uri).toMatchObject({ scheme: 'sips', host: '[2001:db8::1]', port: 5070 });
        expect(made.indexOf(uri)).toBe(index);
        expect(others.indexOf(uri)).toBeUndefined();
      }),
    );
  });

  test('two of the same instance have no more in common than two of different ones (@req rfc5627:5.1:9 rfc5627:5.1:10 rfc5627:5.1:11)', () => {
    // What is looked for is any place at which pairs of one instance agree more often than by chance: 1 in 32.
    const made = new Gruus(key);
    const world = new RegistrarWorld({ gruuKey: key });
    const users = Array.from(
      { length: 400 },
      () => sip(gruus(world.register([SUPPORTED, contact()])).temp).user ?? '',
    );
    expect(new Set(users).size).toBe(400);
    for (let place = 6; place < 54; place += 1) {
      let agreeing = 0;
      for (let at = 1; at < users.length; at += 1)
        if (users[at]?.[place] === users[at - 1]?.[place]) agreeing += 1;
      expect(agreeing, `place ${place}`).toBeLessThan(40);
    }
    expect(made.indexOf(parseUri(`sip:${users[0]}@biloxi.com;gr`))).toBe(
      made.indexOf(parseUri(`sip:${users[399]}@biloxi.com;gr`)),
    );
  });

  test('a public GRUU gives back its instance; two of different ones are different URIs (@req rfc5627:5.4:1 rfc5627:5.4:2)', () => {
    const made = new Gruus(key);
    const instances = [
      'urn:uuid:1',
      'urn:x:a',
      'urn:x:A',
      'urn:x:a.b',
      'no urn; é',
      'x-abc',
      'urn:x:%2c',
      'urn:x:,',
    ];
    const aors = ['sip:bob@biloxi.com', 'sip:carol@biloxi.com'];
    const uris = aors.flatMap((aor) => instances.map((instance) => made.publicOf(aor, instance)));
    for (const [at, uri] of uris.entries()) {
      const aor = aors[Math.floor(at / instances.length)] ?? '';
      expect(made.instanceOf(aor, sip(uri).params.get('gr') ?? '')).toBe(instances[at % instances.length]);
      for (const other of uris.slice(at + 1)) expect(uriEquals(uri, other), `${uri} ${other}`).toBe(false);
    }
  });

  test('whatever the instance ID, a GRUU is a URI that leads back to it', () => {
    const made = new Gruus(key);
    fc.assert(
      fc.property(fc.string({ minLength: 1, unit: 'binary' }), (text) => {
        const instance = instanceId(`"<${text}>"`) ?? 'x';
        const gr = sip(made.publicOf('sip:a@b', instance)).params.get('gr') ?? '';
        expect(made.instanceOf('sip:a@b', gr)).toBe(
          new TextDecoder().decode(new TextEncoder().encode(instance)),
        );
      }),
    );
  });
});
