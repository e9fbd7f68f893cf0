import { describe, expect, test } from 'vitest';
import type { Instant, Machine } from '../../src/index.ts';
import { Driver, now, random } from '../../src/node.ts';

type Input = { type: 'set'; milliseconds: number } | { type: 'echo'; text: string } | { type: 'tick' };

/** An alarm clock, and an echo. */
class Alarm implements Machine<Input, string> {
  deadline: Instant | undefined = undefined;
  ticks = 0;

  handle(input: Input, at: Instant): readonly string[] {
    if (input.type === 'echo') return [`${input.text} 1`, `${input.text} 2`];
    if (input.type === 'set') this.deadline = at + input.milliseconds;
    if (input.type === 'tick') this.ticks += 1;
    if (input.type !== 'tick' || this.deadline === undefined || at < this.deadline) return [];
    this.deadline = undefined;
    return ['ring'];
  }
}

function until(done: () => boolean): Promise<void> {
  return new Promise((resolve) => {
    const look = () => (done() ? resolve() : setTimeout(look, 5));
    look();
  });
}

describe('Driver', () => {
  test('wakes a machine at its deadline, and at an earlier one set later', async () => {
    const machine = new Alarm();
    const heard: [string, number][] = [];
    const began = now();
    const driver = new Driver<Input, string>(machine, {
      perform: (action) => heard.push([action, now() - began]),
    });
    driver.handle({ type: 'set', milliseconds: 60_000 });
    driver.handle({ type: 'set', milliseconds: 30 });
    await until(() => heard.length > 0);
    expect(heard[0]?.[0]).toBe('ring');
    expect(heard[0]?.[1]).toBeGreaterThanOrEqual(30);
    await driver[Symbol.asyncDispose]();
  });

  test('finishes the actions of one input before the next that they cause', () => {
    const heard: string[] = [];
    const driver: Driver<Input, string> = new Driver(new Alarm(), {
      perform: (action) => {
        heard.push(action);
        if (action === 'a 1') driver.handle({ type: 'echo', text: 'b' });
      },
    });
    driver.handle({ type: 'echo', text: 'a' });
    expect(heard).toEqual(['a 1', 'a 2', 'b 1', 'b 2']);
  });

  test('is still usable after an action that threw', () => {
    const heard: string[] = [];
    const driver = new Driver<Input, string>(new Alarm(), {
      perform: (action) => {
        if (action === 'bad 1') throw new Error('no');
        heard.push(action);
      },
    });
    expect(() => driver.handle({ type: 'echo', text: 'bad' })).toThrow('no');
    driver.handle({ type: 'echo', text: 'good' });
    expect(heard).toEqual(['good 1', 'good 2']);
  });

  test('ends when its signal is aborted, or when it is disposed of', async () => {
    const machine = new Alarm();
    const controller = new AbortController();
    const heard: string[] = [];
    const driver = new Driver<Input, string>(machine, {
      perform: (action) => heard.push(action),
      signal: controller.signal,
    });
    driver.handle({ type: 'set', milliseconds: 20 });
    controller.abort();
    driver.handle({ type: 'echo', text: 'a' });
    const late = new Driver<Input, string>(machine, {
      perform: (action) => heard.push(action),
      signal: controller.signal,
    });
    late.handle({ type: 'echo', text: 'b' });
    await new Promise((done) => setTimeout(done, 60));
    expect(heard).toEqual([]);
    expect(machine.ticks).toBe(0);
  });
});

describe('the platform’s sources', () => {
  test('give random bytes and the time', () => {
    expect(random(32)).toHaveLength(32);
    expect(random(32)).not.toEqual(random(32));
    expect(Math.abs(now() - Date.now())).toBeLessThan(5000);
    expect(Number.isInteger(now())).toBe(true);
  });
});
