import type { XmlAttribute, XmlElement } from '../tree.ts';
import { type AnySchema, type ContentField, claimantOf, tablesOf } from './tables.ts';

/** What an element can't do without, for those who leave parts of documents out. */
export interface Demands {
  /** True when its text is its value. */
  readonly hasText: boolean;
  /** True for an attribute that it must have. */
  needs(attribute: XmlAttribute): boolean;
  /** What is demanded of a child and of its like; `undefined` for a child that the description doesn't know. */
  ofChild(child: XmlElement): ChildDemands | undefined;
}

export interface ChildDemands {
  /** The same for children that count together. */
  readonly kind: object;
  /** How many of the kind there must be. */
  readonly least: number;
  /** What is demanded of the child itself. */
  readonly demands: Demands;
}

/** What a description demands of elements that follow it. */
export function demandsOf(schema: AnySchema): Demands {
  if (schema.leaf !== undefined) return TEXT_ONLY;
  const tables = tablesOf(schema);
  const needed = tables.attributes.filter(({ required, fallback }) => required || fallback !== undefined);
  return {
    hasText: tables.text !== undefined,
    needs: ({ local, namespace }) =>
      needed.some((field) => field.local === local && field.namespace === namespace),
    ofChild(child) {
      const claimant = claimantOf(tables, child);
      if (claimant === undefined) return undefined;
      const kind: ContentField = claimant.field;
      return { kind, least: kind.min, demands: demandsOf(claimant.option.schema) };
    },
  };
}

const TEXT_ONLY: Demands = { hasText: true, needs: () => false, ofChild: () => undefined };
