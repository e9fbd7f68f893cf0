import type { XmlNode } from '@sip-simple/xml';
import {
  type Namespaces,
  type Place,
  parsePatchSelector,
  type Selector,
  SelectorError,
} from '@sip-simple/xml/select';
import type { Editor } from './editor.ts';
import { PatchError, type PatchErrorCode } from './errors.ts';
import type { Operation } from './operation.ts';

/** One operation being applied: what finding its node, reading its content and failing have in common. */
export class Step {
  readonly draft: Editor;
  readonly #operation: Operation;
  readonly #index: number;
  /** True when it was said which attributes are of type ID. */
  readonly #knowsIds: boolean;
  readonly #namespaces: Namespaces;

  constructor(draft: Editor, operation: Operation, index: number, knowsIds: boolean, namespaces: Namespaces) {
    this.draft = draft;
    this.#operation = operation;
    this.#index = index;
    this.#knowsIds = knowsIds;
    this.#namespaces = namespaces;
  }

  /** The one node that `sel` selects. */
  locate(sel: string): Place {
    const selector = this.read(sel, 'sel');
    const [place, another] = this.#select(selector);
    if (place !== undefined && another === undefined) return place;
    const rfc = 'RFC 5261 §4.1';
    const isById = selector.steps[0]?.predicates.some(({ type }) => type === 'id') ?? false;
    if (place === undefined && isById && !this.#knowsIds) {
      const message = `${sel}: no xml:id is that, and attributes of type ID are not known`;
      return this.fail('unsupported-id-function', rfc, message);
    }
    const message = place === undefined ? `nothing is at ${sel}` : `${sel} is more than one node`;
    return this.fail('unlocated-node', rfc, message);
  }

  /** Reads a selector, with the namespaces of the diff (RFC 5261 §4.2.1). */
  read(source: string, name: 'sel' | 'type'): Selector {
    try {
      return parsePatchSelector(source, this.#namespaces);
    } catch (error) {
      if (!(error instanceof SelectorError)) throw error;
      const code =
        error.code === 'prefix-undeclared' ? 'invalid-namespace-prefix' : 'invalid-attribute-value';
      return this.fail(code, error.rfc, `${name}: ${error.message}`, error);
    }
  }

  /** Content that must be text alone, as the value of an attribute or declaration. */
  valueOf(content: readonly XmlNode[], code: PatchErrorCode, rfc: string): string {
    let value = '';
    for (const node of content) {
      if (node.type === 'cdata') {
        return this.fail(
          'invalid-attribute-value',
          rfc,
          'a CDATA section can’t be in the value of an attribute',
        );
      }
      if (node.type !== 'text')
        return this.fail(code, rfc, `the content must be text, and has a node ${node.type}`);
      value += node.value;
    }
    return value;
  }

  fail(code: PatchErrorCode, rfc: string, message: string, cause?: SelectorError): never {
    throw new PatchError(code, rfc, message, { operation: this.#operation, index: this.#index, cause });
  }

  #select(selector: Selector): readonly Place[] {
    try {
      return this.draft.find(selector);
    } catch (error) {
      if (!(error instanceof SelectorError)) throw error;
      return this.fail('invalid-attribute-value', error.rfc, `sel: ${error.message}`, error);
    }
  }
}
