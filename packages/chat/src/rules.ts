import { attributeOf, elementsOf, textOf, type XmlElement } from '@sip-simple/xml';
import type { ElementCheck } from '@sip-simple/xml/schema';

// What RFC 4575 demands in prose, of elements as they stand in a document; no schema says it.

type Problems = ReturnType<ElementCheck>;

/** §4.4: "if the parent's 'state' is "full", the state of its children MUST be "full"". */
export function isConsistent(parent: XmlElement): Problems {
  if (!isFull(parent)) return [];
  return elementsOf(parent).flatMap((child) =>
    isFull(child)
      ? []
      : [
          {
            rule: 'inconsistent-state',
            message: `<${child.local}> in a full <${parent.local}> must be full`,
          },
        ],
  );
}

/** §4.5: keys are unique among siblings of a type; and they are there, to be keys. */
export function uniqueKeys(parent: XmlElement, local: string, key: string): Problems {
  const seen = new Set<string>();
  return elementsOf(parent, local).flatMap((child): Problems => {
    const value = attributeOf(child, key);
    if (value === undefined)
      return [{ rule: 'missing-key', message: `<${local}> must have its key, ${key}` }];
    return isNew(seen, value)
      ? []
      : [{ rule: 'duplicate-key', message: `another <${local}> has the ${key} "${value}"` }];
  });
}

/** §5.3.1, §5.3.2: the URIs of entries are unique. */
export function uniqueUris(parent: XmlElement): Problems {
  const seen = new Set<string>();
  return elementsOf(parent, 'entry').flatMap((entry) => {
    const [uri] = elementsOf(entry, 'uri');
    if (uri === undefined || isNew(seen, textOf(uri).trim())) return [];
    return [{ rule: 'duplicate-key', message: `another <entry> has the URI ${textOf(uri).trim()}` }];
  });
}

/** §5.2: "A "full" conference document MUST at least include" its description and users. */
export function hasWhatFullNeeds(root: XmlElement): Problems {
  if (!isFull(root)) return [];
  return ['conference-description', 'users'].flatMap((local) =>
    elementsOf(root, local).length > 0
      ? []
      : [{ rule: 'missing-in-full', message: `a full <conference-info> must hold <${local}>` }],
  );
}

/** §5.3.4, §5.8.2: a type is one of those registered for "media" of SDP (RFC 4566 §8.2.1, RFC 6466). */
export function isRegisteredMedium(element: XmlElement): Problems {
  return elementsOf(element, 'type').flatMap((type) =>
    MEDIA.has(textOf(type))
      ? []
      : [{ rule: 'unregistered-media', message: `"${textOf(type)}" is not registered for "media" of SDP` }],
  );
}

/** §5.7.9: `<sip>`, or other protocols; the schema has a choice of them. */
export function isOneCall(callInfo: XmlElement): Problems {
  const [first, ...others] = callInfo.children.filter((child) => child.type === 'element');
  // Where <sip> comes after another element, it is out of order as well, and reported so.
  const isSip = first?.local === 'sip' && first.namespace === callInfo.namespace;
  if (!isSip || others.length === 0) return [];
  return [{ rule: 'too-many-elements', message: '<call-info> holds <sip> alone, or other elements' }];
}

function isFull(element: XmlElement): boolean {
  return (attributeOf(element, 'state') ?? 'full') === 'full';
}

function isNew(seen: Set<string>, value: string): boolean {
  const isFirst = !seen.has(value);
  seen.add(value);
  return isFirst;
}

const MEDIA: ReadonlySet<string> = /* @__PURE__ */ new Set([
  'audio',
  'video',
  'text',
  'application',
  'message',
  'image',
]);
