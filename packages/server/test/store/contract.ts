import fc from 'fast-check';
import { afterEach, describe, expect, test } from 'vitest';
import { compareKeys } from '../../src/store/ordered-map.ts';
import { type Change, type Entry, type Store, StoreError } from '../../src/store/store.ts';

export interface Opened {
  readonly store: Store;
  /** Puts the store's clock to another moment. */
  setNow(now: number): void;
}

const RUNS = 100 * Number(process.env['FUZZ_RUNS'] ?? 1);
const bytes = (text: string) => new TextEncoder().encode(text);
const text = (entry: { readonly value: Uint8Array } | undefined) =>
  entry && new TextDecoder().decode(entry.value);
const code = (promise: Promise<unknown>) =>
  promise.then(
    () => 'fulfilled',
    (error) => (error instanceof StoreError ? error.code : error),
  );
async function all<T>(items: AsyncIterable<T>): Promise<T[]> {
  const found: T[] = [];
  for await (const item of items) found.push(item);
  return found;
}

/** What every store promises. `open` gives a new empty one whose clock stands at 1,000,000. */
export function storeContract(name: string, open: () => Promise<Opened>): void {
  describe(`${name} keeps the store contract`, () => {
    const opened: Store[] = [];
    async function fresh(): Promise<Opened> {
      const it = await open();
      opened.push(it.store);
      return it;
    }
    afterEach(async () => {
      for (const store of opened.splice(0)) await store.close();
    });

    test('what is written is read back, byte for byte, until it is removed', async () => {
      const { store } = await fresh();
      const value = Uint8Array.from({ length: 256 }, (_, byte) => byte);
      const revision = await store.write('a/1', value, { survives: 'process-crash' });
      value.fill(0);
      const entry = await store.read('a/1');
      expect(entry?.value).toEqual(Uint8Array.from({ length: 256 }, (_, byte) => byte));
      expect(entry).toMatchObject({ key: 'a/1', revision, expiresAt: undefined });
      expect(await store.remove('a/1')).toBe(true);
      expect(await store.remove('a/1')).toBe(false);
      expect(await store.read('a/1')).toBeUndefined();
    });

    test('an empty value is a value', async () => {
      const { store } = await fresh();
      await store.write('empty', new Uint8Array());
      expect((await store.read('empty'))?.value.length).toBe(0);
      expect(await all(store.list('empty'))).toHaveLength(1);
    });

    test('revisions grow with every change and never come back for a key', async () => {
      const { store } = await fresh();
      const first = await store.write('k', bytes('1'));
      const other = await store.write('other', bytes('2'));
      await store.remove('k');
      const again = await store.write('k', bytes('3'));
      expect(other).toBeGreaterThan(first);
      expect(again).toBeGreaterThan(other + 1);
    });

    test('a conditional write happens only in the expected state', async () => {
      const { store } = await fresh();
      const first = await store.write('k', bytes('1'), { expected: 'absent' });
      expect(await code(store.write('k', bytes('x'), { expected: 'absent' }))).toBe('conflict');
      const second = await store.write('k', bytes('2'), { expected: first });
      expect(await code(store.write('k', bytes('x'), { expected: first }))).toBe('conflict');
      expect(await code(store.remove('k', { expected: first }))).toBe('conflict');
      expect(text(await store.read('k'))).toBe('2');
      expect(await store.remove('k', { expected: second })).toBe(true);
      expect(await code(store.write('k', bytes('x'), { expected: second }))).toBe('conflict');
      expect(await store.remove('k', { expected: 'absent' })).toBe(false);
    });

    test('of many writers with the same expectation one wins', async () => {
      const { store } = await fresh();
      let revision = await store.write('counter', bytes('0'));
      for (let round = 0; round < 5; round++) {
        const results = await Promise.allSettled(
          Array.from({ length: 20 }, (_, n) => store.write('counter', bytes(`${n}`), { expected: revision })),
        );
        const won = results.filter((result) => result.status === 'fulfilled');
        expect(won).toHaveLength(1);
        revision = won[0]?.value ?? 0;
      }
      expect((await store.read('counter'))?.revision).toBe(revision);
    });

    test('increments by compare-and-set from many tasks are all counted', async () => {
      const { store } = await fresh();
      await store.write('sum', bytes('0'));
      const increment = async (): Promise<void> => {
        for (;;) {
          const entry = await store.read('sum');
          const value = bytes(`${Number(text(entry)) + 1}`);
          const outcome = await code(store.write('sum', value, { expected: entry?.revision }));
          if (outcome === 'fulfilled') return;
          expect(outcome).toBe('conflict');
        }
      };
      await Promise.all(Array.from({ length: 25 }, increment));
      expect(text(await store.read('sum'))).toBe('25');
    });

    test('a listing gives exactly the keys that begin with the prefix, in order', async () => {
      const { store } = await fresh();
      const keys = ['a', 'a/', 'a/1', 'a/10', 'a/2', 'a0', 'a\u{1f600}', 'a\uffee', 'aé', 'b/1', 'A/1'];
      for (const key of keys) await store.write(key, bytes(key));
      const listed = async (prefix: string) => (await all(store.list(prefix))).map(({ key }) => key);
      expect(await listed('a/')).toEqual(['a/', 'a/1', 'a/10', 'a/2']);
      expect(await listed('a/1')).toEqual(['a/1', 'a/10']);
      expect(await listed('a\u{1f600}')).toEqual(['a\u{1f600}']);
      expect(await listed('c')).toEqual([]);
      expect(await listed('')).toEqual([...keys].sort(compareKeys));
      expect((await listed('')).slice(-4)).toEqual(['aé', 'a\uffee', 'a\u{1f600}', 'b/1']);
    });

    test('a listing goes on over thousands of entries while they change', async () => {
      const { store } = await fresh();
      const write = (n: number) => store.write(`n/${String(n).padStart(5, '0')}`, bytes(`${n}`));
      await Promise.all(Array.from({ length: 3000 }, (_, n) => write(n * 2)));
      const seen: Entry[] = [];
      for await (const entry of store.list('n/')) {
        seen.push(entry);
        if (seen.length === 500) {
          await Promise.all([store.remove('n/05998'), store.remove('n/00000'), write(1), write(5997)]);
        }
      }
      const keys = seen.map(({ key }) => key);
      expect(keys).toEqual([...new Set(keys)].sort(compareKeys));
      expect(keys).toContain('n/05997');
      expect(keys).not.toContain('n/05998');
      expect(seen).toHaveLength(3000);
    });

    test('an entry is gone from the moment it expires', async () => {
      const { store, setNow } = await fresh();
      const revision = await store.write('e/1', bytes('1'), { expiresAt: 1_000_500 });
      await store.write('e/2', bytes('2'), { expiresAt: 1_009_000 });
      setNow(1_000_499);
      expect((await store.read('e/1'))?.expiresAt).toBe(1_000_500);
      setNow(1_000_500);
      expect(await store.read('e/1')).toBeUndefined();
      expect((await all(store.list('e/'))).map(({ key }) => key)).toEqual(['e/2']);
      expect(await code(store.write('e/1', bytes('x'), { expected: revision }))).toBe('conflict');
      expect(await store.remove('e/1')).toBe(false);
      expect(await store.write('e/1', bytes('new'), { expected: 'absent' })).toBeGreaterThan(revision);
      setNow(9_000_000);
      expect(text(await store.read('e/1'))).toBe('new');
    });

    test('a later write replaces the time of expiry, also by none', async () => {
      const { store, setNow } = await fresh();
      await store.write('e', bytes('1'), { expiresAt: 1_000_500 });
      await store.write('e', bytes('2'), { expiresAt: 1_060_000 });
      setNow(1_050_000);
      expect(text(await store.read('e'))).toBe('2');
      await store.write('e', bytes('3'));
      setNow(2_000_000);
      expect(text(await store.read('e'))).toBe('3');
    });

    test('a watcher sees the changes under its prefix, in order, from the call on', async () => {
      const { store } = await fresh();
      await store.write('w/0', bytes('before'));
      const ended = new AbortController();
      const changes = store.watch('w/', { signal: ended.signal });
      const writes = Array.from({ length: 50 }, (_, n) => store.write(`w/${n % 3}`, bytes(`${n}`)));
      void store.write('v/1', bytes('not watched'));
      await Promise.all(writes);
      await store.remove('w/1');
      await store.enqueue('w/', bytes('queues are not watched'));
      ended.abort();
      const seen = await all<Change>(changes);
      expect(seen.slice(0, 50).map((change) => change.type === 'written' && text(change.entry))).toEqual(
        Array.from({ length: 50 }, (_, n) => `${n}`),
      );
      expect(seen.slice(50)).toMatchObject([{ type: 'removed', key: 'w/1' }]);
      const revisions = seen.map((change) =>
        change.type === 'written' ? change.entry.revision : change.revision,
      );
      expect(revisions).toEqual([...revisions].sort((a, b) => a - b));
    });

    test('a waiting watcher wakes up for a change, and ends when the store is closed', async () => {
      const { store } = await fresh();
      const iterator = store.watch('')[Symbol.asyncIterator]();
      const next = iterator.next();
      await store.write('k', bytes('1'));
      expect(await next).toMatchObject({ done: false, value: { type: 'written' } });
      const last = iterator.next();
      await store.close();
      expect(await last).toEqual({ done: true, value: undefined });
    });

    test('a watcher that lets 65,536 changes wait is told so; others are not affected', async () => {
      const { store } = await fresh();
      const slow = store.watch('')[Symbol.asyncIterator]();
      const writes: Promise<unknown>[] = [];
      for (let n = 0; n <= 65_536; n++) {
        writes.push(store.write('k', bytes(''), { survives: 'process-crash' }));
      }
      await Promise.all(writes);
      expect(await code(slow.next())).toBe('overrun');
      expect(await slow.next()).toEqual({ done: true, value: undefined });
    });

    test('a queue gives its messages in order until they are acknowledged', async () => {
      const { store, setNow } = await fresh();
      const ids = [];
      for (const message of ['one', 'two', 'three'])
        ids.push(await store.enqueue('box/alice', bytes(message)));
      await store.enqueue('box/alice', bytes('short-lived'), { expiresAt: 1_000_100 });
      await store.enqueue('box/alice2', bytes('for another'));
      expect((await store.peek('box/alice', 2)).map(text)).toEqual(['one', 'two']);
      expect((await store.peek('box/alice', 9)).map(text)).toEqual(['one', 'two', 'three', 'short-lived']);
      setNow(1_000_100);
      expect((await store.peek('box/alice', 9)).map(({ id }) => id)).toEqual(ids);
      expect(await store.acknowledge('box/alice', ids[0] ?? '')).toBe(true);
      expect(await store.acknowledge('box/alice', ids[0] ?? '')).toBe(false);
      expect(await store.acknowledge('box/alice', 'no id of ours')).toBe(false);
      expect((await store.peek('box/alice', 9)).map(text)).toEqual(['two', 'three']);
      expect((await store.peek('box/alice2', 9)).map(text)).toEqual(['for another']);
      expect(await all(store.list(''))).toEqual([]);
    });

    test('a queue of a thousand messages is worked off in order', async () => {
      const { store } = await fresh();
      const sent = Array.from({ length: 1000 }, (_, n) => `${n}`);
      await Promise.all(sent.map((message) => store.enqueue('q', bytes(message))));
      const received: string[] = [];
      for (;;) {
        const messages = await store.peek('q', 300);
        if (messages.length === 0) break;
        received.push(...messages.map((message) => text(message) ?? ''));
        await Promise.all(messages.map(({ id }) => store.acknowledge('q', id)));
      }
      expect(received).toEqual(sent);
    });

    test('large values are kept whole, too large ones refused', async () => {
      const { store } = await fresh();
      const large = new Uint8Array(16 * 1024 * 1024).fill(7);
      large[12_345_678] = 8;
      await store.write('large', large);
      const read = (await store.read('large'))?.value ?? new Uint8Array();
      expect(Buffer.compare(read, large)).toBe(0);
      const tooLarge = new Uint8Array(16 * 1024 * 1024 + 1);
      expect(await code(store.write('large', tooLarge))).toBe('too-large');
      expect((await store.read('large'))?.value.length).toBe(large.length);
    });

    test.each([
      ['empty', ''],
      ['with a NUL', 'a\u0000b'],
      ['with a control character', 'a\u001f'],
      ['with half a surrogate pair', 'a\ud800'],
      ['of 1,025 bytes', 'k'.repeat(1025)],
      ['of 1,026 bytes in 342 characters', '\u20ac'.repeat(342)],
    ])('a key that is %s is refused', async (_, key) => {
      const { store } = await fresh();
      expect(await code(store.write(key, bytes('x')))).toBe('bad-key');
      expect(await code(store.read(key))).toBe('bad-key');
      expect(await code(store.remove(key))).toBe('bad-key');
      expect(await code(store.enqueue(key, bytes('x')))).toBe('bad-key');
      expect(await code(store.peek(key, 1))).toBe('bad-key');
    });

    test('keys of 1,024 bytes are kept apart by their last one', async () => {
      const { store } = await fresh();
      const keys = [`${'k'.repeat(1023)}1`, `${'k'.repeat(1023)}2`, `${'\u20ac'.repeat(341)}x`];
      for (const key of keys) await store.write(key, bytes(key));
      for (const key of keys) expect(text(await store.read(key))).toBe(key);
    });

    test('after close every call says so', async () => {
      const { store } = await fresh();
      await store.close();
      await store.close();
      expect(await code(store.read('k'))).toBe('closed');
      expect(await code(store.write('k', bytes('x')))).toBe('closed');
      expect(await code(store.remove('k'))).toBe('closed');
      expect(await code(store.enqueue('k', bytes('x')))).toBe('closed');
      expect(await code(store.peek('k', 1))).toBe('closed');
      expect(await code(all(store.list('')))).toBe('closed');
      expect(() => store.watch('')).toThrow(StoreError);
    });

    test('any sequence of operations gives what a plain map gives', async () => {
      const { store, setNow } = await fresh();
      let run = 0;
      const key = fc.constantFrom('a', 'a/', 'a/b', 'a/c', 'ab', 'b', 'é', '\u{1f600}', '\uffee');
      const step = fc.oneof(
        fc.record({
          type: fc.constant('write' as const),
          key,
          value: fc.string({ maxLength: 5 }),
          expected: fc.constantFrom('any', 'absent', 'current', 'old'),
          lifetime: fc.constantFrom(undefined, 5, 50),
          survives: fc.constantFrom('process-crash' as const, 'power-cut' as const),
        }),
        fc.record({
          type: fc.constant('remove' as const),
          key,
          expected: fc.constantFrom('any', 'absent', 'current', 'old'),
        }),
        fc.record({ type: fc.constant('read' as const), key }),
        fc.record({ type: fc.constant('list' as const), prefix: fc.constantFrom('', 'a', 'a/', 'é', 'zz') }),
        fc.record({ type: fc.constant('wait' as const), milliseconds: fc.integer({ min: 1, max: 30 }) }),
      );
      let now = 1_000_000;
      await fc.assert(
        fc.asyncProperty(fc.array(step, { maxLength: 40 }), async (steps) => {
          const root = `run${run++}/`;
          const model = new Map<string, { value: string; revision: number; expiresAt: number | undefined }>();
          let lastRevision = 0;
          const live = (name: string) => {
            const entry = model.get(name);
            return entry && (entry.expiresAt ?? Number.POSITIVE_INFINITY) > now ? entry : undefined;
          };
          const expectation = (name: string, kind: string) => {
            if (kind === 'any') return { expected: undefined, holds: true };
            if (kind === 'absent') return { expected: 'absent' as const, holds: !live(name) };
            const revision = live(name)?.revision;
            if (kind === 'current' && revision !== undefined) return { expected: revision, holds: true };
            return { expected: -1, holds: false };
          };
          for (const act of steps) {
            if (act.type === 'wait') {
              now += act.milliseconds;
              setNow(now);
            } else if (act.type === 'read') {
              expect(text(await store.read(root + act.key))).toBe(live(act.key)?.value);
            } else if (act.type === 'list') {
              const names = [...model.keys()].filter((name) => live(name) && name.startsWith(act.prefix));
              expect(
                (await all(store.list(root + act.prefix))).map((entry) => [entry.key, text(entry)]),
              ).toEqual(names.sort(compareKeys).map((name) => [root + name, live(name)?.value]));
            } else if (act.type === 'remove') {
              const { expected, holds } = expectation(act.key, act.expected);
              const there = live(act.key) !== undefined;
              if (!holds) expect(await code(store.remove(root + act.key, { expected }))).toBe('conflict');
              else {
                expect(await store.remove(root + act.key, { expected })).toBe(there);
                model.delete(act.key);
              }
            } else {
              const { expected, holds } = expectation(act.key, act.expected);
              const expiresAt = act.lifetime && now + act.lifetime;
              const options = { expected, expiresAt, survives: act.survives };
              const write = store.write(root + act.key, bytes(act.value), options);
              if (!holds) expect(await code(write)).toBe('conflict');
              else {
                const revision = await write;
                expect(revision).toBeGreaterThan(lastRevision);
                lastRevision = revision;
                model.set(act.key, { value: act.value, revision, expiresAt });
              }
            }
          }
        }),
        { numRuns: RUNS },
      );
    });
  });
}
