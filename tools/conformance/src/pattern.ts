/** Names and their values: built in, from `document` blocks, and captured by patterns. */
export type Bindings = Map<string, string>;

/**
 * Replaces `{name}` by its value, and `{repeat N TEXT}` by TEXT N times.
 *
 * @throws Error when a name has no value
 */
export function fill(text: string, bindings: Bindings): string {
  return text.replace(/\{([^{}]*)\}/g, (_, inner: string) => {
    const repeated = /^repeat (\d+) (.+)$/.exec(inner);
    if (repeated) return (repeated[2] ?? '').repeat(Number(repeated[1]));
    const value = lookUp(inner, bindings);
    if (value === undefined) throw new Error(`{${inner}} has no value here`);
    return value;
  });
}

/** `{user:NAME}` gives an address of its own in every run, `{length:NAME}` the bytes of a binding. */
function lookUp(name: string, bindings: Bindings): string | undefined {
  if (name.startsWith('user:')) {
    return `${name.slice(5)}${bindings.get('run') ?? ''}@${bindings.get('domain') ?? ''}`;
  }
  if (name.startsWith('length:')) {
    const value = bindings.get(name.slice(7));
    return value === undefined ? undefined : String(new TextEncoder().encode(value).length);
  }
  return bindings.get(name);
}

/**
 * Matches a text with a pattern: `*` stands for anything, `{name}` for its value or, when it has none yet,
 * for what is captured under it, `{10..20}` for a whole number in that range.
 *
 * @returns the new captures, or `undefined` when it does not match
 */
export function match(pattern: string, text: string, bindings: Bindings): Bindings | undefined {
  const captured: string[] = [];
  const ranges: (readonly [low: number, high: number])[] = [];
  let source = '';
  for (const part of pattern.split(/(\{[^{}]*\}|\*)/)) {
    const name = /^\{(.*)\}$/.exec(part)?.[1];
    const range = name === undefined ? null : /^(\d*)\.\.(\d*)$/.exec(name);
    if (part === '*') source += '[^]*?';
    else if (name === undefined) source += quote(part);
    else if (range) {
      ranges.push([Number(range[1] || 0), range[2] ? Number(range[2]) : Number.POSITIVE_INFINITY]);
      source += `(?<range${ranges.length - 1}>\\d+)`;
    } else {
      const value = lookUp(name, bindings);
      if (value !== undefined) source += quote(value);
      else if (captured.includes(name)) source += `\\k<name${captured.indexOf(name)}>`;
      else source += `(?<name${captured.push(name) - 1}>[^\\s,<>"]+?)`;
    }
  }
  const groups = new RegExp(`^${source}$`).exec(text);
  if (!groups) return undefined;
  const inRange = ranges.every(([low, high], i) => {
    const number = Number(groups.groups?.[`range${i}`]);
    return number >= low && number <= high;
  });
  if (!inRange) return undefined;
  return new Map(captured.map((name, i) => [name, groups.groups?.[`name${i}`] ?? '']));
}

/** The white space that SIP allows around separators, removed, so that patterns need not guess it. */
export function tidy(value: string): string {
  return value
    .split(/("(?:[^"\\]|\\.)*")/)
    .map((part, i) => (i % 2 ? part : part.replace(/\s*([;=,])\s*/g, '$1').replace(/\s+/g, ' ')))
    .join('')
    .trim();
}

function quote(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\/]/g, '\\$&');
}
