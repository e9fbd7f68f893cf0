/**
 * Punycode (RFC 3492 §6.3) of a label of at most 63 characters.
 *
 * @returns `undefined` when the label is longer, which no domain name can be
 */
export function punycode(label: string): string | undefined {
  const points = Array.from(label, (character) => character.codePointAt(0) ?? 0);
  if (points.length > 63) return undefined;
  const basic = points.filter((point) => point < FIRST);
  let output = String.fromCharCode(...basic);
  if (basic.length > 0) output += '-';
  let next = FIRST;
  let delta = 0;
  let bias = FIRST_BIAS;
  let handled = basic.length;
  while (handled < points.length) {
    const above = next;
    const least = Math.min(...points.filter((point) => point >= above));
    delta += (least - next) * (handled + 1);
    next = least;
    for (const point of points) {
      if (point < next) delta += 1;
      if (point !== next) continue;
      output += variableLength(delta, bias);
      bias = adapt(delta, handled + 1, handled === basic.length);
      delta = 0;
      handled += 1;
    }
    delta += 1;
    next += 1;
  }
  return output;
}

function variableLength(delta: number, bias: number): string {
  let digits = '';
  let left = delta;
  for (let k = BASE; ; k += BASE) {
    const threshold = Math.min(Math.max(k - bias, LEAST), MOST);
    if (left < threshold) return digits + digit(left);
    digits += digit(threshold + ((left - threshold) % (BASE - threshold)));
    left = Math.floor((left - threshold) / (BASE - threshold));
  }
}

/** RFC 3492 §6.1. */
function adapt(delta: number, count: number, isFirst: boolean): number {
  let left = isFirst ? Math.floor(delta / DAMP) : Math.floor(delta / 2);
  left += Math.floor(left / count);
  let k = 0;
  for (; left > ((BASE - LEAST) * MOST) / 2; k += BASE) left = Math.floor(left / (BASE - LEAST));
  return k + Math.floor(((BASE - LEAST + 1) * left) / (left + SKEW));
}

function digit(value: number): string {
  return String.fromCharCode(value < 26 ? value + 97 : value + 22);
}

// RFC 3492 §5.
const BASE = 36;
const LEAST = 1;
const MOST = 26;
const SKEW = 38;
const DAMP = 700;
const FIRST_BIAS = 72;
const FIRST = 128;
