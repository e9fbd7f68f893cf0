import { readFileSync } from 'node:fs';
import { bytesOf } from '@sip-simple/testkit';
import { type PartialPidf, parse } from '../../src/partial/index.ts';

const fixtures = new URL('../fixtures/', import.meta.url);

/** The bytes of a fixture, as `rfc5262/6-full.xml`. */
export function fixture(path: string): Uint8Array {
  return new Uint8Array(readFileSync(new URL(path, fixtures)));
}

const NAMESPACES =
  'xmlns="urn:ietf:params:xml:ns:pidf" xmlns:p="urn:ietf:params:xml:ns:pidf-diff"' +
  ' xmlns:dm="urn:ietf:params:xml:ns:pidf:data-model" xmlns:x="urn:example:x"';

/** A `<pidf-full>` or `<pidf-diff>` with this content, as bytes. */
export function document(
  root: 'pidf-full' | 'pidf-diff',
  content: string,
  attributes = 'entity="sip:alice@example.com"',
): Uint8Array {
  return bytesOf(
    `<?xml version="1.0" encoding="UTF-8"?>\n<p:${root} ${NAMESPACES} ${attributes}>${content}</p:${root}>`,
  );
}

export const tuple = (id: string, basic = 'open') =>
  `<tuple id="${id}"><status><basic>${basic}</basic></status></tuple>`;

/** A full document as a watcher receives it. */
export const full = (version: number | undefined, content = tuple('t1')): PartialPidf =>
  parse(document('pidf-full', content, `entity="sip:alice@example.com"${versionOf(version)}`));

/** A partial document as a watcher receives it. */
export const diff = (
  version: number | undefined,
  content = '',
  entity = ' entity="sip:alice@example.com"',
): PartialPidf => parse(document('pidf-diff', content, `${versionOf(version)}${entity}`));

/** The change of the basic status of a tuple. */
export const setBasic = (id: string, basic: string) =>
  `<p:replace sel="*/tuple[@id='${id}']/status/basic/text()">${basic}</p:replace>`;

function versionOf(version: number | undefined): string {
  return version === undefined ? '' : ` version="${version}"`;
}
