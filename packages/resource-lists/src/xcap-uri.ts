import { anyUri } from '@sip-simple/xml/schema';
import { canonicalizeUri } from './canonical.ts';

/** True for an absolute HTTP URI. */
export function isAbsoluteHttp(uri: string): boolean {
  return /^https?:\/\/[^/?#]/i.test(uri);
}

/** True for a relative path reference: no scheme, no authority, no leading slash (RFC 3986 §4.2). */
export function isRelativePath(reference: string): boolean {
  // path-noscheme: a first segment that is not empty and has no colon.
  return /^[^/?#:]+(?:[/?#]|$)/.test(reference);
}

/** True for a URI reference of RFC 3986 as it stands, nothing left to be percent-encoded. */
export function isPercentEncoded(reference: string): boolean {
  return anyUri.isValid?.(reference) === true && !/[^!-~]|[<>"{}|\\^`]/.test(reference);
}

/** The parts of the URI of something in a user's home directory of the resource-lists usage (RFC 4825 §6). */
export interface ListUri {
  /** The XCAP root, without a slash at its end. */
  readonly root: string;
  /** The user whose home directory it is. */
  readonly user: string;
  /** What selects an element in the document, percent-encoding undone; `undefined` for the document. */
  readonly nodeSelector: string | undefined;
}

/**
 * Takes a URI apart that is in a user's home directory of the resource-lists usage; `undefined` for others.
 *
 * @param root the XCAP root, where it is known; it is found by what follows it, where not
 */
export function parseListUri(uri: string, root?: string): ListUri | undefined {
  const [path = ''] = canonicalizeUri(uri).split(/[?#]/, 1);
  // Whoever follows the URI removes dot segments first, and might end up elsewhere.
  if (/\/\.\.?(?:\/|$)/.test(path)) return undefined;
  let found: string;
  if (root === undefined) {
    const end = path.indexOf(IN_USERS);
    if (end < 0) return undefined;
    found = path.slice(0, end);
  } else {
    found = withoutSlash(canonicalizeUri(root));
    if (!path.startsWith(`${found}${IN_USERS}`)) return undefined;
  }
  const rest = path.slice(found.length + IN_USERS.length);
  const separator = rest.indexOf('/~~/');
  const document = separator < 0 ? rest : rest.slice(0, separator);
  const user = decoded(document.split('/', 1)[0] ?? '');
  const nodeSelector = separator < 0 ? undefined : decoded(rest.slice(separator + 4));
  // A document needs a name below the home directory, and an element a selector.
  if (user === undefined || user === '' || !document.includes('/') || nodeSelector === '') return undefined;
  return { root: found, user, nodeSelector };
}

/**
 * The absolute URI that a relative path reference means under an XCAP root, or `undefined` when it is none or
 * leads out of the root.
 *
 * @see RFC 3986 §5.2
 */
export function resolveUnder(root: string, reference: string): string | undefined {
  if (!isRelativePath(reference)) return undefined;
  // The root's path is a directory, whether or not it is written with the slash that RFC 3986 wants of one.
  const base = `${withoutSlash(root)}/`;
  const [, path = '', rest = ''] = /^([^?#]*)([\s\S]*)$/.exec(reference) ?? [];
  const segments: string[] = [];
  const parts = path.split('/');
  for (const [index, segment] of parts.entries()) {
    if (segment === '..') {
      if (segments.pop() === undefined) return undefined;
    } else if (segment !== '.') segments.push(segment);
    if (index === parts.length - 1 && (segment === '.' || segment === '..')) segments.push('');
  }
  return `${base}${segments.join('/')}${rest}`;
}

export function withoutSlash(root: string): string {
  return root.endsWith('/') ? root.slice(0, -1) : root;
}

function decoded(text: string): string | undefined {
  try {
    return decodeURIComponent(text);
  } catch {
    return undefined;
  }
}

const IN_USERS = '/resource-lists/users/';
