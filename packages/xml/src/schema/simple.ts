/**
 * A simple type: what the text of an attribute or of an element may say, and the value it stands for.
 * Formats may add their own; it is a plain value.
 */
export interface SimpleType<T> {
  /** The name used in violations, as `xs:dateTime`. */
  readonly name: string;
  /** How a schema processor treats white space before it looks at the text (XML Schema Part 2 §4.3.6). */
  readonly whiteSpace: 'preserve' | 'collapse';
  /** True for `xs:ID`: no two values in one document may be equal. */
  readonly unique?: boolean | undefined;
  /** The value of a text whose white space is treated already, or `undefined` when there is none in it. */
  read(text: string): T | undefined;
  /** Whether the text is exactly of this type; by default, whether `read` finds a value. */
  isValid?(text: string): boolean;
  /** The text of a value. */
  write(value: T): string;
}

/** The type's value, taken from text as written. Readers are lenient: white space around a value never hides it. */
export function readSimple<T>(type: SimpleType<T>, written: string): T | undefined {
  if (type.whiteSpace === 'collapse') return type.read(collapse(written));
  const value = type.read(written);
  return value === undefined ? type.read(collapse(written)) : value;
}

/** True when text as written is exactly of the type. */
export function isValidSimple(type: SimpleType<unknown>, written: string): boolean {
  const text = type.whiteSpace === 'collapse' ? collapse(written) : written;
  return type.isValid ? type.isValid(text) : type.read(text) !== undefined;
}

/**
 * The text of a value.
 *
 * @throws {RangeError} when the type has no such value: a writer never writes what its validator would refuse
 */
export function writeSimple(type: SimpleType<unknown>, value: unknown, where: string): string {
  const text = type.write(value);
  if (typeof text !== 'string' || !isValidSimple(type, text)) {
    throw new RangeError(`${where}: ${String(value)} is not of type ${type.name}`);
  }
  return text;
}

/** Any text, as written. */
export const string: SimpleType<string> = {
  name: 'xs:string',
  whiteSpace: 'preserve',
  read: (text) => text,
  write: (value) => value,
};

/** Text whose white space is collapsed. */
export const token: SimpleType<string> = {
  name: 'xs:token',
  whiteSpace: 'collapse',
  read: (text) => text,
  write: (value) => value,
};

/** `true`, `1`, `false` or `0`. */
export const boolean: SimpleType<boolean> = {
  name: 'xs:boolean',
  whiteSpace: 'collapse',
  read: (text) =>
    text === 'true' || text === '1' ? true : text === 'false' || text === '0' ? false : undefined,
  write: (value) => (value ? 'true' : 'false'),
};

/** The value of an element that says all by being there: `true`. Its text is not looked at by readers. */
export const present: SimpleType<true> = {
  name: 'empty',
  whiteSpace: 'preserve',
  read: () => true,
  isValid: (text) => text === '',
  write: () => '',
};

/** Bounds of a number; each is inclusive. */
export interface NumberBounds {
  readonly min?: number | undefined;
  readonly max?: number | undefined;
  /** The most digits after the point. */
  readonly fractionDigits?: number | undefined;
}

/**
 * A decimal number (`xs:decimal`), as a JavaScript number.
 *
 * @param pattern the written forms allowed, where a format narrows them beyond its bounds
 */
export function decimal(bounds: NumberBounds = {}, pattern?: RegExp): SimpleType<number> {
  const { min = Number.NEGATIVE_INFINITY, max = Number.POSITIVE_INFINITY, fractionDigits } = bounds;
  return {
    name: nameWithBounds('xs:decimal', bounds),
    whiteSpace: 'collapse',
    read(text) {
      if (!DECIMAL.test(text)) return undefined;
      const point = text.indexOf('.');
      if (fractionDigits !== undefined && point >= 0 && text.length - point - 1 > fractionDigits)
        return undefined;
      const value = Number(text);
      return value >= min && value <= max ? value : undefined;
    },
    isValid(text) {
      return (pattern === undefined || pattern.test(text)) && this.read(text) !== undefined;
    },
    write: writeNumber,
  };
}

/** A whole number (`xs:integer`), within JavaScript's safe range. */
export function integer(bounds: NumberBounds = {}): SimpleType<number> {
  const { min = Number.MIN_SAFE_INTEGER, max = Number.MAX_SAFE_INTEGER } = bounds;
  return {
    name: nameWithBounds('xs:integer', bounds),
    whiteSpace: 'collapse',
    read(text) {
      if (!INTEGER.test(text)) return undefined;
      const value = Number(text);
      return value >= min && value <= max ? value : undefined;
    },
    write: writeNumber,
  };
}

/** One of the texts listed. */
export function enumeration<const T extends string>(...values: readonly T[]): SimpleType<T> {
  const byText = new Map<string, T>(values.map((value) => [value, value]));
  return {
    name: `one of ${values.map((value) => JSON.stringify(value)).join(', ')}`,
    whiteSpace: 'preserve',
    read: (text) => byText.get(text),
    write: (value) => value,
  };
}

/** Values of one type separated by white space. */
export function list<T>(item: SimpleType<T>): SimpleType<readonly T[]> {
  return {
    name: `list of ${item.name}`,
    whiteSpace: 'collapse',
    read(text) {
      const values: T[] = [];
      for (const part of text === '' ? [] : text.split(' ')) {
        const value = item.read(part);
        if (value === undefined) return undefined;
        values.push(value);
      }
      return values;
    },
    isValid: (text) => text === '' || text.split(' ').every((part) => isValidSimple(item, part)),
    write: (values) => values.map((value) => writeSimple(item, value, 'list')).join(' '),
  };
}

/** A text type narrowed to what a pattern matches from end to end. */
export function pattern(base: SimpleType<string>, expression: RegExp, name?: string): SimpleType<string> {
  const whole = new RegExp(`^(?:${expression.source})$`, expression.flags);
  return {
    ...base,
    name: name ?? `${base.name} matching ${expression.source}`,
    read: (text) => (whole.test(text) ? base.read(text) : undefined),
    isValid: (text) => whole.test(text) && isValidSimple(base, text),
  };
}

/** White space runs made one space, none at the ends (XML Schema Part 2 §4.3.6, "collapse"). */
export function collapse(text: string): string {
  // Nearly all values are written without white space: a look at the ends and one search settle those.
  if (!WHITE_SPACE.test(text)) return text;
  return text.replace(/[ \t\n\r]+/g, ' ').replace(/^ | $/g, '');
}

function writeNumber(value: number): string {
  const text = String(value);
  // Number writes the tiny and the huge with an exponent, which xs:decimal does not have.
  return text.includes('e') ? value.toFixed(20).replace(/\.?0+$/, '') : text;
}

function nameWithBounds(name: string, { min, max, fractionDigits }: NumberBounds): string {
  const bounds = [
    min === undefined ? '' : ` from ${min}`,
    max === undefined ? '' : ` to ${max}`,
    fractionDigits === undefined ? '' : ` with at most ${fractionDigits} digits after the point`,
  ];
  return name + bounds.join('');
}

const WHITE_SPACE = /[ \t\n\r]/;
const DECIMAL = /^[+-]?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)$/;
const INTEGER = /^[+-]?[0-9]+$/;
