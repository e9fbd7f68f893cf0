import { array, assert, constantFrom, integer, property, tuple } from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  Composer,
  type ComposerInput,
  type ComposerOptions,
  Observer,
  parse,
  serialize,
} from '../../src/index.ts';

const START = Date.UTC(2026, 0, 31, 12);

/** A composer, and what it has sent by the time of each input: the state, or nothing. */
function composer(options?: ComposerOptions) {
  const machine = new Composer(options);
  const at = (seconds: number, type: ComposerInput['type']) =>
    machine.handle({ type }, START + seconds * 1000).map(({ status }) => status.state);
  return { machine, at };
}

describe('RFC 3994 §3.2: the composer', () => {
  test('says active once while content is produced, and nothing when it is sent', () => {
    const { machine, at } = composer();
    expect(at(0, 'composing')).toEqual(['active']);
    expect(at(10, 'composing')).toEqual([]);
    expect(at(24, 'composing')).toEqual([]);
    expect(at(30, 'content-sent')).toEqual([]);
    expect(machine.state).toBe('idle');
    expect(machine.deadline).toBeUndefined();
  });

  test('is idle 15 seconds after the last activity, and says so (@req rfc3994:3.2:3)', () => {
    const { machine, at } = composer();
    at(0, 'composing');
    at(10, 'composing');
    expect(machine.deadline).toBe(START + 25_000);
    expect(at(24.999, 'tick')).toEqual([]);
    expect(machine.handle({ type: 'tick' }, START + 25_000)).toEqual([
      { type: 'send', status: { state: 'idle', contentType: undefined, lastActive: '2026-01-31T12:00:10Z' } },
    ]);
    expect(machine.deadline).toBeUndefined();
    expect(at(40, 'composing')).toEqual(['active']);
  });

  test('takes another idle timeout where the user wants it', () => {
    const { machine, at } = composer({ idleTimeoutMilliseconds: 5_000 });
    at(0, 'composing');
    expect(machine.deadline).toBe(START + 5_000);
  });

  test('repeats active at the refresh interval, which is no shorter than 60 seconds (@req rfc3994:3.2:1)', () => {
    const { machine, at } = composer({ refreshSeconds: 60 });
    for (let seconds = 0; seconds < 60; seconds += 10)
      expect(at(seconds, 'composing')).toEqual(seconds === 0 ? ['active'] : []);
    expect(machine.deadline).toBe(START + 60_000);
    expect(at(60, 'tick')).toEqual(['active']);
    expect(at(65, 'tick')).toEqual(['idle']);
    for (const refreshSeconds of [59, 0, -1, 60.5, Number.NaN, Number.POSITIVE_INFINITY]) {
      expect(() => new Composer({ refreshSeconds })).toThrow(RangeError);
    }
  });

  test('tells the interval in active messages, and omits it where there are no refreshes', () => {
    const status = (options: ComposerOptions) =>
      new Composer(options).handle({ type: 'composing', contentType: 'text/plain' }, START)[0]?.status;
    expect(status({ refreshSeconds: 90 })).toEqual({
      state: 'active',
      contentType: 'text/plain',
      refreshSeconds: 90,
    });
    expect(status({})).toEqual({ state: 'active', contentType: 'text/plain', refreshSeconds: undefined });
    const { at } = composer();
    at(0, 'composing');
    for (let seconds = 10; seconds < 1_000; seconds += 10) expect(at(seconds, 'composing')).toEqual([]);
  });

  test('a clock that comes late says the last thing only', () => {
    const { at } = composer({ refreshSeconds: 60 });
    at(0, 'composing');
    expect(at(1_000, 'tick')).toEqual(['idle']);
    expect(at(2_000, 'composing')).toEqual(['active']);
    expect(at(3_000, 'content-sent')).toEqual([]);
  });

  test('who is refused says nothing any more (@req rfc3994:4:1)', () => {
    const { machine, at } = composer({ refreshSeconds: 60 });
    at(0, 'composing');
    expect(at(1, 'refused')).toEqual([]);
    expect(machine.deadline).toBeUndefined();
    for (const type of ['composing', 'tick', 'content-sent', 'content-received', 'composing'] as const) {
      expect(at(100, type)).toEqual([]);
    }
    expect(machine.state).toBe('refused');
    const early = composer();
    early.at(0, 'refused');
    expect(early.at(1, 'composing')).toEqual([]);
  });

  test('in page mode only an answer is told of (@req rfc3994:7:1)', () => {
    const { machine, at } = composer({ mode: 'page' });
    expect(at(0, 'composing')).toEqual([]);
    expect(machine.deadline).toBeUndefined();
    expect(at(5, 'content-sent')).toEqual([]);
    expect(at(10, 'content-received')).toEqual([]);
    expect(at(11, 'composing')).toEqual(['active']);
  });

  test('over any history, an observer in time with it knows what it is', () => {
    const step = tuple(constantFrom('composing', 'content-sent', 'tick'), integer({ min: 1, max: 40_000 }));
    assert(
      property(array(step), (steps) => {
        const machine = new Composer({ refreshSeconds: 60 });
        const observer = new Observer();
        let now = START;
        const tell = (input: ComposerInput) => {
          for (const { status } of machine.handle(input, now)) {
            observer.handle({ type: 'status', status: parse(serialize(status)) }, now);
          }
        };
        for (const [type, later] of steps) {
          const then = now + later;
          while (machine.deadline !== undefined && machine.deadline < then) {
            now = machine.deadline;
            tell({ type: 'tick' });
          }
          now = then;
          tell({ type });
          if (type === 'content-sent') observer.handle({ type: 'content' }, now);
          observer.handle({ type: 'tick' }, now);
          expect(observer.state).toBe(machine.state);
          expect(machine.deadline ?? now).toBeGreaterThanOrEqual(now);
        }
      }),
      { numRuns: 200 * Number(process.env['FUZZ_RUNS'] ?? 1) },
    );
  });
});
