import fc from 'fast-check';
import { expect, test } from 'vitest';
import { RelayWorld, shown } from './relay-world.ts';

const numRuns = 40 * Number(process.env['FUZZ_RUNS'] ?? 1);

/** The same noise for the same seed. */
function noise(seed: number): () => number {
  let state = seed | 0;
  return () => {
    state = (Math.imul(state ^ (state >>> 15), 0x2c1b3c6d) + 0x6d2b79f5) | 0;
    return ((state >>> 8) & 0xffff) / 0x10000;
  };
}

test('on a network that loses a third, with restarts, all messages are shown, in order, none twice', () => {
  fc.assert(
    fc.property(fc.integer(), fc.integer({ min: 1, max: 12 }), (seed, count) => {
      const random = noise(seed);
      const world = new RelayWorld({ limits: { longestPauseSeconds: 60 } });
      const phone = world.phone('192.0.2.2');
      world.network.isLost = () => random() < 0.33;
      const sent: string[] = [];
      for (let at = 0; at < count; at += 1) {
        sent.push(`m${at}`);
        expect(world.message(`m${at}`)).toBe('202');
        const chance = random();
        if (chance < 0.2) world.restart();
        else if (chance < 0.4) world.register('192.0.2.2');
        else if (chance < 0.6) world.network.advance(random() * 100);
      }
      world.register('192.0.2.2');
      world.network.advance(86_400);
      expect(shown(phone)).toEqual(sent);
      expect([world.server.store.size, world.relay.size, world.relay.deadline]).toEqual([0, 0, undefined]);
    }),
    { numRuns },
  );
});
