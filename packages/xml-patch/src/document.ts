import {
  attributeOf,
  element,
  namespaceDeclaration,
  parse,
  qualifiedName,
  XMLNS,
  type XmlAttribute,
  type XmlElement,
  XmlError,
  type XmlLimits,
} from '@sip-simple/xml';
import { PatchError } from './errors.ts';
import type { NamespaceMap, Operation, Patch } from './operation.ts';

/**
 * Reads the patch in a document of whatever format: the operations are children of its root, in the same
 * namespace.
 *
 * @throws {PatchError} `invalid-diff-format`, `invalid-entity-declaration`, `invalid-patch-directive`
 * @see RFC 5261 §3
 */
export function parsePatch(
  input: Uint8Array | string,
  options: { readonly limits?: Partial<XmlLimits> | undefined } = {},
): Patch {
  try {
    return readPatch(parse(input, options).root);
  } catch (cause) {
    if (!(cause instanceof XmlError)) throw cause;
    const code = cause.code === 'reference' ? 'invalid-entity-declaration' : 'invalid-diff-format';
    throw new PatchError(code, cause.rfc, cause.message, { cause });
  }
}

/**
 * Reads the patch in an element of whatever format: the operations are children of it, in the same namespace.
 * Elements of other namespaces among them are passed over.
 *
 * @param around the elements around it, from inside out, which may declare namespaces too
 * @throws {PatchError} `invalid-patch-directive` for an operation that RFC 5261 doesn't have,
 *   `invalid-diff-format` for one without selector
 * @see RFC 5261 §3, §8
 */
export function readPatch(parent: XmlElement, around: readonly XmlElement[] = []): Patch {
  const namespaces = new Map<string, string>();
  for (const each of [parent, ...around]) {
    for (const [prefix, namespace] of declaredBy(each) ?? []) {
      if (!namespaces.has(prefix)) namespaces.set(prefix, namespace);
    }
  }
  const operations: Operation[] = [];
  for (const child of parent.children) {
    if (child.type === 'element' && child.namespace === parent.namespace) {
      operations.push(readOperation(child, operations.length));
    }
  }
  return { namespaces, operations };
}

function readOperation(from: XmlElement, index: number): Operation {
  const optional = <K extends string>(key: K): { readonly [key in K]?: string } => {
    const value = attributeOf(from, key);
    // A computed key is the key given.
    return value === undefined ? {} : ({ [key]: value } as { readonly [key in K]: string });
  };
  const sel = attributeOf(from, 'sel');
  if (sel === undefined) {
    throw new PatchError('invalid-diff-format', 'RFC 5261 §8', `<${from.local}> has no sel`, { index });
  }
  const namespaces = declaredBy(from);
  const located = namespaces === undefined ? { sel } : { sel, namespaces };
  const content = from.children;
  switch (from.local) {
    case 'add':
      return { type: 'add', value: { ...located, ...optional('pos'), ...optional('type'), content } };
    case 'replace':
      return { type: 'replace', value: { ...located, content } };
    case 'remove':
      return { type: 'remove', value: { ...located, ...optional('ws') } };
    default: {
      const message = `there is no operation <${qualifiedName(from)}>`;
      throw new PatchError('invalid-patch-directive', 'RFC 5261 §4', message, { index });
    }
  }
}

function declaredBy({ attributes }: XmlElement): NamespaceMap | undefined {
  let declared: Map<string, string> | undefined;
  for (const { namespace, prefix, local, value } of attributes) {
    if (namespace !== XMLNS) continue;
    declared ??= new Map();
    declared.set(prefix === '' ? '' : local, value);
  }
  return declared;
}

/**
 * Writes a patch as an element of whatever format, with the namespaces of the patch declared on it.
 *
 * @param namespace of the element and its operations
 * @param name of the element, as `p:diff`; with a prefix, that the default namespace may be another
 */
export function writePatch(
  patch: Patch,
  namespace: string,
  name: string,
  attributes: readonly XmlAttribute[] = [],
): XmlElement {
  const colon = name.indexOf(':');
  const prefix = colon < 0 ? '' : name.slice(0, colon + 1);
  const children = patch.operations.map((operation) => writeOperation(operation, namespace, prefix));
  return element(namespace, name, [...declarationsOf(patch.namespaces), ...attributes], children);
}

/** Writes an operation as an element; `prefix` ends with its colon, or is empty. */
export function writeOperation({ type, value }: Operation, namespace: string, prefix: string): XmlElement {
  const attributes: XmlAttribute[] = [...declarationsOf(value.namespaces)];
  const add = (local: string, written: string | undefined): void => {
    if (written !== undefined) attributes.push({ namespace: '', prefix: '', local, value: written });
  };
  add('sel', value.sel);
  if ('pos' in value) add('pos', value.pos);
  if ('type' in value) add('type', value.type);
  if ('ws' in value) add('ws', value.ws);
  return element(namespace, prefix + type, attributes, 'content' in value ? value.content : []);
}

function declarationsOf(namespaces: NamespaceMap | undefined): XmlAttribute[] {
  return Array.from(namespaces ?? [], ([prefix, namespace]) => namespaceDeclaration(prefix, namespace));
}
