import { placeAt, XmlError } from './errors.ts';
import type { XmlDeclaration } from './tree.ts';

/**
 * Reads the XML declaration a document begins with; `undefined` when it begins otherwise.
 *
 * @throws XmlError `declaration-syntax`
 * @see XML 1.0 §2.8
 */
export function readDeclaration(source: string): XmlDeclaration | undefined {
  if (!BEGIN.test(source)) return undefined;
  const match = DECLARATION.exec(source);
  if (match === null) {
    throw new XmlError('declaration-syntax', 'XML 1.0 §2.8', 'malformed XML declaration', placeAt(source, 0));
  }
  const [, version = '', encoding, standalone] = match;
  return {
    version: unquote(version),
    encoding: encoding === undefined ? undefined : unquote(encoding),
    standalone: standalone === undefined ? undefined : unquote(standalone) === 'yes' ? 'yes' : 'no',
  };
}

/** Where the declaration ends that {@link readDeclaration} has read. */
export function declarationEnd(source: string): number {
  return source.indexOf('?>') + 2;
}

/**
 * Writes a declaration for a document in UTF-8, whatever encoding it was read from.
 *
 * @throws XmlError `declaration-syntax`
 */
export function writeDeclaration({ version, encoding, standalone }: XmlDeclaration): string {
  if (version === '1.0' && encoding === 'UTF-8' && standalone === undefined) return USUAL;
  let written = `<?xml version="${version}"`;
  if (encoding !== undefined) written += ` encoding="${/^utf-8$/i.test(encoding) ? encoding : 'UTF-8'}"`;
  if (standalone !== undefined) written += ` standalone="${standalone}"`;
  written += '?>';
  if (!DECLARATION.test(written)) {
    throw new XmlError('declaration-syntax', 'XML 1.0 §2.8', `not an XML declaration: ${written}`);
  }
  return written;
}

const USUAL = '<?xml version="1.0" encoding="UTF-8"?>';
const unquote = (literal: string): string => literal.slice(1, -1);

const BEGIN = /^<\?xml[ \t\r\n?]/;
// XMLDecl ::= '<?xml' VersionInfo EncodingDecl? SDDecl? S? '?>'
const S = '[ \\t\\r\\n]';
const DECLARATION = new RegExp(
  `^<\\?xml${pair('version', '1\\.[0-9]+')}` +
    `(?:${pair('encoding', '[A-Za-z][A-Za-z0-9._-]*')})?(?:${pair('standalone', '(?:yes|no)')})?${S}*\\?>`,
);

function pair(name: string, value: string): string {
  return `${S}+${name}${S}*=${S}*("${value}"|'${value}')`;
}
