import { compareKeys } from './ordered-map.ts';

/** Walks several ordered sources of keys as one, each key once. */
export function* merge(sources: readonly Iterable<string>[]): Generator<string> {
  const heads = sources.map((source) => {
    const iterator = source[Symbol.iterator]();
    return { iterator, result: iterator.next() };
  });
  try {
    for (;;) {
      let least: string | undefined;
      for (const { result } of heads) {
        if (!result.done && (least === undefined || compareKeys(result.value, least) < 0))
          least = result.value;
      }
      if (least === undefined) return;
      yield least;
      for (const head of heads) {
        if (!head.result.done && head.result.value === least) head.result = head.iterator.next();
      }
    }
  } finally {
    for (const { iterator } of heads) iterator.return?.();
  }
}
