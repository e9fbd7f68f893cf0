import { describe, expect, test } from 'vitest';
import { asRequest, RegistrarWorld } from '../support/registrar.ts';

const CONTACT = 'Contact: <sip:bob@192.0.2.4>';

describe('RFC 3327 §5.3 Path at the registrar', () => {
  test('the example of §5.5.1: Path is stored in its order, and in the answer as it came', () => {
    const world = new RegistrarWorld({
      domains: ['examplehome.com'],
      hosts: ['registrar.examplehome.com'],
    });
    const { status, response } = world.receive(
      asRequest('REGISTER sip:REGISTRAR.EXAMPLEHOME.COM SIP/2.0', [
        'Via: SIP/2.0/UDP 19.31.97.3:5060;branch=z9hG4bKp3wer654363',
        'Via: SIP/2.0/UDP 178.73.76.230:5060;branch=z9hG4bKiokioukju908',
        'Via: SIP/2.0/UDP 112.68.155.4:5060;branch=z9hG4bK34ghi7ab04',
        'Via: SIP/2.0/UDP 192.0.2.4:5060;branch=z9hG4bKnashds7',
        'To: UA1 <sip:UA1@EXAMPLEHOME.COM>',
        'From: UA1 <sip:UA1@EXAMPLEHOME.COM>;tag=456248',
        'Call-ID: 843817637684230@998sdasdh09',
        'CSeq: 1826 REGISTER',
        'Contact: <sip:UA1@192.0.2.4>',
        'Supported: path',
        'Path: <sip:P3.EXAMPLEHOME.COM;lr>,<sip:P1.EXAMPLEVISITED.COM;lr>',
      ]),
    );
    expect(status).toBe(200);
    expect(response.raw('Path')).toEqual(['<sip:P3.EXAMPLEHOME.COM;lr>,<sip:P1.EXAMPLEVISITED.COM;lr>']);
    expect(world.target('sip:UA1@examplehome.com')).toMatchObject({
      uri: 'sip:UA1@192.0.2.4',
      path: ['<sip:P3.EXAMPLEHOME.COM;lr>', '<sip:P1.EXAMPLEVISITED.COM;lr>'],
      // It came from a proxy: that is no flow to the phone.
      flow: undefined,
    });
  });

  test('each contact has its own path; repeated fields and joined ones mean the same', () => {
    const world = new RegistrarWorld();
    world.register([CONTACT, 'Supported: path', 'Path: <sip:p1;lr>', 'Path: <sip:p2;lr>, <sip:p3;lr;x=1>;y']);
    const { response } = world.register([
      'Contact: <sip:bob@192.0.2.5>',
      'Supported: Path',
      'Path: <sip:q;lr>',
    ]);
    expect(response.raw('Path')).toEqual(['<sip:q;lr>']);
    const found = world.lookup();
    const paths = found.type === 'found' ? found.groups.flat().map(({ path }) => path) : [];
    expect(paths).toEqual([['<sip:q;lr>'], ['<sip:p1;lr>', '<sip:p2;lr>', '<sip:p3;lr;x=1>;y']]);
  });

  test('a refresh brings the path that holds from now on', () => {
    const world = new RegistrarWorld();
    world.register([CONTACT, 'Supported: path', 'Path: <sip:p1;lr>']);
    world.register([CONTACT, 'Supported: path', 'Path: <sip:p2;lr>']);
    expect(world.target().path).toEqual(['<sip:p2;lr>']);
    expect(world.register([CONTACT]).response.has('Path')).toBe(false);
    expect(world.target().path).toEqual([]);
  });

  test('a Path that the user agent knows nothing of is refused with 420', () => {
    const world = new RegistrarWorld();
    const { status, response } = world.register([CONTACT, 'Supported: outbound', 'Path: <sip:p1;lr>']);
    expect(status).toBe(420);
    expect(response.raw('Unsupported')).toEqual(['path']);
    expect(world.registrar.size).toBe(0);
  });

  test('or taken, where that is the policy', () => {
    const world = new RegistrarWorld({ unannouncedPath: 'accept' });
    expect(world.register([CONTACT, 'Path: <sip:p1;lr>']).status).toBe(200);
    expect(world.target().path).toEqual(['<sip:p1;lr>']);
  });

  test.each(['sip:p1;lr', '<sip:p1;lr', '<p1>'])('a malformed Path is answered 400: %s', (value) => {
    const world = new RegistrarWorld();
    expect(world.register([CONTACT, 'Supported: path', `Path: ${value}`]).status).toBe(400);
    expect(world.registrar.size).toBe(0);
  });
});
