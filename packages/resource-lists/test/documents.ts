import { parse as parseXml, type XmlElement } from '@sip-simple/xml';
import { COPY_CONTROL, RESOURCE_LISTS, RLS_SERVICES } from '../src/index.ts';

/** A resource lists document around what is given, as text. The prefix `x` is bound to `urn:example:x`. */
export function lists(content: string): string {
  return `<?xml version="1.0" encoding="UTF-8"?>
<resource-lists xmlns="${RESOURCE_LISTS}" xmlns:cp="${COPY_CONTROL}" xmlns:x="urn:example:x">${content}</resource-lists>`;
}

/** An RLS services document around what is given, as text. */
export function services(content: string): string {
  return `<?xml version="1.0" encoding="UTF-8"?>
<rls-services xmlns="${RLS_SERVICES}" xmlns:rl="${RESOURCE_LISTS}" xmlns:cp="${COPY_CONTROL}" xmlns:x="urn:example:x">${content}</rls-services>`;
}

/** An element of a resource list, as an XCAP server gives it. */
export function fragment(text: string): XmlElement {
  return parseXml(text.replace(/^<([\w-]+)/, `<$1 xmlns="${RESOURCE_LISTS}"`)).root;
}
