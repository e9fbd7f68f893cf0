import type { XmlNode } from '@sip-simple/xml';

/**
 * Namespaces by prefix, the default under `''`.
 *
 * @see Namespaces in XML 1.0 §6
 */
export type NamespaceMap = ReadonlyMap<string, string>;

/** What all operations have. */
interface Located {
  /** The selector of the one node the operation is about. */
  readonly sel: string;
  /** The namespaces declared by the operation's own element, beside those of the patch. */
  readonly namespaces?: NamespaceMap | undefined;
}

/**
 * `<add>`: puts nodes into, before or after an element, or before or after another node; or an attribute or
 * namespace declaration on an element.
 *
 * @see RFC 5261 §4.3
 */
export interface Add extends Located {
  /** Where the nodes come: `before`, `after`, or `prepend`: as first in the element. By default as last in it. */
  readonly pos?: 'before' | 'after' | 'prepend' | (string & {}) | undefined;
  /** `@name` or `@prefix:name`: an attribute; `namespace::prefix`: a declaration; the content is its value. */
  readonly type?: string | undefined;
  readonly content?: readonly XmlNode[] | undefined;
}

/**
 * `<replace>`: puts another node in the place of one, or another value into an attribute or declaration.
 *
 * @see RFC 5261 §4.4
 */
export interface Replace extends Located {
  readonly content?: readonly XmlNode[] | undefined;
}

/**
 * `<remove>`: takes a node away.
 *
 * @see RFC 5261 §4.5
 */
export interface Remove extends Located {
  /** The white space beside the node that goes too. */
  readonly ws?: 'before' | 'after' | 'both' | (string & {}) | undefined;
}

/** One change of a document. */
export type Operation =
  | { readonly type: 'add'; readonly value: Add }
  | { readonly type: 'replace'; readonly value: Replace }
  | { readonly type: 'remove'; readonly value: Remove };

/** Changes of a document, one after the other. */
export interface Patch {
  /** The namespaces in scope of the operations, for the prefixes in their selectors. */
  readonly namespaces?: NamespaceMap | undefined;
  readonly operations: readonly Operation[];
}
