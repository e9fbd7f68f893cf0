import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { guard } from '../../src/sip/guard.ts';
import { type Durable, Outbox } from '../../src/sip/outbox.ts';
import { memoryStore } from '../../src/store/memory.ts';
import type { Store } from '../../src/store/store.ts';

interface Act {
  readonly type: 'act';
  readonly name: string;
}
const act = (name: string): Act => ({ type: 'act', name });
const save = (key: string): Durable => ({ type: 'save', key, record: new Uint8Array(1), expiresAt: 1 });

/** An outbox over a store whose writes are fulfilled, or fail, when the test says so. */
function harness() {
  const writes = new Map<string, { resolve: (revision: number) => void; reject: (error: Error) => void }>();
  const memory = memoryStore();
  const store: Store = Object.assign(Object.create(memory), {
    write: (key: string) =>
      new Promise<number>((resolve, reject) => {
        writes.set(key, { resolve, reject });
      }),
    remove: (key: string) =>
      new Promise<boolean>((resolve, reject) => {
        writes.set(key, { resolve: () => resolve(true), reject });
      }),
  });
  const done: string[] = [];
  const failed: string[] = [];
  const stored: number[] = [];
  const outbox = new Outbox<Act>({
    store,
    perform: ({ name }, isStored) => done.push(isStored ? name : `${name} (not stored)`),
    onStored: (seconds) => stored.push(seconds),
    onFailed: (_, action) => failed.push(action.key),
  });
  const finish = async (key: string, error?: Error) => {
    const write = writes.get(key);
    if (!write) throw new Error(`no write of ${key}`);
    if (error) write.reject(error);
    else write.resolve(1);
    await new Promise((resolve) => setImmediate(resolve));
  };
  return { outbox, writes, done, failed, stored, finish };
}

describe('the outbox', () => {
  test('does at once what waits for nothing', () => {
    const { outbox, done } = harness();
    outbox.push([act('a'), act('b')]);
    expect(done).toEqual(['a', 'b']);
    expect(outbox.held).toBe(0);
  });

  test('holds what follows a save until it is stored, and what comes later behind it', async () => {
    const { outbox, done, finish, stored } = harness();
    outbox.push([act('before'), save('k'), act('after')]);
    outbox.push([act('next')]);
    expect(done).toEqual(['before']);
    await finish('k');
    expect(done).toEqual(['before', 'after', 'next']);
    expect(outbox.held).toBe(0);
    expect(stored).toHaveLength(1);
  });

  test('starts later writes without waiting for earlier ones, yet keeps the order', async () => {
    const { outbox, done, writes, finish } = harness();
    outbox.push([save('1'), act('a')]);
    outbox.push([save('2'), { type: 'forget', key: '3' }, act('b')]);
    expect([...writes.keys()]).toEqual(['1', '2', '3']);
    await finish('3');
    await finish('2');
    expect(done).toEqual([]);
    await finish('1');
    expect(done).toEqual(['a', 'b']);
  });

  test('tells what follows a failed save that it is not stored, and nobody else', async () => {
    const { outbox, done, failed, finish } = harness();
    outbox.push([save('1'), save('2'), act('a')]);
    outbox.push([save('3'), act('b')]);
    await finish('1', new Error('disk full'));
    await finish('3');
    expect(done).toEqual([]);
    await finish('2');
    expect(done).toEqual(['a (not stored)', 'b']);
    expect(failed).toEqual(['1']);
  });

  test('what an action brings about goes to the end of the line', () => {
    const done: string[] = [];
    const outbox: Outbox<Act> = new Outbox<Act>({
      store: memoryStore(),
      perform: ({ name }) => {
        done.push(name);
        if (name === 'a') outbox.push([act('caused by a')]);
      },
      onStored: () => {},
      onFailed: () => {},
    });
    outbox.push([act('a'), act('b')]);
    expect(done).toEqual(['a', 'b', 'caused by a']);
  });

  test('whatever the order in which writes end, actions keep theirs and none is early', async () => {
    const step = fc.constantFrom('save', 'act', 'end of batch', 'finish');
    await fc.assert(
      fc.asyncProperty(
        fc.array(step, { maxLength: 40 }),
        fc.infiniteStream(fc.nat()),
        async (steps, choices) => {
          const { outbox, done, finish } = harness();
          const issued: string[] = [];
          const open = new Set<string>();
          const needs = new Map<string, readonly string[]>();
          let batch: (Durable | Act)[] = [];
          let count = 0;
          const end = async () => {
            const keys = [...open];
            const key = keys[(choices.next().value ?? 0) % keys.length];
            if (key === undefined) return;
            open.delete(key);
            await finish(key);
          };
          for (const kind of steps) {
            if (kind === 'save') batch.push(save(`${count++}`));
            else if (kind === 'act') batch.push(act(`${count++}`));
            else if (kind === 'finish') await end();
            else {
              const saved: string[] = [];
              for (const each of batch) {
                if (each.type === 'act') {
                  issued.push(each.name);
                  needs.set(each.name, [...saved]);
                } else {
                  saved.push(each.key);
                  open.add(each.key);
                }
              }
              outbox.push(batch);
              batch = [];
            }
            expect(done).toEqual(issued.slice(0, done.length));
            for (const name of done)
              for (const key of needs.get(name) ?? []) expect(open.has(key)).toBe(false);
          }
          while (open.size > 0) await end();
          expect(done).toEqual(issued);
        },
      ),
      { numRuns: 200 * Number(process.env['FUZZ_RUNS'] ?? 1) },
    );
  });
});

describe('the guard', () => {
  test('a fault costs one input, and the machine goes on', () => {
    const faults: unknown[] = [];
    const guarded = guard(
      {
        deadline: 7,
        handle: (input: string) => {
          if (input === 'bad') throw new Error('a bug');
          return input === 'quiet' ? [] : [input, input];
        },
      },
      (error, input) => {
        faults.push(error);
        return [`instead of ${input}`];
      },
    );
    expect(guarded.handle('good', 0)).toEqual([['good', 'good']]);
    expect(guarded.handle('quiet', 0)).toEqual([]);
    expect(guarded.handle('bad', 0)).toEqual([['instead of bad']]);
    expect(guarded.handle('good', 0)).toEqual([['good', 'good']]);
    expect(guarded.deadline).toBe(7);
    expect(faults).toHaveLength(1);
  });
});
