import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { TimerWheel } from '../src/index.ts';

const runs = 300 * Number(process.env['FUZZ_RUNS'] ?? 1);
const YEAR = 365 * 24 * 3600 * 1000;

/** What a wheel must do, written without any cleverness. */
class SortedTimers {
  timers: { key: number; at: number; order: number }[] = [];
  #order = 0;
  #now = 0;

  set(key: number, at: number): void {
    this.cancel(key);
    this.timers.push({ key, at: Math.max(Math.ceil(at), this.#now), order: this.#order++ });
  }

  cancel(key: number): void {
    this.timers = this.timers.filter((timer) => timer.key !== key);
  }

  expire(now: number): number[] {
    const due = this.timers.filter((timer) => timer.at <= now);
    this.timers = this.timers.filter((timer) => timer.at > now);
    this.#now = Math.max(this.#now, Math.floor(now));
    return due.sort((a, b) => a.at - b.at || a.order - b.order).map((timer) => timer.key);
  }

  get earliest(): number | undefined {
    return this.timers.length === 0 ? undefined : Math.min(...this.timers.map((timer) => timer.at));
  }
}

const delay = fc.oneof(
  fc.integer({ min: 0, max: 70 }),
  fc.integer({ min: 0, max: 40_000 }),
  fc.integer({ min: 0, max: 5 * YEAR }),
  fc.double({ min: 0, max: 5000, noNaN: true }),
);
const step = fc.oneof(
  fc.record({ type: fc.constant('set' as const), key: fc.integer({ min: 0, max: 30 }), delay }),
  fc.record({ type: fc.constant('cancel' as const), key: fc.integer({ min: 0, max: 30 }) }),
  fc.record({ type: fc.constant('advance' as const), delay }),
  fc.record({ type: fc.constant('deadline' as const) }),
);

describe('TimerWheel', () => {
  test('expires exactly what a sorted list would, in its order, at any distance', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: 2 ** 41 }),
        fc.array(step, { maxLength: 120 }),
        (start, steps) => {
          const wheel = new TimerWheel<number>();
          const model = new SortedTimers();
          let now = start;
          expect(wheel.expire(now)).toEqual(model.expire(now));
          for (const each of steps) {
            if (each.type === 'set') {
              wheel.set(each.key, now + each.delay);
              model.set(each.key, now + each.delay);
            } else if (each.type === 'cancel') {
              wheel.cancel(each.key);
              model.cancel(each.key);
            } else {
              now = each.type === 'advance' ? now + each.delay : Math.max(now, wheel.deadline ?? now);
              expect(wheel.expire(now)).toEqual(model.expire(now));
            }
            expect(wheel.size).toBe(model.timers.length);
            const { earliest } = model;
            if (earliest === undefined) expect(wheel.deadline).toBeUndefined();
            else expect(wheel.deadline).toBeLessThanOrEqual(earliest);
          }
        },
      ),
      { numRuns: runs },
    );
  });

  test('tells the exact deadline while nothing is cancelled', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: YEAR }), { minLength: 1, maxLength: 40 }), (delays) => {
        const wheel = new TimerWheel<number>();
        const start = 1_700_000_000_000;
        wheel.expire(start);
        delays.forEach((each, key) => {
          wheel.set(key, start + each);
        });
        const moments: number[] = [];
        for (let at = wheel.deadline; at !== undefined; at = wheel.deadline) {
          for (const key of wheel.expire(at)) expect(delays[key]).toBe(at - start);
          moments.push(at - start);
        }
        expect(moments).toEqual([...new Set(delays)].sort((a, b) => a - b));
      }),
      { numRuns: runs },
    );
  });

  test('ends after a bounded number of early deadlines when timers were cancelled', () => {
    const wheel = new TimerWheel<number>();
    wheel.expire(0);
    for (let key = 0; key < 1000; key += 1) wheel.set(key, 1000 + key);
    for (let key = 0; key < 999; key += 1) wheel.cancel(key);
    let wakes = 0;
    let expired: number[] = [];
    while (expired.length === 0) {
      wakes += 1;
      expired = wheel.expire(wheel.deadline ?? Number.NaN);
    }
    expect(expired).toEqual([999]);
    expect(wakes).toBeLessThanOrEqual(3);
  });

  test('costs nothing for empty years', () => {
    const wheel = new TimerWheel<string>();
    const start = Date.UTC(2026, 0, 1);
    wheel.expire(start);
    for (let year = 1; year <= 1000; year += 1) wheel.set(`year ${year}`, start + year * YEAR);
    const began = performance.now();
    for (let year = 1; year <= 1000; year += 1)
      expect(wheel.expire(start + year * YEAR)).toEqual([`year ${year}`]);
    // A walk over the milliseconds, or even the hours, of a thousand years takes far longer.
    expect(performance.now() - began).toBeLessThan(1000);
    expect(wheel.deadline).toBeUndefined();
  });

  test('takes a hundred thousand timers in constant time each', () => {
    const wheel = new TimerWheel<number>();
    wheel.expire(0);
    const began = performance.now();
    for (let key = 0; key < 100_000; key += 1) wheel.set(key, 32_000 + (key % 7000));
    for (let key = 0; key < 100_000; key += 2) wheel.cancel(key);
    expect(wheel.expire(40_000)).toHaveLength(50_000);
    expect(performance.now() - began).toBeLessThan(2000);
  });

  test('moves a timer that is set again, and refuses a time that is none', () => {
    const wheel = new TimerWheel<string>();
    wheel.set('a', 100);
    wheel.set('a', 200);
    expect(wheel.expire(150)).toEqual([]);
    expect(() => wheel.set('a', Number.NaN)).toThrow(RangeError);
    expect(() => wheel.set('a', Number.POSITIVE_INFINITY)).toThrow(RangeError);
    expect(wheel.expire(200)).toEqual(['a']);
    expect(wheel.size).toBe(0);
  });
});
