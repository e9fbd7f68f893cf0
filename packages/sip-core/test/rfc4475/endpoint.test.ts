import { readdirSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fixture, outcomeOf } from '../support/torture.ts';

const runs = 400 * Number(process.env['FUZZ_RUNS'] ?? 1);
const samples = readdirSync(new URL('../fixtures/rfc4475/', import.meta.url))
  .filter((name) => name.endsWith('.dat'))
  .map((name) => fixture(`rfc4475/${name}`))
  .filter((bytes) => bytes.length < 2000);

/** What happens to the lines of one message, and to those of another put into it. */
const change = fc.record({
  at: fc.nat(30),
  how: fc.constantFrom('twice', 'away', 'foreign', 'damaged', 'empty'),
  other: fc.nat(30),
  byte: fc.nat(255),
});

describe('torture messages, made worse', () => {
  it('break no endpoint: each is delivered, answered or dropped', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...samples),
        fc.constantFrom(...samples),
        fc.array(change, { minLength: 1, maxLength: 5 }),
        (sample, second, changes) => {
          const lines = linesOf(sample);
          const others = linesOf(second);
          for (const { at, how, other, byte } of changes) {
            const place = at % lines.length;
            const line = lines[place] ?? '';
            const foreign = others[other % others.length] ?? '';
            if (how === 'twice') lines.splice(place, 0, line);
            else if (how === 'away') lines.splice(place, 1);
            else if (how === 'foreign') lines.splice(place, 0, foreign);
            else if (how === 'empty') lines[place] = line.replace(/:.*/, ':');
            else lines[place] = line.slice(0, other) + String.fromCharCode(byte) + line.slice(other + 1);
          }
          outcomeOf(Uint8Array.from(lines.join('\r\n'), (character) => character.charCodeAt(0)));
        },
      ),
      { numRuns: runs },
    );
  });
});

describe('an answer to what is malformed', () => {
  const request = (...fields: readonly string[]) =>
    new TextEncoder().encode(
      ['OPTIONS sip:a@b SIP/2.0', ...fields, 'From: <sip:a@b>;tag=1', 'CSeq: 1 OPTIONS', '', ''].join('\r\n'),
    );

  it('reads nothing that may be broken (found by the test above)', () => {
    const folded = ['Via: SIP/2.0/UDP', ' 192.0.2.200;branch=z9hG4bK1;rport'];
    expect(outcomeOf(request(...folded, 'To: x y', 'Call-ID: 1'))).toBe('400');
    expect(outcomeOf(request(...folded, 'To: <sip:a@b>', 'Call-ID: 1', 'Call-ID: 2'))).toBe('400');
    expect(outcomeOf(request(...folded, 'To: <sip:a@b>', 'Call-ID: , ,'))).toBe('400');
  });
});

/** Lines of one character for each byte. */
function linesOf(bytes: Uint8Array): string[] {
  return Array.from(bytes, (byte) => String.fromCharCode(byte))
    .join('')
    .split('\r\n');
}
