import { DATA_MODEL, PIDF } from '@sip-simple/pidf';
import { attributeOf, qualifiedName, type XmlDocument, type XmlElement } from '@sip-simple/xml';
import type { Violation } from '@sip-simple/xml/schema';
import type { Timed } from '../time.ts';

/** Where presence attributes are found: in a component, or where none of RPID may stand. */
export type Kind = 'person' | 'tuple' | 'device' | 'presence' | 'status';

/** An element that holds presence attributes. */
export interface Component {
  readonly kind: Kind;
  readonly element: XmlElement;
  readonly path: string;
  /** The elements in it, each with its path. */
  readonly parts: readonly Part[];
}

export interface Part {
  readonly element: XmlElement;
  readonly path: string;
}

/** A violation of what RFCs say in prose. */
export function violation(path: string, rule: string, message: string): Violation {
  return { path, rule, message };
}

/** What holds presence attributes in a document: the document, its components, and their status. */
export function componentsOf({ root }: XmlDocument): readonly Component[] {
  const components: Component[] = [];
  const pending: [Part, Kind][] = [[{ element: root, path: `/${qualifiedName(root)}` }, 'presence']];
  for (let next = pending.pop(); next !== undefined; next = pending.pop()) {
    const [{ element, path }, kind] = next;
    const parts = partsOf(element, path);
    components.push({ kind, element, path, parts });
    for (let index = parts.length - 1; index >= 0; index -= 1) {
      const part = parts[index];
      const inner = part === undefined ? undefined : kindOf(part.element, kind);
      if (part !== undefined && inner !== undefined) pending.push([part, inner]);
    }
  }
  return components;
}

/** The parts of a component with a name. */
export function partsNamed(parts: readonly Part[], namespace: string, local: string): readonly Part[] {
  return parts.filter(({ element }) => element.namespace === namespace && element.local === local);
}

/** The time an element says it holds. */
export function timesOf(element: XmlElement): Timed {
  return { from: attributeOf(element, 'from'), until: attributeOf(element, 'until') };
}

function partsOf(element: XmlElement, path: string): readonly Part[] {
  const counts = new Map<string, number>();
  const parts: Part[] = [];
  for (const child of element.children) {
    if (child.type !== 'element') continue;
    const name = qualifiedName(child);
    const position = (counts.get(name) ?? 0) + 1;
    counts.set(name, position);
    parts.push({ element: child, path: `${path}/${name}[${position}]` });
  }
  return parts;
}

function kindOf({ local, namespace }: XmlElement, within: Kind): Kind | undefined {
  if (within === 'presence') {
    if (namespace === PIDF && local === 'tuple') return 'tuple';
    if (namespace === DATA_MODEL && (local === 'person' || local === 'device')) return local;
    return undefined;
  }
  if (within === 'tuple' && namespace === PIDF && local === 'status') return 'status';
  return undefined;
}
