// A watcher gets a partial update (RFC 5262): the patch is parsed, applied to the 5 KB document it has, and the document
// written. The rival does the same on a DOM, by xmldom and xpath.
import * as xml from '@sip-simple/xml';
import { apply, parsePatch } from '@sip-simple/xml-patch';
import { DOMParser, XMLSerializer } from '@xmldom/xmldom';
import xpath from 'xpath';

const PIDF = 'urn:ietf:params:xml:ns:pidf';
const DIFF = 'urn:ietf:params:xml:ns:pidf-diff';
const tuple = (id) => `
  <tuple id="t${id}">
    <status><basic>open</basic></status>
    <contact priority="0.${id % 10}">sip:alice@device${id}.example.com;transport=tcp</contact>
    <note xml:lang="en">At the desk number ${id}, and hard at work</note>
    <timestamp>2026-03-01T10:15:30Z</timestamp>
  </tuple>`;
const count = 17;
const document = `<?xml version="1.0" encoding="UTF-8"?>
<presence xmlns="${PIDF}" entity="sip:alice@example.com">${Array.from({ length: count }, (_, id) => tuple(id)).join('')}
</presence>`;

let turn = 0;
const update = () => `<?xml version="1.0" encoding="UTF-8"?>
<p:pidf-diff xmlns="${PIDF}" xmlns:p="${DIFF}" entity="sip:alice@example.com" version="568">
  <p:replace sel="presence/tuple[@id='t9']/contact/@priority">0.${turn++ % 10}</p:replace>
</p:pidf-diff>`;

const tree = xml.parse(document);
const parser = new DOMParser();
const serializer = new XMLSerializer();
const dom = parser.parseFromString(document, 'text/xml');
const select = xpath.useNamespaces({ d: PIDF });

function rivalPatch() {
  const patch = parser.parseFromString(update(), 'text/xml').documentElement;
  for (let operation = patch.firstChild; operation; operation = operation.nextSibling) {
    if (operation.nodeType !== 1) continue;
    // RFC 5261 §4.1: names without prefix are in the default namespace of the patch.
    const path = operation.getAttribute('sel').replace(/(^|\/)(?=[a-z])/g, '$1d:');
    const [found] = select(path, dom);
    found.value = operation.textContent;
  }
  return serializer.serializeToString(dom);
}

const once = (name, run) => ({ name, ops: 1, bytes: document.length, run });

export const suites = [
  {
    name: `XML patch: one attribute of ${(document.length / 1000).toFixed(1)} KB`,
    unit: 'updates',
    contenders: () => [
      once('sip-simple', () => xml.serializeToString(apply(tree, parsePatch(update())))),
      once('@xmldom/xmldom with xpath', rivalPatch),
    ],
    targets: [['sip-simple', '@xmldom/xmldom with xpath', 10]],
  },
];
