/**
 * A selector read: steps from the root node of a document downwards, names resolved to namespaces. It is
 * plain data, says nothing of the document it is for, and can be evaluated any number of times.
 */
export interface Selector {
  /** The selector as written. */
  readonly source: string;
  /** The grammar it is in, for errors: `RFC 5261 §4.1`. */
  readonly rfc: string;
  readonly steps: readonly Step[];
}

/** What one step selects: of the children of each node that the step before selected, or of all below it. */
export interface Step {
  /** True after `//`: not just children but all descendants. */
  readonly deep: boolean;
  readonly test: NodeTest;
  /** Each prunes what is left by those before it. */
  readonly predicates: readonly Predicate[];
  /** Where the step begins in `source`. */
  readonly offset: number;
}

/** Which nodes a step looks at. Attributes and namespaces end a selector. */
export type NodeTest =
  /** Child elements of a name, or all of them. */
  | { readonly type: 'element'; readonly name: ExpandedName | undefined }
  | { readonly type: 'attribute'; readonly name: ExpandedName }
  /** `namespace::prefix`. */
  | { readonly type: 'namespace'; readonly prefix: string }
  /** `namespace::*`. */
  | { readonly type: 'namespaces' }
  | { readonly type: 'text' }
  | { readonly type: 'comment' }
  | { readonly type: 'pi'; readonly target: string | undefined };

/** A name by what it means; `namespace` is `''` for none. */
export interface ExpandedName {
  readonly namespace: string;
  readonly local: string;
}

export type Predicate =
  /** `[2]`: the second of those left, counted among the children of one parent. */
  | { readonly type: 'position'; readonly position: number }
  /** `id('x')`: the element whose attribute of type ID says so. */
  | { readonly type: 'id'; readonly id: string }
  | Condition;

/** `[a = 'x' and @b < 5]`. */
export type Condition = { readonly type: 'and' | 'or'; readonly of: readonly Condition[] } | Comparison;

/** A path, compared: true when anything at the end of it compares so. */
export interface Comparison {
  readonly type: 'compare';
  /** Where the path starts: at the node, or at its parent (`..`). */
  readonly from: 'self' | 'parent';
  /** Steps without predicates; without any, it is the node itself. */
  readonly path: readonly Step[];
  readonly operator: '=' | '<' | '>';
  /** A number compares as numbers do, text as text; `<` and `>` always as numbers (XPath 1.0 §3.4). */
  readonly value: string | number;
}

/** The namespaces that prefixes of a selector stand for; `''` is what names without prefix are in. */
export interface Namespaces {
  get(prefix: string): string | undefined;
}
