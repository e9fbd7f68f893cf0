import { parse as parseXml } from '@sip-simple/xml';
import { describe, expect, test } from 'vitest';
import {
  constraintFailures,
  duplicates,
  globalIndex,
  type Home,
  parseRlsServices,
  ResourceListsError,
  serializeRlsServices,
  serviceAt,
  takesPackage,
  validateRlsServices,
} from '../../src/index.ts';
import { services } from '../documents.ts';
import { fixture } from '../fixtures.ts';

const rulesOf = (input: string | Uint8Array, home?: Home) =>
  validateRlsServices(input, { home }).map(({ rule }) => rule);

test('the example of §4.3 reads as it says', () => {
  const document = parseRlsServices(fixture('rfc4826/4.3-rls-services.xml'));
  expect(document.services.map(({ uri, packages }) => [uri, packages?.names])).toEqual([
    ['sip:mybuddies@example.com', ['presence']],
    ['sip:marketing@example.com', ['presence']],
  ]);
  expect(document.services.map(({ list }) => list)).toMatchObject([
    {
      type: 'resourceList',
      value:
        'http://xcap.example.com/resource-lists/users/sip:joe@example.com/index/~~/resource-lists/list%5b@name=%22l1%22%5d',
    },
    {
      type: 'list',
      value: {
        name: 'marketing',
        members: [
          { type: 'entry', value: { uri: 'sip:joe@example.com' } },
          { type: 'entry', value: { uri: 'sip:sudhir@example.com' } },
        ],
      },
    },
  ]);
  expect(validateRlsServices(fixture('rfc4826/4.3-rls-services.xml'))).toEqual([]);
});

test('a document is well-formed, and valid by its schemas (§4.1, @req rfc4826:4.1:1)', () => {
  expect(() => parseRlsServices(services('<service>'))).toThrow(ResourceListsError);
  expect(rulesOf(services('<service uri="sip:a@b"/>'))).toEqual(['missing-element']);
  expect(
    rulesOf(services('<service uri="sip:a@b"><list/><resource-list>http://a/</resource-list></service>')),
  ).toContain('too-many-elements');
  expect(rulesOf(services('<service uri="sip:a@b"><list/><packages><x:y/></packages></service>'))).toEqual([
    'wrong-order',
  ]);
  expect(
    rulesOf(
      services('<service uri="sip:a@b"><list><rl:entry uri="sip:c@d" cp:count="-1"/></list></service>'),
    ),
  ).toEqual(['invalid-value']);
});

test('a document is XML 1.0 in UTF-8 (§4.1, @req rfc4826:4.1:2)', () => {
  expect(rulesOf(services('').replace('1.0', '1.1'))).toEqual(['wrong-version']);
  expect(rulesOf(services('').replace('UTF-8', 'US-ASCII'))).toEqual(['wrong-encoding']);
  const written = serializeRlsServices({ services: [{ uri: 'sip:a@b', list: { type: 'list', value: {} } }] });
  expect(new TextDecoder('utf-8', { fatal: true }).decode(written)).toMatch(
    /^<\?xml version="1\.0" encoding="UTF-8"\?>/,
  );
});

test('a service is written with its list in both namespaces', () => {
  const written = serializeRlsServices({
    services: [
      {
        uri: 'sip:a@b',
        list: { type: 'list', value: { members: [{ type: 'entry', value: { uri: 'sip:c@d' } }] } },
        packages: { names: ['presence'] },
      },
      { uri: 'sip:e@f', list: { type: 'resourceList', value: 'http://a.example/x' } },
    ],
  });
  expect(new TextDecoder().decode(written)).toContain(
    '<rls-services xmlns="urn:ietf:params:xml:ns:rls-services" xmlns:rl="urn:ietf:params:xml:ns:resource-lists">' +
      '<service uri="sip:a@b"><list><rl:entry uri="sip:c@d"/></list><packages><package>presence</package></packages></service>' +
      '<service uri="sip:e@f"><resource-list>http://a.example/x</resource-list></service></rls-services>',
  );
});

describe('the URI of a list that a service refers to', () => {
  const JOE: Home = { root: 'http://xcap.example.com', user: 'sip:joe@example.com' };
  const GLOBAL: Home = { root: 'http://xcap.example.com/' };
  const document = (uri: string) =>
    services(`<service uri="sip:a@b"><resource-list>${uri}</resource-list></service>`);
  const failures = (uri: string, home?: Home) =>
    constraintFailures(parseXml(document(uri)), home).map(({ rule, path }) => `${rule} ${path}`);
  const at = '/rls-services/service[1]/resource-list[1]';
  const LIST = 'resource-lists/users/sip:joe@example.com/index/~~/resource-lists/list%5b1%5d';

  test('is absolute, HTTP, and of an XCAP element (@req rfc4826:4.1:3, @req rfc4826:4.4.5:4)', () => {
    expect(failures(`http://xcap.example.com/${LIST}`, JOE)).toEqual([]);
    expect(failures(LIST)).toEqual([`not-absolute ${at}`]);
    expect(failures('sip:joe@example.com')).toEqual([`not-absolute ${at}`]);
    expect(failures('http://xcap.example.com/resource-lists/users/sip:joe@example.com/index')).toEqual([
      `not-an-element ${at}`,
    ]);
    expect(failures(`http://xcap.example.com/${LIST}[1]`)).toEqual([`not-percent-encoded ${at}`]);
    expect(rulesOf(document(LIST))).toEqual(['not-absolute']);
  });

  test('is under the XCAP root of the document (@req rfc4826:4.1:4)', () => {
    expect(failures(`http://other.example.com/${LIST}`, JOE)).toEqual([`wrong-xcap-root ${at}`]);
    expect(failures(`http://xcap.example.com/deeper/${LIST}`, JOE)).toEqual([`wrong-xcap-root ${at}`]);
    expect(failures(`http://XCAP.example.com:80/${LIST}`, JOE)).toEqual([]);
    expect(
      failures(`http://xcap.example.com/deeper/${LIST}`, { ...JOE, root: 'http://xcap.example.com/deeper/' }),
    ).toEqual([]);
  });

  test('is in resource-lists, as the segment of the path says (@req rfc4826:4.4.5:5)', () => {
    const elsewhere = `http://xcap.example.com/${LIST.replace('resource-lists/', 'pidf/')}`;
    expect(failures(elsewhere, JOE)).toEqual([`not-in-resource-lists ${at}`]);
    expect(failures('http://xcap.example.com/resource-lists/global/index/~~/resource-lists', JOE)).toEqual([
      `not-in-resource-lists ${at}`,
    ]);
  });

  test('is in the home of the user whose document it is (@req rfc4826:4.1:5, @req rfc4826:4.4.5:6)', () => {
    const others = `http://xcap.example.com/${LIST.replace('joe', 'eve')}`;
    expect(failures(others, JOE)).toEqual([`wrong-user ${at}`]);
    expect(failures(`http://xcap.example.com/${LIST.replace('joe@', 'joe%40')}`, JOE)).toEqual([]);
    expect(failures(`http://xcap.example.com/${LIST.replace('index', 'a/../../eve')}`, JOE)).toEqual([
      `not-in-resource-lists ${at}`,
    ]);
  });

  test('is in any user’s home from the global tree (@req rfc4826:4.1:6)', () => {
    expect(failures(`http://xcap.example.com/${LIST.replace('joe', 'eve')}`, GLOBAL)).toEqual([]);
    expect(failures('http://xcap.example.com/resource-lists/global/index/~~/a', GLOBAL)).not.toEqual([]);
  });
});

describe('the URI of a service', () => {
  const two = services(
    '<service uri="sip:Friends@b"><list/></service><service uri="sip:%46riends@B"><list/></service>',
  );

  test('is unique in the document, by its canonical form (@req rfc4826:4.4.5:1)', () => {
    expect(duplicates(parseXml(two))).toEqual([
      {
        path: '/rls-services/service[2]/@uri',
        field: 'rls-services/service%5b2%5d/@uri',
        value: 'sip:%46riends@B',
        alternatives: ['sip:%46riends-2@B', 'sip:%46riends-3@B', 'sip:%46riends-4@B'],
      },
    ]);
    expect(rulesOf(two)).toEqual(['not-unique']);
  });

  test('and on the server; alternatives are not taken either (@req rfc4826:4.4.5:2)', () => {
    const taken = new Set(['sip:friends@example.com', 'sip:friends-2@example.com', 'sip:joe@example.com']);
    const isTaken = (uri: string) => taken.has(uri);
    const one = (uri: string) => parseXml(services(`<service uri="${uri}"><list/></service>`));
    expect(duplicates(one('sip:friends@example.com'), { isTaken })).toEqual([
      {
        path: '/rls-services/service[1]/@uri',
        field: 'rls-services/service%5b1%5d/@uri',
        value: 'sip:friends@example.com',
        alternatives: ['sip:friends-3@example.com', 'sip:friends-4@example.com', 'sip:friends-5@example.com'],
      },
    ]);
    expect(duplicates(one('sip:joe@example.com'), { isTaken })).toHaveLength(1);
    expect(duplicates(one('sip:colleagues@example.com'), { isTaken })).toEqual([]);
  });
});

test('the lists in services keep the rules of resource lists (@req rfc4826:4.4.5:7)', () => {
  const document = parseXml(
    services(
      '<service uri="sip:a@b"><list><rl:list name="l"/><rl:list name="l"/><rl:entry uri="u:v"/><rl:entry uri="u:v"/>' +
        '<rl:entry-ref ref="/abs"/><rl:external anchor="rel"/></list></service>',
    ),
  );
  expect(duplicates(document)).toMatchObject([
    {
      path: '/rls-services/service[1]/list[1]/rl:list[2]/@name',
      field:
        'rls-services/service%5b1%5d/list%5b1%5d/rl:list%5b2%5d/@name?xmlns(rl=urn:ietf:params:xml:ns:resource-lists)',
      alternatives: ['l-2', 'l-3', 'l-4'],
    },
    { path: '/rls-services/service[1]/list[1]/rl:entry[2]/@uri' },
  ]);
  expect(constraintFailures(document).map(({ rule }) => rule)).toEqual(['not-relative', 'not-absolute']);
});

describe('the global index (§4.4.8)', () => {
  const joe = parseRlsServices(fixture('rfc4826/4.4.8-joe.xml'));
  const bob = parseRlsServices(fixture('rfc4826/4.4.8-bob.xml'));

  test('is the union of the documents of users, as in the example', () => {
    const index = globalIndex([joe, bob]);
    const expected = parseRlsServices(fixture('rfc4826/4.4.8-global.xml'));
    expect(JSON.stringify(index)).toBe(JSON.stringify(expected));
    const written = serializeRlsServices(index);
    expect(JSON.stringify(parseRlsServices(written))).toBe(JSON.stringify(expected));
    expect(validateRlsServices(written, { home: { root: 'http://xcap.example.com' } })).toEqual([]);
  });

  test('shows the documents as they are when it is asked for', () => {
    const documents = new Map([
      ['joe', joe],
      ['bob', bob],
    ]);
    expect(globalIndex(documents.values()).services).toHaveLength(2);
    documents.delete('joe');
    expect(globalIndex(documents.values()).services).toEqual(bob.services);
  });

  test('a service is found by any equal URI (§4.5)', () => {
    const index = globalIndex([joe, bob]);
    expect(serviceAt(index, 'sip:%6dybuddies@EXAMPLE.com')?.uri).toBe('sip:mybuddies@example.com');
    expect(serviceAt(index, 'sip:MyBuddies@example.com')).toBeUndefined();
  });
});

test('a service without <packages> takes all, one with them those it names (§4.1)', () => {
  expect(takesPackage({}, 'presence')).toBe(true);
  expect(takesPackage({ packages: { names: [], extra: [] } }, 'presence')).toBe(false);
  expect(takesPackage({ packages: { names: ['dialog', ' presence '], extra: [] } }, 'presence')).toBe(true);
  expect(takesPackage({ packages: { names: ['dialog'], extra: [] } }, 'presence')).toBe(false);
});
