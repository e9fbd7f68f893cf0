import { Scanner } from './scanner.ts';
import type { Namespaces, NodeTest, Predicate, Selector, Step } from './selector.ts';

/**
 * Reads a selector of an XML patch operation, the value of `sel`.
 *
 * ```
 * xpath = ["/"] ( id *("/" step) ["/" last] / *(step "/") last )
 * step  = (QName / "*") *( "[" 1*DIGIT "]" / "[" ("@" QName / QName / ".") "=" literal "]" )
 * last  = step / ("text()" / "comment()" / "processing-instruction(" [literal] ")") ["[" 1*DIGIT "]"]
 *         / "@" QName / "namespace::" NCName
 * id    = "id(" [literal] ")"
 * ```
 *
 * @param namespaces those in scope of the operation in the diff document; names of elements without prefix
 *   are in its default namespace
 * @throws {SelectorError} `selector-syntax`, `prefix-undeclared`, `limit-length`
 * @see RFC 5261 §4.1, §4.2.1, §8
 */
export function parsePatchSelector(source: string, namespaces: Namespaces): Selector {
  const scanner = new Scanner(source, RFC, namespaces);
  const steps: Step[] = [];
  scanner.take('/');
  do {
    const last = steps.at(-1);
    if (last !== undefined && last.test.type !== 'element') scanner.fail('nothing can follow this step');
    steps.push(readStep(scanner, steps.length === 0));
  } while (scanner.take('/'));
  if (!scanner.isDone) scanner.fail('expected the end');
  return { source, rfc: RFC, steps };
}

function readStep(scanner: Scanner, isFirst: boolean): Step {
  const offset = scanner.at;
  if (scanner.take('*')) {
    return step({ type: 'element', name: undefined }, readPredicates(scanner), offset);
  }
  if (scanner.take('@')) return step({ type: 'attribute', name: scanner.name('attribute') }, [], offset);
  const word = scanner.ncName() ?? scanner.fail('expected a step');
  if (word === 'namespace' && scanner.take('::')) {
    const prefix = scanner.ncName() ?? scanner.fail('expected a prefix');
    return step({ type: 'namespace', prefix }, [], offset);
  }
  if (scanner.take('(')) return readCall(scanner, word, isFirst, offset);
  const name = scanner.nameAfter(word, offset, 'element');
  return step({ type: 'element', name }, readPredicates(scanner), offset);
}

function readCall(scanner: Scanner, name: string, isFirst: boolean, offset: number): Step {
  if (name === 'id' && isFirst) {
    // The schema lets "id()" through, which selects nothing.
    const id = readTarget(scanner) ?? '';
    scanner.expect(')');
    const test: NodeTest = { type: 'element', name: undefined };
    return { deep: true, test, predicates: [{ type: 'id', id }], offset };
  }
  let test: NodeTest;
  if (name === 'text' || name === 'comment') test = { type: name };
  else if (name === 'processing-instruction') test = { type: 'pi', target: readTarget(scanner) };
  else return scanner.fail(`there is no ${name}() here`, 'selector-syntax', offset);
  scanner.expect(')');
  const position = scanner.take('[') ? [readPosition(scanner)] : [];
  return step(test, position, offset);
}

function readTarget(scanner: Scanner): string | undefined {
  const { at } = scanner;
  const written = scanner.literal();
  if (written === undefined) return undefined;
  const inner = new Scanner(written, RFC, NONE);
  if (inner.ncName() === undefined || !inner.isDone) scanner.fail('expected a name', 'selector-syntax', at);
  return written;
}

function readPredicates(scanner: Scanner): readonly Predicate[] {
  const predicates: Predicate[] = [];
  while (scanner.take('[')) {
    const isNumber = /[0-9]/.test(scanner.source[scanner.at] ?? '');
    predicates.push(isNumber ? readPosition(scanner) : readComparison(scanner));
  }
  return predicates;
}

function readPosition(scanner: Scanner): Predicate {
  const position = scanner.digits() ?? scanner.fail('expected a position');
  scanner.expect(']');
  return { type: 'position', position };
}

function readComparison(scanner: Scanner): Predicate {
  const offset = scanner.at;
  const path: Step[] = [];
  if (scanner.take('@')) {
    path.push(step({ type: 'attribute', name: scanner.name('attribute') }, [], offset));
  } else if (!scanner.take('.')) {
    path.push(step({ type: 'element', name: scanner.name('element') }, [], offset));
  }
  scanner.expect('=');
  const value = scanner.literal() ?? scanner.fail('expected a value in quotes');
  scanner.expect(']');
  return { type: 'compare', from: 'self', path, operator: '=', value };
}

function step(test: NodeTest, predicates: readonly Predicate[], offset: number): Step {
  return { deep: false, test, predicates, offset };
}

const RFC = 'RFC 5261 §4.1';
const NONE: Namespaces = new Map<string, string>();
