import { namespaceDeclaration, XMLNS, type XmlAttribute, type XmlDocument } from '@sip-simple/xml';
import { readDocument } from '@sip-simple/xml/schema';
import { toDocument as toPresenceDocument } from '../document.ts';
import { PIDF, type Presence, type PresenceInit, presence } from '../schema.ts';
import { toDocument } from './document.ts';
import { PIDF_DIFF, type PidfFull, type PidfFullInit, pidfFull } from './schema.ts';

/**
 * The full document of a presence document: the same content under another root.
 *
 * @param version the place of the document in the subscription; 1 for the first (RFC 5263 §4.4)
 * @throws {TypeError} and {RangeError} as `serialize` of `@sip-simple/pidf`
 * @see RFC 5262 §3
 */
export function fullOf(document: PresenceInit, version?: number): PidfFull {
  const attributes: XmlAttribute[] = [];
  if (version !== undefined)
    attributes.push({ namespace: '', prefix: '', local: 'version', value: String(version) });
  const value = readDocument(pidfFull, asFull(toPresenceDocument(document), attributes));
  if (value === undefined) throw new TypeError('what was written as <presence> reads as <pidf-full>');
  return value;
}

/**
 * The presence document of a full document: the same content under another root, without version.
 *
 * @throws {TypeError} and {RangeError} as `serialize`
 * @see RFC 5262 §3
 */
export function presenceOf(document: PidfFullInit): Presence {
  const tree = asPresence(toDocument({ type: 'pidf-full', value: document }));
  const value = readDocument(presence, tree);
  if (value === undefined) throw new TypeError('what was written as <pidf-full> reads as <presence>');
  return value;
}

/** The tree with `<presence>` as its root. */
export function asPresence(document: XmlDocument): XmlDocument {
  const isVersion = ({ local, namespace }: XmlAttribute) => local === 'version' && namespace === '';
  const attributes = document.root.attributes.filter((attribute) => !isVersion(attribute));
  return withRoot(document, PIDF, 'pidf', 'presence', attributes);
}

/** The tree with `<pidf-full>` as its root, and these attributes beside its own. */
export function asFull(document: XmlDocument, more: readonly XmlAttribute[] = []): XmlDocument {
  return withRoot(document, PIDF_DIFF, 'p', 'pidf-full', [...document.root.attributes, ...more]);
}

function withRoot(
  { type, declaration, root, children }: XmlDocument,
  namespace: string,
  proposed: string,
  local: string,
  attributes: readonly XmlAttribute[],
): XmlDocument {
  const declarations = attributes.filter((attribute) => attribute.namespace === XMLNS);
  const declared = declarations.find(({ value }) => value === namespace);
  let prefix = declared === undefined ? proposed : declared.prefix === '' ? '' : declared.local;
  if (declared === undefined) {
    while (declarations.some((each) => each.prefix !== '' && each.local === prefix)) prefix += '1';
  }
  const renamed = {
    ...root,
    namespace,
    prefix,
    local,
    attributes:
      declared === undefined ? [namespaceDeclaration(prefix, namespace), ...attributes] : attributes,
  };
  return {
    type,
    declaration,
    root: renamed,
    children: children.map((child) => (child === root ? renamed : child)),
  };
}
