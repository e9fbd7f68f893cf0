import {
  boundaryFor,
  contentDisposition,
  contentType,
  headerOf,
  type MediaType,
  type Part,
  type PartHeader,
  parseMultipart,
  type SipRequest,
  serializeMultipart,
  unquote,
} from '@sip-simple/sip-core';
import { refused } from '../errors.ts';

/** A body, and the header fields that describe it. */
export interface Content {
  readonly headers: readonly PartHeader[];
  readonly body: Uint8Array;
}

/**
 * The parts of a message: those of `multipart/mixed`, or its one body.
 *
 * @throws MultipartError
 * @throws PageModeError `refused` with status 400
 */
export function partsOf(request: SipRequest): readonly Part[] {
  const { body } = request;
  if (body.length === 0) return [];
  const media = request.get(contentType);
  if (media?.type !== 'multipart/mixed') return [{ headers: contentFields(request), body }];
  const boundary = unquote(media.params.get('boundary'));
  if (boundary === undefined) throw refused(400, 'a multipart body without boundary', 'RFC 2046 §5.1');
  return parseMultipart(body, boundary, { parts: 64 });
}

/** The one body of parts: themselves in `multipart/mixed`, or the only one of them without it (RFC 5365 §7.3). */
export function contentOf(parts: readonly Part[], token: () => string): Content {
  const [only] = parts;
  if (only !== undefined && parts.length === 1) {
    return { headers: only.headers.filter(({ name }) => isContentField(name)), body: only.body };
  }
  const boundary = boundaryFor(parts, token);
  const headers = [{ name: 'Content-Type', value: `multipart/mixed;boundary="${boundary}"` }];
  return { headers, body: serializeMultipart(parts, boundary) };
}

/** `recipient-list`, ...; `undefined` when a part does not say. @throws SipError when it says so malformed */
export function dispositionOf(part: Part): string | undefined {
  const value = headerOf(part, 'Content-Disposition');
  return value === undefined ? undefined : contentDisposition.parse(value).token.toLowerCase();
}

/** The media type of a part (RFC 2046 §5.1). @throws SipError when it is malformed */
export function mediaTypeOf(part: Part): MediaType {
  return contentType.parse(headerOf(part, 'Content-Type') ?? 'text/plain');
}

/**
 * `Content-Type` and the like, which describe a body; Content-Length follows it by itself. Names in MIME may have
 * characters that are in no token (RFC 2822 §2.2), and can't be header fields of SIP.
 */
function isContentField(name: string): boolean {
  return /^content-(?!length$)[\w\-.!%*+`'~]+$/i.test(name);
}

function contentFields(request: SipRequest): readonly PartHeader[] {
  const fields: PartHeader[] = [];
  for (const [written, value] of request.headers()) {
    const name = COMPACT.get(written.toLowerCase()) ?? written;
    if (isContentField(name)) fields.push({ name, value });
  }
  return fields;
}

const COMPACT: ReadonlyMap<string, string> = new Map([
  ['c', 'Content-Type'],
  ['e', 'Content-Encoding'],
]);
