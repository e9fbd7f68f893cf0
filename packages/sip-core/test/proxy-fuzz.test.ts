import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { createResponse, set } from '../src/index.ts';
import { forked, isAtRest, peerAt, requestOf } from './support/proxies.ts';

const runs = { numRuns: 200 * Number(process.env['FUZZ_RUNS'] ?? 1) };

/** Text with one of its places replaced by what parsers trip over. */
const mutation = fc.record({
  at: fc.double({ min: 0, max: 0.999, noNaN: true }),
  length: fc.integer({ min: 0, max: 12 }),
  text: fc.oneof(
    fc.constantFrom(
      '<',
      '>',
      '"',
      ';',
      ',',
      ':',
      '@',
      '%',
      '%zz',
      '~',
      'rr~',
      'ft~~',
      '\r\n',
      '\r\n ',
      '\u0000',
      'é',
      '[::1]',
      ';lr',
      '?a=b',
      'sips:',
      'tel:1',
    ),
    fc.string({ maxLength: 8 }),
  ),
});

function mutated(
  bytes: Uint8Array,
  changes: readonly { at: number; length: number; text: string }[],
): Uint8Array {
  let text = new TextDecoder('latin1').decode(bytes);
  for (const { at, length, text: inserted } of changes) {
    const place = Math.floor(at * text.length);
    text = text.slice(0, place) + inserted + text.slice(place + length);
  }
  return new TextEncoder().encode(text);
}

describe('mutated traffic through a proxy', () => {
  test('never makes it throw, and leaves nothing behind', () => {
    const changes = fc.array(mutation, { minLength: 1, maxLength: 4 });
    const method = fc.constantFrom('INVITE', 'MESSAGE', 'REGISTER', 'ACK', 'CANCEL', 'BYE');
    fc.assert(
      fc.property(method, changes, changes, (name, there, back) => {
        const { world, alice, bobs, proxy } = forked(['b0', 'b1'], {
          admit: () => undefined,
          path: true,
          recurse: true,
        });
        const headers = [
          set('Via', 'SIP/2.0/UDP 10.0.0.1:5060;branch=z9hG4bKfuzz;rport'),
          set('Route', '<sip:10.0.0.100;lr>', '<sip:10.0.1.1>'),
          set('Contact', '<sip:alice@10.0.0.1;ob>;reg-id=1'),
          set('Record-Route', '<sip:before.example;lr>'),
          set('Supported', 'path'),
          set('Max-Breadth', '4'),
        ];
        world.transmit(alice, peerAt(proxy), requestOf('MESSAGE', 'sip:bob@b.example').toBytes());
        const request = requestOf(name, 'sip:bob@b.example;maddr=10.0.0.100', headers);
        const bytes = mutated(request.toBytes(), there);
        proxy.receive(peerAt(alice), bytes);
        world.run(10);
        const [bob] = bobs;
        for (const sent of world.to('b0')) {
          if (sent.type === 'response' || bob === undefined) continue;
          const answer = createResponse(sent, 302, {
            toTag: 'x',
            headers: [set('Contact', '<sip:c@10.0.1.2>;q=0.1')],
          });
          proxy.receive(peerAt(bob), mutated(answer.toBytes(), back));
        }
        world.lose = () => true;
        world.run();
        expect(isAtRest([proxy], [])).toBe(true);
      }),
      runs,
    );
  });
});
