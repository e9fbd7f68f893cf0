// Contenders for one job, measured in turns within one run: round after round each gets the same slice of time, so
// that whatever else the machine does falls on all alike. The figure of a contender is its best round.

/**
 * @typedef {{ name: string, run: () => unknown, ops: number, bytes?: number }} Contender
 *   `run` does `ops` operations (over `bytes` bytes in all).
 * @typedef {{ suite: string, name: string, perSecond: number, megabytesPerSecond?: number }} Figure
 */

let sink;

/** Operations a second of one contender over at least `milliseconds`. */
function slice(contender, milliseconds) {
  const start = performance.now();
  let rounds = 0;
  let elapsed;
  do {
    sink = contender.run();
    rounds++;
    elapsed = performance.now() - start;
  } while (elapsed < milliseconds);
  return (rounds * contender.ops * 1000) / elapsed;
}

/**
 * @param {string} suite
 * @param {Contender[]} contenders
 * @param {{ short: boolean }} options
 * @returns {Figure[]}
 */
export function measure(suite, contenders, { short }) {
  const [rounds, milliseconds] = short ? [3, 60] : [7, 400];
  for (const contender of contenders) slice(contender, milliseconds);
  const best = contenders.map(() => 0);
  for (let round = 0; round < rounds; round++)
    contenders.forEach((contender, i) => {
      best[i] = Math.max(best[i], slice(contender, milliseconds));
    });
  if (sink === measure) throw new Error('unreachable; keeps the results alive');
  return contenders.map((contender, i) => ({
    suite,
    name: contender.name,
    perSecond: best[i],
    ...(contender.bytes === undefined
      ? {}
      : { megabytesPerSecond: (best[i] / contender.ops) * (contender.bytes / 1e6) }),
  }));
}
