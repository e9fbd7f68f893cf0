import { type CpimMessage, contentHeader, mediaType } from '@sip-simple/cpim';
import { payloadsOf } from './aggregate.ts';
import { MEDIA_TYPE, parse } from './document.ts';
import { ImdnError } from './errors.ts';
import type { Imdn } from './schema.ts';

/**
 * True for a message that carries IMDN documents, one or many. All others are IMs.
 *
 * @see RFC 5438 §9
 */
export function isImdn(message: CpimMessage): boolean {
  return mediaType(message.content)?.type === MEDIA_TYPE || payloadsOf(message).length > 0;
}

/**
 * The disposition notifications in a message: one of a plain IMDN, all of an aggregated one. None, when its
 * Content-Disposition is not `notification`; a payload that can't be read is passed over.
 *
 * @see RFC 5438 §9, §8.3
 */
export function notificationsIn(message: CpimMessage): readonly Imdn[] {
  // RFC 2183 §2: disposition-type *(";" disposition-parm), in any case.
  const [disposition = ''] = (contentHeader(message.content, 'Content-Disposition') ?? '').split(';');
  if (disposition.trim().toLowerCase() !== 'notification') return [];
  const found: Imdn[] = [];
  for (const payload of payloadsOf(message)) {
    try {
      found.push(parse(payload));
    } catch (error) {
      if (!(error instanceof ImdnError)) throw error;
    }
  }
  return found;
}
