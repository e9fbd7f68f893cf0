import type { XmlAttribute, XmlElement, XmlNode } from '../tree.ts';
import type { Budget } from './budget.ts';

/** The string-value of a node: of an element all character data in it (XPath 1.0 §5). */
export function stringValue(node: XmlNode | XmlAttribute, budget: Budget): string {
  if (!('type' in node)) return spent(node.value, budget);
  if (node.type === 'pi') return spent(node.data, budget);
  if (node.type !== 'element') return spent(node.value, budget);
  const [only] = node.children;
  if (node.children.length === 1 && only?.type === 'text') return spent(only.value, budget);
  return spent(textWithin(node, budget), budget);
}

function textWithin(element: XmlElement, budget: Budget): string {
  let text = '';
  const pending: { readonly children: readonly XmlNode[]; next: number }[] = [];
  let level: { readonly children: readonly XmlNode[]; next: number } | undefined = { ...element, next: 0 };
  while (level !== undefined) {
    const node: XmlNode | undefined = level.children[level.next];
    level.next += 1;
    if (node === undefined) {
      level = pending.pop();
      continue;
    }
    budget.spend(1);
    if (node.type === 'text' || node.type === 'cdata') text += node.value;
    if (node.type !== 'element') continue;
    pending.push(level);
    level = { children: node.children, next: 0 };
  }
  return text;
}

// Characters are cheaper to look at than nodes.
function spent(text: string, budget: Budget): string {
  budget.spend(1 + (text.length >>> 6));
  return text;
}

/** A text as a number, as XPath 1.0 §4.4 has it: NaN unless it is an optional sign and decimal digits. */
export function numberOf(text: string): number {
  return NUMBER.test(text) ? Number(text) : Number.NaN;
}

const NUMBER = /^[ \t\r\n]*-?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)[ \t\r\n]*$/;
