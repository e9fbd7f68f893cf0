import { SelectorError } from './errors.ts';
import { Scanner } from './scanner.ts';
import type { Namespaces, NodeTest, Predicate, Selector, Step } from './selector.ts';

/**
 * Reads an XCAP node selector, percent-decoded.
 *
 * ```
 * node-selector     = element-selector ["/" terminal-selector]
 * terminal-selector = "@" att-name / "namespace::*" / extension-selector
 * element-selector  = step *("/" step)
 * step              = NameorAny ["[" position "]"] ["[" "@" att-name "=" att-value "]"] / extension-selector
 * ```
 *
 * @param namespaces the bindings of `xmlns()` in the query of the URI; under `''` the default document
 *   namespace of the application usage
 * @throws {SelectorError} `selector-syntax`, `prefix-undeclared`, `limit-length`; `selector-extension` for a
 *   step that is none of XCAP's, and so an `extension-selector` of someone else's: a server answers 404
 *   (RFC 4825 §8)
 * @see RFC 4825 §6.3, §6.4
 */
export function parseNodeSelector(source: string, namespaces: Namespaces): Selector {
  const scanner = new Scanner(source, RFC, namespaces);
  const steps: Step[] = [];
  do {
    const offset = scanner.at;
    if (scanner.isDone || scanner.source[offset] === '/') scanner.fail('expected a step');
    const last = steps.at(-1);
    if (last !== undefined && last.test.type !== 'element') scanner.fail('nothing can follow this step');
    try {
      steps.push(readStep(scanner, offset));
      if (!scanner.isDone && scanner.source[scanner.at] !== '/') scanner.fail('expected the end of the step');
    } catch (error) {
      // extension-selector is anything but "/": what isn't ours may be an extension's.
      if (error instanceof SelectorError && error.code === 'selector-syntax') {
        throw new SelectorError('selector-extension', RFC, error.message, offset);
      }
      throw error;
    }
  } while (scanner.take('/'));
  if (steps[0]?.test.type !== 'element') scanner.fail('expected an element', 'selector-syntax', 0);
  return { source, rfc: RFC, steps };
}

function readStep(scanner: Scanner, offset: number): Step {
  if (scanner.take('@')) {
    return {
      deep: false,
      test: { type: 'attribute', name: scanner.name('attribute') },
      predicates: [],
      offset,
    };
  }
  if (scanner.take('namespace::*')) {
    return { deep: false, test: { type: 'namespaces' }, predicates: [], offset };
  }
  const test: NodeTest = {
    type: 'element',
    name: scanner.take('*') ? undefined : scanner.name('element'),
  };
  const predicates: Predicate[] = [];
  let opened = scanner.take('[');
  if (opened && scanner.source[scanner.at] !== '@') {
    predicates.push({ type: 'position', position: scanner.digits() ?? scanner.fail('expected a position') });
    scanner.expect(']');
    opened = scanner.take('[');
  }
  if (opened) {
    const at = scanner.at;
    scanner.expect('@');
    const name = scanner.name('attribute');
    scanner.expect('=');
    const value = readAttValue(scanner);
    scanner.expect(']');
    const path: Step[] = [{ deep: false, test: { type: 'attribute', name }, predicates: [], offset: at }];
    predicates.push({ type: 'compare', from: 'self', path, operator: '=', value });
  }
  return { deep: false, test, predicates, offset };
}

/** AttValue ::= '"' ([^<&"] | Reference)* '"' (XML 1.0 §2.3); there are no entities but the predefined. */
function readAttValue(scanner: Scanner): string {
  const { at } = scanner;
  const written = scanner.literal() ?? scanner.fail('expected a value in quotes');
  if (written.includes('<')) scanner.fail('< in a value', 'selector-syntax', at);
  if (!written.includes('&')) return written;
  return written.replace(/&([^;&]*);?/g, (reference, name: string) => {
    const code = /^#(?:x([0-9A-Fa-f]{1,6})|([0-9]{1,7}))$/.exec(name);
    const number = code === null ? Number.NaN : Number.parseInt(code[1] ?? code[2] ?? '', code[1] ? 16 : 10);
    const value = number <= 0x10ffff ? String.fromCodePoint(number) : PREDEFINED.get(name);
    if (value === undefined || !reference.endsWith(';')) {
      return scanner.fail(`${reference} is no reference`, 'selector-syntax', at);
    }
    return value;
  });
}

const PREDEFINED: ReadonlyMap<string, string> = new Map([
  ['lt', '<'],
  ['gt', '>'],
  ['amp', '&'],
  ['quot', '"'],
  ['apos', "'"],
]);
const RFC = 'RFC 4825 §6.3';
