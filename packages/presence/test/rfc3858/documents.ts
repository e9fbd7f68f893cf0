import { readFileSync } from 'node:fs';
import { bytesOf } from '@sip-simple/testkit';
import { parse, type Watcherinfo } from '../../src/watcherinfo/index.ts';

const fixtures = new URL('../fixtures/', import.meta.url);

/** The bytes of a fixture, as `rfc3858/5-example.xml`. */
export function fixture(path: string): Uint8Array {
  return new Uint8Array(readFileSync(new URL(path, fixtures)));
}

/** A watcherinfo document with this content, as bytes. */
export function document(content: string, attributes = 'version="0" state="full"'): Uint8Array {
  return bytesOf(
    `<?xml version="1.0" encoding="UTF-8"?>\n<watcherinfo xmlns="urn:ietf:params:xml:ns:watcherinfo"` +
      ` xmlns:x="urn:example:x" ${attributes}>${content}</watcherinfo>`,
  );
}

/** A list of these watchers of alice. */
export function list(content: string, resource = 'sip:alice@example.com'): string {
  return `<watcher-list resource="${resource}" package="presence">${content}</watcher-list>`;
}

/** A watcher by its id, with a status and what fits it. */
export function watcher(id: string, status = 'active', event = 'approved'): string {
  return `<watcher id="${id}" status="${status}" event="${event}">sip:${id}@example.com</watcher>`;
}

/** A document as a subscriber receives it. */
export function received(version: number, state: 'full' | 'partial', ...lists: string[]): Watcherinfo {
  return parse(document(lists.join(''), `version="${version}" state="${state}"`));
}
