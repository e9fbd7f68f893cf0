import {
  boundaryFor,
  headerOf,
  MultipartError,
  type MultipartLimits,
  type Part,
  type PartHeader,
  parseMultipart,
  type ReadPart,
  serializeMultipart,
} from '@sip-simple/sip-core';
import type { XmlLimits } from '@sip-simple/xml';
import { parse, serialize } from './document.ts';
import { RlmiError } from './errors.ts';
import { type MediaType, parseMediaType, writeMediaType } from './media-type.ts';
import { type Instance, type List, type ListInit, RLMI_TYPE } from './schema.ts';

/** The body of a NOTIFY for a list: what is told of the resources, and the state of each in a part. */
export interface ListNotification {
  readonly list: List;
  /** The parts beside the root, by Content-ID without brackets. */
  readonly parts: ReadonlyMap<string, ReadPart>;
  /**
   * The `cid`s in the list that no part of this body has. They are the sender's fault: a cid refers to parts at
   * the same level only (RFC 4662 §5.5).
   */
  readonly dangling: readonly string[];
}

export interface ReadNotificationOptions {
  /** For the XML of the list; the defaults are those of `@sip-simple/xml`. */
  readonly limits?: Partial<XmlLimits> | undefined;
  /** For the multipart body. */
  readonly multipartLimits?: Partial<MultipartLimits> | undefined;
}

/** A Content-Type header field: its value, or what `@sip-simple/sip-core` reads of it. */
export type ContentType =
  | string
  | { readonly type: string; readonly params: ReadonlyMap<string, string | undefined> };

/**
 * Reads the body of a NOTIFY for a list: `multipart/related` with RLMI as its root. What is in the parts is not
 * looked at; of lists within the list, `nestedOf` reads the notification.
 *
 * @throws {RlmiError} `wrong-type`, `multipart`, `no-root`, and what `parse` throws for the root
 * @see RFC 4662 §5, RFC 2387 §3
 */
export function readNotification(
  body: Uint8Array,
  contentType: ContentType,
  options: ReadNotificationOptions = {},
): ListNotification {
  const media = mediaTypeOf(contentType);
  if (media?.type !== 'multipart/related') {
    throw new RlmiError('wrong-type', 'RFC 4662 §5', 'the body is no multipart/related');
  }
  const all = partsOf(body, media, options.multipartLimits);
  const root = rootOf(all, media.parameters.get('start'));
  const rootType = parseMediaType(headerOf(root, 'Content-Type') ?? media.parameters.get('type') ?? '');
  if (rootType?.type !== RLMI_TYPE) {
    throw new RlmiError('no-root', 'RFC 4662 §5.1', `the root is ${rootType?.type ?? 'of no type'}`);
  }
  const charset = rootType.parameters.get('charset');
  const list = parse(root.body, { charset, limits: options.limits });
  const parts = new Map<string, ReadPart>();
  for (const part of all) {
    const id = contentIdOf(part);
    if (part !== root && id !== undefined && !parts.has(id)) parts.set(id, part);
  }
  const cids = [list.cid, ...list.resources.flatMap(({ instances }) => instances.map(({ cid }) => cid))];
  const dangling = cids.flatMap((cid) => (cid === undefined || parts.has(bare(cid)) ? [] : [cid]));
  return { list, parts, dangling };
}

/** The part that a list or an instance refers to: its state; `undefined` when there is none. */
export function stateOf(
  { parts }: Pick<ListNotification, 'parts'>,
  { cid }: Pick<Instance, 'cid'>,
): ReadPart | undefined {
  return cid === undefined ? undefined : parts.get(bare(cid));
}

/**
 * The notification in a part, where the resource is a list itself; `undefined` for parts of other types. Of a
 * signed one the content is read; the signature is for others to check, over the `source` of its first part.
 *
 * @throws {RlmiError} as `readNotification`
 * @see RFC 4662 §5.5
 */
export function nestedOf(part: Part, options: ReadNotificationOptions = {}): ListNotification | undefined {
  const contentType = headerOf(part, 'Content-Type') ?? '';
  const media = parseMediaType(contentType);
  if (media?.type === 'multipart/signed') {
    const [content] = partsOf(part.body, media, options.multipartLimits);
    const inner = content === undefined ? undefined : parseMediaType(headerOf(content, 'Content-Type') ?? '');
    return content !== undefined && inner?.type === 'multipart/related'
      ? nestedOf(content, options)
      : undefined;
  }
  if (media?.type !== 'multipart/related') return undefined;
  const type = media.parameters.get('type')?.toLowerCase();
  if (type !== undefined && type !== RLMI_TYPE) return undefined;
  return readNotification(part.body, contentType, options);
}

/** A part to be sent: the state of a resource, or the notification of a list in the list. */
export interface StatePart {
  /** The Content-ID, without brackets; unique in the world, as Message-IDs are. */
  readonly cid: string;
  readonly contentType: string;
  readonly body: Uint8Array;
  /** Further header fields. */
  readonly headers?: readonly PartHeader[] | undefined;
}

export interface NotificationInit {
  readonly list: ListInit;
  /** The Content-ID of the list, without brackets. */
  readonly cid: string;
  readonly parts: readonly StatePart[];
  /** Makes up boundaries, which have to be found in no part: random ones, or any that differ. */
  readonly boundary: () => string;
}

/**
 * Writes the body of a NOTIFY for a list.
 *
 * @returns the body, with the value of its Content-Type
 * @throws {RangeError} when the list refers to a part that isn't there, a Content-ID is none or is used twice, or
 *   no boundary can be found
 * @throws {TypeError} as `serialize`
 * @see RFC 4662 §5, RFC 2387 §3
 */
export function writeNotification({ list, cid, parts, boundary }: NotificationInit): {
  readonly contentType: string;
  readonly body: Uint8Array;
} {
  const ids = new Set<string>();
  for (const id of [cid, ...parts.map((part) => part.cid)]) {
    if (!CONTENT_ID.test(id)) throw new RangeError(`no Content-ID: ${id}`);
    if (ids.has(id)) throw new RangeError(`two parts have the Content-ID ${id}`);
    ids.add(id);
  }
  const cids = [
    list.cid,
    ...(list.resources ?? []).flatMap(({ instances = [] }) => instances.map((one) => one.cid)),
  ];
  for (const each of cids) {
    if (each !== undefined && (each === cid || !ids.has(each))) throw new RangeError(`no part ${each}`);
  }
  const root = {
    cid,
    contentType: `${RLMI_TYPE};charset="UTF-8"`,
    body: serialize(list),
    headers: undefined,
  };
  const all = [root, ...parts].map(
    ({ cid: id, contentType, body, headers = [] }): Part => ({
      headers: [
        { name: 'Content-Transfer-Encoding', value: 'binary' },
        { name: 'Content-ID', value: `<${id}>` },
        { name: 'Content-Type', value: contentType },
        ...headers,
      ],
      body,
    }),
  );
  const chosen = boundaryFor(all, boundary);
  const parameters = new Map([
    ['type', RLMI_TYPE],
    ['start', `<${cid}>`],
    ['boundary', chosen],
  ]);
  return {
    contentType: writeMediaType({ type: 'multipart/related', parameters }),
    body: serializeMultipart(all, chosen),
  };
}

function mediaTypeOf(contentType: ContentType): MediaType | undefined {
  if (typeof contentType === 'string') return parseMediaType(contentType);
  const params = Array.from(contentType.params, ([name, value = '""']) => `;${name}=${value}`);
  return parseMediaType(contentType.type + params.join(''));
}

function partsOf(
  body: Uint8Array,
  { parameters }: MediaType,
  limits: Partial<MultipartLimits> | undefined,
): readonly ReadPart[] {
  try {
    return parseMultipart(body, parameters.get('boundary') ?? '', limits);
  } catch (error) {
    if (!(error instanceof MultipartError)) throw error;
    throw new RlmiError(error.code === 'limit' ? 'limit' : 'multipart', error.rfc, error.message, error);
  }
}

/** RFC 2387 §3.2: the part that `start` names, the first by default. */
function rootOf(parts: readonly ReadPart[], start: string | undefined): ReadPart {
  const root = start === undefined ? parts[0] : parts.find((part) => contentIdOf(part) === bare(start));
  if (root === undefined) throw new RlmiError('no-root', 'RFC 2387 §3.2', `no part ${start}`);
  return root;
}

function contentIdOf(part: Part): string | undefined {
  const id = headerOf(part, 'Content-ID');
  return id === undefined ? undefined : bare(id);
}

function bare(id: string): string {
  return id.trim().replace(/^<([\s\S]*)>$/, '$1');
}

// addr-spec, as far as it may stand in a header field and an attribute without being quoted
const CONTENT_ID = /^[^\s<>@"\\()[\]]+@[^\s<>@"\\()]+$/;
