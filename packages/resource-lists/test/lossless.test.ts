import { describeLossless, describePoints, samples, textOf } from '@sip-simple/testkit';
import { describe, expect, test } from 'vitest';
import {
  type List,
  type Member,
  parse,
  parseRlsServices,
  serialize,
  serializeRlsServices,
} from '../src/index.ts';
import { lists, services } from './documents.ts';
import { fixture } from './fixtures.ts';

describeLossless({
  format: { parse, serialize },
  samples: samples(/resource-lists/),
  also: [['everything', fixture('rfc4826/everything.xml')]],
});
describeLossless({
  format: { parse: parseRlsServices, serialize: serializeRlsServices },
  samples: samples(/rls-services/).filter(([, bytes]) => textOf(bytes).includes('xmlns')),
  also: [['everything', fixture('rfc4826/everything-services.xml')]],
});

const displayName = { text: 'new' };

function renamed(list: List): List {
  const rename = <T extends Member>(member: T): T => ({ ...member, value: { ...member.value, displayName } });
  return { ...list, displayName, members: list.members.map(rename) };
}

describe('in resource lists', () => {
  const name = '<display-name>old</display-name>';
  describePoints({
    points: [
      ['list', (foreign) => lists(`<list>${name}<entry uri="sip:a@b">${name}</entry>${foreign}</list>`)],
      ['entry', (foreign) => lists(`<list>${name}<entry uri="sip:a@b">${name}${foreign}</entry></list>`)],
      [
        'entry-ref',
        (foreign) => lists(`<list>${name}<entry-ref ref="a/b">${name}${foreign}</entry-ref></list>`),
      ],
      [
        'external',
        (foreign) => lists(`<list>${name}<external anchor="http://a/">${name}${foreign}</external></list>`),
      ],
    ],
    change(bytes) {
      const document = parse(bytes);
      return serialize({ ...document, lists: document.lists.map(renamed) });
    },
    expected: (text) => text.replaceAll('>old<', '>new<'),
  });
});

describe('in services', () => {
  const packages = '<packages><package>presence</package></packages>';
  describePoints({
    points: [
      ['service', (foreign) => services(`<service uri="sip:a@b"><list/>${packages}${foreign}</service>`)],
      [
        'packages',
        (foreign) =>
          services(
            `<service uri="sip:a@b"><list/><packages><package>presence</package>${foreign}<package>dialog</package></packages></service>`,
          ),
      ],
      [
        'list',
        (foreign) =>
          services(`<service uri="sip:a@b"><list><rl:entry uri="sip:c@d"/>${foreign}</list></service>`),
      ],
    ],
    change(bytes) {
      const document = parseRlsServices(bytes);
      return serializeRlsServices({
        ...document,
        services: document.services.map((service) => ({
          ...service,
          uri: 'sip:new@b',
          packages: service.packages && {
            ...service.packages,
            names: service.packages.names.map((name) => (name === 'presence' ? 'winfo' : name)),
          },
        })),
      });
    },
    expected: (text) => text.replace('sip:a@b', 'sip:new@b').replace('>presence<', '>winfo<'),
  });
});

test('attributes of others keep their places, beside those that change', () => {
  const text = lists(
    '<list x:z="1" name="a" x:a="2" cp:count="3"><entry x:m="1" cp:anonymize="true" uri="sip:a@b" xml:base="u"/></list>',
  );
  const document = parse(text);
  const written = serialize({
    ...document,
    lists: document.lists.map((list) => ({
      ...list,
      name: 'b',
      members: list.members.map((member) =>
        member.type === 'entry' ? { ...member, value: { ...member.value, anonymize: false } } : member,
      ),
    })),
  });
  expect(textOf(written)).toBe(text.replace('name="a"', 'name="b"').replace('"true"', '"false"'));
});
