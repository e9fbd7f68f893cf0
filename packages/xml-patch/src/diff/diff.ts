import { XMLNS, type XmlAttribute, type XmlDocument, type XmlElement, type XmlNode } from '@sip-simple/xml';
import type { Operation, Patch } from '../operation.ts';
import { align, type Item, type Pair } from './align.ts';
import { type Changes, OVERHEAD, placeOf, type Spot, sizeOf } from './changes.ts';
import { Fingerprints } from './fingerprint.ts';
import { Interval } from './interval.ts';
import { Prefixes } from './prefixes.ts';
import { Siblings } from './siblings.ts';

/**
 * Makes the patch that turns one document into another: `apply(a, diff(a, b))` equals `b`, by namespaces, names,
 * attributes and nodes in order. Prefixes and declarations that differ alone don't count.
 *
 * Elements go on as those of the same name with the same `id` or `xml:id`, or that are in the same place among
 * equal ones. What moved is removed and added; where operations would be longer than what they are about, it is
 * replaced as a whole. Selectors are ids and positions.
 *
 * Takes time proportional to the size of the documents; subtrees that they share (`===`) are not looked into.
 * Descends as deep as the documents do.
 *
 * @see RFC 5261 §6, §7
 */
export function diff(a: XmlDocument, b: XmlDocument): Patch {
  const differ = new Differ();
  const operations = a === b ? [] : differ.documents(a, b).operations;
  return { namespaces: differ.prefixes.namespacesOf(operations), operations };
}

class Differ {
  readonly prefixes = new Prefixes();
  readonly fingerprints = new Fingerprints();

  documents(a: XmlDocument, b: XmlDocument): Changes {
    const ours = new Siblings(a.children, true);
    const theirs = new Siblings(b.children, true);
    const from = ours.items.indexOf(a.root);
    const to = theirs.items.indexOf(b.root);
    // The root goes on as the root, whatever it is.
    const before = align(ours.items.slice(0, from), theirs.items.slice(0, to), this.fingerprints);
    const after = align(ours.items.slice(from + 1), theirs.items.slice(to + 1), this.fingerprints);
    const moved = after.map((pair) => ({ from: pair.from + from + 1, to: pair.to + to + 1 }));
    const pairs = [...before, { from, to }, ...moved];
    const spot = { path: '', work: 0 };
    const changes = this.#siblings(ours, theirs, pairs, spot);
    if (changes.work <= MOST_WORK) return changes;
    return this.#siblings(ours, theirs, pairs, spot, true);
  }

  /**
   * Brings children into line from the last to the first, so that what is before them is as it was, and with it
   * all positions.
   */
  #siblings(ours: Siblings, theirs: Siblings, pairs: readonly Pair[], spot: Spot, isWhole = false): Changes {
    const changes: Changes = { operations: [], size: 0, work: 0 };
    for (let at = pairs.length; at >= 0; at -= 1) {
      const left = pairs[at - 1];
      new Interval([ours, theirs], [left, pairs[at]], spot, changes, this.fingerprints).change();
      const a = left && ours.items[left.from];
      const b = left && theirs.items[left.to];
      if (left === undefined || a === undefined || b === undefined || this.fingerprints.areEqual(a, b))
        continue;
      const place = placeOf(ours, theirs, left, left.from);
      this.#item(a, b, `${spot.path}${place}`, spot.work + ours.work + theirs.work, changes, isWhole);
    }
    return changes;
  }

  #item(a: Item, b: Item, sel: string, work: number, changes: Changes, isWhole: boolean): void {
    const whole = this.fingerprints.of(b).size + sel.length + OVERHEAD;
    if (!isWhole && a.type === 'element' && b.type === 'element' && isSameName(a, b)) {
      const within = this.#element(a, b, sel, work);
      if (within.size < whole && within.work < MOST_WORK) {
        for (const operation of within.operations) changes.operations.push(operation);
        changes.size += within.size;
        changes.work += within.work;
        return;
      }
    }
    changes.operations.push({ type: 'replace', value: { sel, content: [b] } });
    changes.size += whole;
    changes.work += work;
  }

  #element(a: XmlElement, b: XmlElement, sel: string, work: number): Changes {
    const ours = new Siblings(a.children, false);
    const theirs = new Siblings(b.children, false);
    const pairs = align(ours.items, theirs.items, this.fingerprints);
    const changes = this.#siblings(ours, theirs, pairs, { path: `${sel}/`, work });
    const attributes = this.#attributes(a, b, sel);
    for (const operation of attributes) {
      changes.operations.push(operation);
      changes.size += sizeOf(operation, this.fingerprints);
      changes.work += work;
    }
    return changes;
  }

  #attributes(a: XmlElement, b: XmlElement, sel: string): Operation[] {
    const operations: Operation[] = [];
    if (a.attributes === b.attributes) return operations;
    for (const attribute of a.attributes) {
      if (attribute.namespace === XMLNS || find(b, attribute) !== undefined) continue;
      operations.push({ type: 'remove', value: { sel: `${sel}/@${this.prefixes.nameOf(attribute)}` } });
    }
    for (const attribute of b.attributes) {
      if (attribute.namespace === XMLNS) continue;
      const before = find(a, attribute);
      if (before?.value === attribute.value) continue;
      const name = `@${this.prefixes.nameOf(attribute)}`;
      const content: readonly XmlNode[] =
        attribute.value === '' ? [] : [{ type: 'text', value: attribute.value }];
      operations.push(
        before === undefined
          ? { type: 'add', value: { sel, type: name, content } }
          : { type: 'replace', value: { sel: `${sel}/${name}`, content } },
      );
    }
    return operations;
  }
}

function find(element: XmlElement, { local, namespace }: XmlAttribute): XmlAttribute | undefined {
  return element.attributes.find(
    (attribute) => attribute.local === local && attribute.namespace === namespace,
  );
}

function isSameName(a: XmlElement, b: XmlElement): boolean {
  return a.local === b.local && a.namespace === b.namespace;
}

// Less than what `apply` does by default.
const MOST_WORK = 16_000_000;
