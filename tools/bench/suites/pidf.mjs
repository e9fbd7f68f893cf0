// XML and PIDF: the tree, and the typed presence document, beside the general XML libraries of JavaScript.

import * as pidf from '@sip-simple/pidf';
import * as xml from '@sip-simple/xml';
import { DOMParser } from '@xmldom/xmldom';
import { XMLParser } from 'fast-xml-parser';
import { documents, tuples } from '../corpus/pidf.mjs';

const total = documents.reduce((sum, document) => sum + document.length, 0);
const contender = (name, run, inputs = documents, bytes = total) => ({
  name,
  ops: inputs.length,
  bytes,
  run: () => {
    let last;
    for (const input of inputs) last = run(input);
    return last;
  },
});

const fast = new XMLParser({ preserveOrder: true, ignoreAttributes: false });
const dom = new DOMParser();
const rivals = [
  contender('fast-xml-parser (preserveOrder)', (d) => fast.parse(d)),
  contender('@xmldom/xmldom', (d) => dom.parseFromString(d.toString(), 'text/xml')),
];
const presences = documents.map((d) => pidf.parse(d));
const trees = documents.map((d) => xml.parse(d));

/** Reads what a watcher shows: every tuple's status, contact and notes. */
function readAll(document) {
  const presence = pidf.parse(document);
  let seen = 0;
  for (const tuple of presence.tuples) {
    if (tuple.status?.basic === 'open') seen++;
    if (tuple.contact?.priority !== undefined) seen++;
    seen += tuple.notes.length;
  }
  return seen;
}

export const suites = [
  {
    name: 'XML: parse to a tree',
    unit: 'documents',
    contenders: () => [contender('sip-simple xml', (d) => xml.parse(d)), ...rivals],
    targets: [['sip-simple xml', 'fast-xml-parser (preserveOrder)', 2.5]],
  },
  {
    name: 'PIDF: parse',
    unit: 'documents',
    contenders: () => [
      contender('sip-simple pidf', (d) => pidf.parse(d)),
      contender('sip-simple pidf, every field read', readAll),
      ...rivals,
    ],
    targets: [
      ['sip-simple pidf', 'fast-xml-parser (preserveOrder)', 2.5],
      ['sip-simple pidf, every field read', 'fast-xml-parser (preserveOrder)', 2.5],
    ],
  },
  {
    name: 'PIDF: serialize',
    unit: 'documents',
    contenders: () => [
      contender('sip-simple pidf', (p) => pidf.serialize(p), presences),
      contender('sip-simple xml', (t) => xml.serialize(t), trees),
    ],
    targets: [],
  },
  {
    name: 'PIDF: bytes a second by size',
    unit: 'documents',
    contenders: () =>
      [10, 100, 1000].map((count) => {
        const document = tuples(count);
        return contender(`sip-simple pidf, ${count} tuples`, pidf.parse, [document], document.length);
      }),
    targets: [],
  },
];
