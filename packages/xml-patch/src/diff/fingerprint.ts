import { equals, XMLNS, type XmlElement, type XmlNode } from '@sip-simple/xml';

/** What is known of a subtree at a glance. */
export interface Fingerprint {
  /** Equal for subtrees that say the same, and hardly ever for others. */
  readonly hash: number;
  /** About how many characters it takes to write. */
  readonly size: number;
}

/** Fingerprints of subtrees, each taken once. */
export class Fingerprints {
  readonly #known = new Map<XmlElement, Fingerprint>();

  /** Of an element or comment or instruction; of text, which is many nodes or one, see `textHash`. */
  of(node: Exclude<XmlNode, { type: 'text' | 'cdata' }>): Fingerprint {
    if (node.type === 'element') return this.#known.get(node) ?? this.#take(node);
    if (node.type === 'comment') return { hash: hashOf(node.value, 3), size: node.value.length + 7 };
    return {
      hash: hashOf(node.data, hashOf(node.target, 5)),
      size: node.target.length + node.data.length + 5,
    };
  }

  /** True when two nodes say the same: what `equals` says, found fast where they don't. */
  areEqual(a: XmlNode, b: XmlNode): boolean {
    if (a === b) return true;
    if (a.type === 'comment') return b.type === 'comment' && a.value === b.value;
    if (a.type === 'pi') return b.type === 'pi' && a.target === b.target && a.data === b.data;
    if (a.type !== 'element' || b.type !== 'element') return false;
    if (a.local !== b.local || a.namespace !== b.namespace) return false;
    return this.of(a).hash === this.of(b).hash && equals(a, b);
  }

  #take(element: XmlElement): Fingerprint {
    let hash = hashOf(element.namespace, hashOf(element.local, 7));
    let size = 2 * element.local.length + 6;
    // Attributes are a set: their hashes are added up.
    let attributes = 0;
    for (const { namespace, local, value } of element.attributes) {
      if (namespace === XMLNS) continue;
      attributes = (attributes + hashOf(value, hashOf(local, hashOf(namespace, 11)))) | 0;
      size += local.length + value.length + 4;
    }
    hash = mix(hash, attributes);
    let isText = false;
    for (const child of element.children) {
      if (child.type === 'text' || child.type === 'cdata') {
        if (child.value === '') continue;
        if (!isText) hash = mix(hash, 13);
        isText = true;
        hash = hashOf(child.value, hash);
        size += child.value.length;
      } else {
        isText = false;
        const inner = this.of(child);
        hash = mix(mix(hash, 17), inner.hash);
        size += inner.size;
      }
    }
    const taken = { hash, size };
    this.#known.set(element, taken);
    return taken;
  }
}

// FNV-1a over UTF-16 code units, without an end: texts in pieces hash as the whole.
function hashOf(text: string, start: number): number {
  let hash = start;
  for (let index = 0; index < text.length; index += 1) hash = mix(hash, text.charCodeAt(index));
  return hash;
}

function mix(hash: number, value: number): number {
  return Math.imul(hash ^ value, 0x01000193);
}
