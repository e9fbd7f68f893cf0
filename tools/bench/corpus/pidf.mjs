// Presence documents: what a softphone, an RCS client with rich presence and a composed presentity send.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { messages } from './sip.mjs';

const samples = new URL('../../../../shared/oracles/samples/', import.meta.url);

function tuple(i) {
  return `  <tuple id="t${i}">
    <status><basic>${i % 2 ? 'open' : 'closed'}</basic></status>
    <contact priority="0.${i % 10}">sip:alice-${i}@192.0.2.${i % 250}:5060;transport=tcp</contact>
    <note xml:lang="en">Reachable at desk ${i} &amp; by text</note>
    <timestamp>2026-03-01T10:15:${String(i % 60).padStart(2, '0')}Z</timestamp>
  </tuple>
`;
}

/** A presence document of `count` tuples. */
export const tuples = (count) =>
  Buffer.from(
    `<?xml version="1.0" encoding="UTF-8"?>\n<presence xmlns="urn:ietf:params:xml:ns:pidf" entity="pres:alice@example.com">\n${Array.from({ length: count }, (_, i) => tuple(i)).join('')}</presence>\n`,
  );

const fromRfcs = existsSync(samples)
  ? readdirSync(samples)
      .filter((name) =>
        /^(rfc(3863|4480|4481|4482|5196|4827|4662)-\d+-presence|gen-rich-pidf-5k)\.xml$/.test(name),
      )
      .map((name) => readFileSync(new URL(name, samples)))
  : [];

/** @type {Buffer[]} */
export const documents = [
  messages.PUBLISH.subarray(messages.PUBLISH.indexOf('<?xml')),
  tuples(3),
  tuples(20),
  ...fromRfcs,
];
