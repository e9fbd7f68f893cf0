// Every document format: read, and written with one field changed, beside fast-xml-parser on the same documents (the
// examples of the RFCs, which the packages keep as fixtures). Its rivals' side of a change is one assignment.
import { readdirSync, readFileSync } from 'node:fs';
import * as chat from '@sip-simple/chat';
import * as policy from '@sip-simple/common-policy';
import * as imdn from '@sip-simple/imdn';
import * as isComposing from '@sip-simple/iscomposing';
import * as pidf from '@sip-simple/pidf';
import * as partial from '@sip-simple/pidf/partial';
import * as watcherinfo from '@sip-simple/presence/watcherinfo';
import * as lists from '@sip-simple/resource-lists';
import * as rpid from '@sip-simple/rpid';
import * as filter from '@sip-simple/sip-events/filter';
import * as rlmi from '@sip-simple/sip-events/rlmi';
import * as xcap from '@sip-simple/xcap';
import { XMLBuilder, XMLParser } from 'fast-xml-parser';

const packages = new URL('../../../packages/', import.meta.url);
const options = { preserveOrder: true, ignoreAttributes: false };
const parser = new XMLParser(options);
const builder = new XMLBuilder(options);

/** The fixtures of a package that a format can read. */
function fixtures(folder, parse, only = /\.xml$/) {
  const home = new URL(`${folder}/`, packages);
  return readdirSync(home, { recursive: true })
    .filter((name) => only.test(name) && name.endsWith('.xml'))
    .sort()
    .map((name) => readFileSync(new URL(name.replaceAll('\\', '/'), home)))
    .filter((bytes) => {
      try {
        parse(bytes);
        return true;
      } catch {
        return false;
      }
    });
}

let turn = 0;
const text = () => `n${turn++ % 1000}`;
/** The first of a list changed. */
const first = (items, change) => items.map((item, index) => (index === 0 ? change(item) : item));

// As RFC 5438 §7.2.1.1 and §8 have them, with other names.
const notifications = ['delivery', 'display'].map((kind) =>
  Buffer.from(`<?xml version="1.0" encoding="UTF-8"?>
<imdn xmlns="urn:ietf:params:xml:ns:imdn">
  <message-id>34jk324j</message-id>
  <datetime>2026-04-04T12:16:49-05:00</datetime>
  <recipient-uri>im:bob@example.com</recipient-uri>
  <original-recipient-uri>im:bob@example.com</original-recipient-uri>
  <${kind}-notification><status><${kind === 'delivery' ? 'delivered' : 'displayed'}/></status></${kind}-notification>
</imdn>
`),
);

const formats = [
  {
    name: 'PIDF',
    folder: '../tools/conformance/fixtures',
    ...pidf,
    change: (value) => ({ ...value, tuples: first(value.tuples, (tuple) => ({ ...tuple, id: text() })) }),
  },
  {
    name: 'rich PIDF, activities read',
    folder: 'rpid/test/fixtures',
    ...pidf,
    parse(bytes) {
      const value = pidf.parse(bytes);
      for (const person of value.persons) rpid.activities.of(person);
      return value;
    },
    change: (value) => ({
      ...value,
      persons: first(value.persons, (person) => rpid.classLabel.set(person, text())),
    }),
  },
  {
    name: 'pidf-full and pidf-diff',
    folder: 'pidf/test/fixtures',
    ...partial,
    change: ({ type, value }) => ({ type, value: { ...value, version: turn++ } }),
  },
  {
    name: 'watcherinfo',
    folder: 'presence/test/fixtures',
    ...watcherinfo,
    change: (value) => ({ ...value, version: turn++ }),
  },
  {
    name: 'rule sets',
    folder: 'common-policy/test/fixtures',
    ...policy,
    change: (value) => ({ ...value, rules: first(value.rules, (rule) => ({ ...rule, id: text() })) }),
  },
  {
    name: 'resource lists',
    folder: 'resource-lists/test/fixtures',
    ...lists,
    change: (value) => ({ ...value, lists: first(value.lists, (list) => ({ ...list, name: text() })) }),
  },
  {
    name: 'RLS services',
    folder: 'resource-lists/test/fixtures',
    parse: lists.parseRlsServices,
    serialize: lists.serializeRlsServices,
    change: (value) => ({
      ...value,
      services: first(value.services, (each) => ({ ...each, uri: `sip:${text()}@example.com` })),
    }),
  },
  {
    name: 'RLMI',
    folder: 'sip-events/test/fixtures/rfc4662',
    ...rlmi,
    change: (value) => ({ ...value, version: turn++ }),
  },
  {
    name: 'filters',
    folder: 'sip-events/test/fixtures',
    ...filter,
    change: (value) => ({ ...value, filters: first(value.filters, (each) => ({ ...each, id: text() })) }),
  },
  {
    name: 'XCAP differences',
    folder: 'xcap/test/fixtures',
    parse: xcap.parseXcapDiff,
    serialize: xcap.serializeXcapDiff,
    change: (value) => ({ ...value, xcapRoot: `http://${text()}.example.com/` }),
  },
  {
    name: 'isComposing',
    folder: 'iscomposing/test/fixtures',
    ...isComposing,
    change: (value) => ({ ...value, refresh: 60 + (turn++ % 100) }),
  },
  { name: 'IMDN', samples: notifications, ...imdn, change: (value) => ({ ...value, messageId: text() }) },
  {
    name: 'conference-info',
    folder: 'chat/test/fixtures',
    ...chat,
    change: (value) => ({ ...value, version: turn++ }),
  },
];

function contender(name, inputs, bytes, run) {
  return {
    name,
    ops: inputs.length,
    bytes,
    run() {
      let last;
      for (const input of inputs) last = run(input);
      return last;
    },
  };
}

/** The first attribute of the root assigned, as any program with such an object would. */
function assign(object) {
  const root = object.find((node) => !('?xml' in node) && !('#text' in node) && !('#comment' in node));
  const attributes = root?.[':@'];
  if (attributes !== undefined) attributes[Object.keys(attributes)[0]] = text();
  return object;
}

export const suites = formats.flatMap(({ name, folder, parse, serialize, change, samples }) => {
  const documents = samples ?? fixtures(folder, parse);
  const size = documents.reduce((sum, document) => sum + document.length, 0);
  const values = documents.map((document) => parse(document));
  const objects = documents.map((document) => parser.parse(document));
  return [
    {
      name: `${name}: read`,
      unit: 'documents',
      contenders: () => [
        contender('sip-simple', documents, size, parse),
        contender('fast-xml-parser (preserveOrder)', documents, size, (bytes) => parser.parse(bytes)),
      ],
      targets: [['sip-simple', 'fast-xml-parser (preserveOrder)', 2.5]],
    },
    {
      name: `${name}: one field changed and written`,
      unit: 'documents',
      contenders: () => [
        contender('sip-simple', values, size, (value) => serialize(change(value))),
        contender('fast-xml-parser (preserveOrder)', objects, size, (object) =>
          Buffer.from(builder.build(assign(object))),
        ),
      ],
      targets: [['sip-simple', 'fast-xml-parser (preserveOrder)', 2.5]],
    },
  ];
});
