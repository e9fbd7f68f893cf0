import { isNCName } from '../names.ts';
import { XML } from '../tree.ts';
import { SelectorError, type SelectorErrorCode } from './errors.ts';
import type { ExpandedName, Namespaces } from './selector.ts';

/** The most UTF-16 code units in a selector. */
export const MAX_LENGTH = 8192;

/** Reads the words that the three grammars have in common, from left to right and never back. */
export class Scanner {
  readonly source: string;
  readonly rfc: string;
  readonly #namespaces: Namespaces;
  at = 0;

  constructor(source: string, rfc: string, namespaces: Namespaces) {
    this.source = source;
    this.rfc = rfc;
    this.#namespaces = namespaces;
    if (source.length > MAX_LENGTH) {
      throw new SelectorError('limit-length', rfc, `the selector is longer than ${MAX_LENGTH}`, MAX_LENGTH);
    }
  }

  get isDone(): boolean {
    return this.at >= this.source.length;
  }

  /** True when `word` comes next; the scanner is behind it then. */
  take(word: string): boolean {
    if (!this.source.startsWith(word, this.at)) return false;
    this.at += word.length;
    return true;
  }

  expect(word: string): void {
    if (!this.take(word)) this.fail(`expected ${word}`);
  }

  /** S, where a grammar has it. */
  skipSpace(): void {
    SPACE.lastIndex = this.at;
    SPACE.test(this.source);
    this.at = SPACE.lastIndex;
  }

  /** NCName, or `undefined` when none comes next. */
  ncName(): string | undefined {
    WORD.lastIndex = this.at;
    const word = WORD.exec(this.source)?.[0];
    if (word === undefined || !isNCName(word)) return undefined;
    this.at += word.length;
    return word;
  }

  /** QName, expanded. Names of attributes without prefix are in no namespace, whatever the default is. */
  name(kind: 'element' | 'attribute'): ExpandedName {
    const { at } = this;
    const first = this.ncName() ?? this.fail('expected a name');
    return this.nameAfter(first, at, kind);
  }

  /** The rest of a QName that begins with `first`, at the offset `at`. */
  nameAfter(first: string, at: number, kind: 'element' | 'attribute'): ExpandedName {
    if (this.source[this.at] !== ':' || this.source[this.at + 1] === ':') {
      return { namespace: kind === 'element' ? (this.#namespaces.get('') ?? '') : '', local: first };
    }
    this.at += 1;
    const local = this.ncName() ?? this.fail('expected a name after the prefix');
    const namespace = first === 'xml' ? XML : this.#namespaces.get(first);
    // No namespace is what no prefix means; a prefix can't be bound to it.
    if (namespace === undefined || namespace === '') {
      return this.fail(`the prefix ${first} is not declared`, 'prefix-undeclared', at);
    }
    return { namespace, local };
  }

  /** `'...'` or `"..."`, without its quotes; `undefined` when no quote comes next. */
  literal(): string | undefined {
    const quote = this.source[this.at];
    if (quote !== "'" && quote !== '"') return undefined;
    const end = this.source.indexOf(quote, this.at + 1);
    if (end < 0) return this.fail(`no ${quote} to the one here`);
    const value = this.source.slice(this.at + 1, end);
    this.at = end + 1;
    return value;
  }

  /** 1*DIGIT; `undefined` when no digit comes next. Beyond what a number can count it is infinite. */
  digits(): number | undefined {
    DIGITS.lastIndex = this.at;
    const word = DIGITS.exec(this.source)?.[0];
    if (word === undefined) return undefined;
    this.at += word.length;
    return Number(word);
  }

  fail(message: string, code: SelectorErrorCode = 'selector-syntax', at: number = this.at): never {
    throw new SelectorError(code, this.rfc, `${message} at ${at} in ${shown(this.source)}`, at);
  }
}

function shown(source: string): string {
  return source.length > 100 ? `${source.slice(0, 100)}…` : source;
}

const SPACE = /[ \t\r\n]*/y;
const DIGITS = /[0-9]+/y;
// What can't be in a name, nor follow one, ends a word; isNCName looks at the rest.
const WORD = /[^ \t\r\n/[\]@=<>()'":*|!,$+]+/y;
