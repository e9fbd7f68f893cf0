type Blank = Readonly<Record<string | symbol, unknown>>;
type Cloner = (blank: Blank) => Record<string | symbol, unknown>;

/**
 * A function that copies the blank value of one schema.
 *
 * An object spread is fast (40 ns) at a place in the source that meets no more than four shapes of objects,
 * and five times slower beyond. Every schema has a shape of its own, so their copies are spread over as many
 * places as it takes to keep each at one or two.
 */
export function nextCloner(): Cloner {
  turn = (turn + 1) % CLONERS.length;
  return CLONERS[turn] ?? ((blank) => ({ ...blank }));
}

let turn = 0;
const CLONERS: readonly Cloner[] = [
  (blank) => ({ ...blank }),
  (blank) => ({ ...blank }),
  (blank) => ({ ...blank }),
  (blank) => ({ ...blank }),
  (blank) => ({ ...blank }),
  (blank) => ({ ...blank }),
  (blank) => ({ ...blank }),
  (blank) => ({ ...blank }),
  (blank) => ({ ...blank }),
  (blank) => ({ ...blank }),
  (blank) => ({ ...blank }),
  (blank) => ({ ...blank }),
  (blank) => ({ ...blank }),
  (blank) => ({ ...blank }),
  (blank) => ({ ...blank }),
  (blank) => ({ ...blank }),
  (blank) => ({ ...blank }),
  (blank) => ({ ...blank }),
  (blank) => ({ ...blank }),
  (blank) => ({ ...blank }),
  (blank) => ({ ...blank }),
  (blank) => ({ ...blank }),
  (blank) => ({ ...blank }),
  (blank) => ({ ...blank }),
];
