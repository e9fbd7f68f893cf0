import { qualifiedName, type XmlElement } from '@sip-simple/xml';

/**
 * The path of a node as violations tell it, `/a/b[2]/c[1]`, from that of libxml2, which counts elements without
 * prefix as `*[n]` among all siblings and leaves `[1]` out of the only one.
 */
export function pathOf(root: XmlElement, xpath: string): string {
  let path = '';
  let siblings: readonly XmlElement[] = [root];
  for (const step of xpath.split('/').slice(1)) {
    const [, name = '', position = '1'] = /^([^[]*)(?:\[([0-9]+)\])?$/.exec(step) ?? [];
    const candidates = siblings.filter((element) => name === '*' || isWritten(element, name));
    const found = candidates[Number(position) - 1];
    if (found === undefined) return `${path}/${step}`;
    const own = qualifiedName(found);
    const before = siblings
      .slice(0, siblings.indexOf(found) + 1)
      .filter((each) => qualifiedName(each) === own);
    path += path === '' ? `/${own}` : `/${own}[${before.length}]`;
    siblings = found.children.filter((child) => child.type === 'element');
  }
  return path;
}

/** True for the element that libxml2 writes so: by prefix, or without one in no namespace. */
function isWritten(element: XmlElement, name: string): boolean {
  return qualifiedName(element) === name && (element.prefix !== '' || element.namespace === '');
}
