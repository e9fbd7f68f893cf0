import { Scanner } from './scanner.ts';
import type { Condition, Namespaces, NodeTest, Predicate, Selector, Step } from './selector.ts';

/**
 * Reads an expression of a filter document, the value of `<include>`, `<exclude>`, `<changed>`, `<added>` or
 * `<removed>`.
 *
 * The ABNF of RFC 4661 §5 says less than its examples and its text ("XPATH compatible"); what is read is
 *
 * ```
 * selection  = 1*( ("/" / "//") ("*" / [prefix ":"] name) [expression] )
 *              [ ("/" / "//") "@" [prefix ":"] name [expression] ]
 * expression = "[" operand *( ("and" / "or") operand ) "]"       ; "and" binds tighter
 * operand    = ( path ["/" attribute] / attribute / "." / ".." ) ("=" / "<" / ">") ( literal / number )
 * ```
 *
 * with white space between words. There is no union; several `<include>` elements are one.
 *
 * @param namespaces the `<ns-bindings>`; names without prefix are in no namespace, whatever `''` is bound to
 * @throws {SelectorError} `selector-syntax`, `prefix-undeclared`, `limit-length`
 * @see RFC 4661 §3.3, §5
 */
export function parseFilterExpression(source: string, namespaces: Namespaces): Selector {
  const bindings: Namespaces = { get: (prefix) => (prefix === '' ? '' : namespaces.get(prefix)) };
  const scanner = new Scanner(source, RFC, bindings);
  const steps: Step[] = [];
  scanner.skipSpace();
  while (!scanner.isDone) {
    const deep = readSlash(scanner);
    if (deep === undefined) return scanner.fail('expected / or //');
    const last = steps.at(-1);
    if (last !== undefined && last.test.type !== 'element') scanner.fail('nothing can follow an attribute');
    const { at } = scanner;
    const test = readTest(scanner);
    scanner.skipSpace();
    const predicates: Predicate[] = scanner.take('[') ? [readExpression(scanner)] : [];
    scanner.skipSpace();
    steps.push({ deep, test, predicates, offset: at });
  }
  if (steps.length === 0) scanner.fail('expected / or //');
  return { source, rfc: RFC, steps };
}

/** `/` is false, `//` true, neither `undefined`. */
function readSlash(scanner: Scanner): boolean | undefined {
  scanner.skipSpace();
  const deep = scanner.take('//');
  if (!deep && !scanner.take('/')) return undefined;
  scanner.skipSpace();
  return deep;
}

function readTest(scanner: Scanner): NodeTest {
  if (scanner.take('@')) {
    scanner.skipSpace();
    return { type: 'attribute', name: scanner.name('attribute') };
  }
  return { type: 'element', name: scanner.take('*') ? undefined : scanner.name('element') };
}

/** `or` of `and` of comparisons, up to and with the closing bracket. */
function readExpression(scanner: Scanner): Condition {
  const any: Condition[] = [];
  let all: Condition[] = [];
  for (;;) {
    all.push(readComparison(scanner));
    scanner.skipSpace();
    const isEnd = scanner.take(']');
    const { at } = scanner;
    const operator = isEnd ? 'or' : scanner.ncName();
    if (operator === 'or') {
      any.push(joined('and', all));
      all = [];
    } else if (operator !== 'and') {
      return scanner.fail('expected and, or or ]', 'selector-syntax', at);
    }
    if (isEnd) return joined('or', any);
  }
}

function joined(type: 'and' | 'or', of: readonly Condition[]): Condition {
  const [only] = of;
  return of.length === 1 && only !== undefined ? only : { type, of };
}

function readComparison(scanner: Scanner): Condition {
  scanner.skipSpace();
  const from = scanner.take('..') ? 'parent' : 'self';
  const path: Step[] = [];
  if (from === 'self' && !scanner.take('.')) {
    let deep: boolean | undefined = false;
    do {
      if (path.at(-1)?.test.type === 'attribute') scanner.fail('nothing can follow an attribute');
      const { at } = scanner;
      path.push({ deep, test: readTest(scanner), predicates: [], offset: at });
      deep = readSlash(scanner);
    } while (deep !== undefined);
  }
  scanner.skipSpace();
  const operator = scanner.take('=') ? '=' : scanner.take('<') ? '<' : scanner.take('>') ? '>' : undefined;
  if (operator === undefined) return scanner.fail('expected =, < or >');
  scanner.skipSpace();
  const value = scanner.literal() ?? readNumber(scanner);
  return { type: 'compare', from, path, operator, value };
}

// Number ::= Digits ('.' Digits?)? | '.' Digits (XPath 1.0 §3.7), and its sign.
const NUMBER = /-?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)/y;

function readNumber(scanner: Scanner): number {
  NUMBER.lastIndex = scanner.at;
  const word = NUMBER.exec(scanner.source)?.[0] ?? scanner.fail('expected a value in quotes or a number');
  scanner.at += word.length;
  return Number(word);
}

const RFC = 'RFC 4661 §5';
