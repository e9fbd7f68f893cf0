export { Budget } from './budget.ts';
export { SelectorError, type SelectorErrorCode } from './errors.ts';
export { type SelectOptions, select } from './evaluate.ts';
export { parseFilterExpression } from './filter.ts';
export { type NodeSelection, parentSelector, selectNode } from './node-selection.ts';
export { parsePatchSelector } from './patch.ts';
export {
  type AttributePlace,
  type ElementPlace,
  type LeafPlace,
  type NamespacePlace,
  type NamespacesPlace,
  namespaceInScope,
  namespacesInScope,
  type Place,
  type TextPlace,
} from './place.ts';
export type {
  Comparison,
  Condition,
  ExpandedName,
  Namespaces,
  NodeTest,
  Predicate,
  Selector,
  Step,
} from './selector.ts';
export { parseNodeSelector } from './xcap.ts';
