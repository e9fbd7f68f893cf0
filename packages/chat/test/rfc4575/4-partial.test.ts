import { plain } from '@sip-simple/testkit';
import { array, assert, constantFrom, oneof, option, property, record, uniqueArray } from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  ConferenceError,
  type ConferenceInfo,
  type EndpointInit,
  fold,
  parse,
  serialize,
  stateOf,
  type UserInit,
  validate,
} from '../../src/index.ts';
import { conferenceOf, documentOf, fixture } from '../fixtures.ts';

const user = (name: string, more = '', state = '') =>
  `<user entity="sip:${name}@example.com"${state === '' ? '' : ` state="${state}"`}>${more}</user>`;
const FULL = conferenceOf(
  'version="1" state="full"',
  '<conference-description><subject>Goals</subject><free-text>Be strict</free-text></conference-description>',
  '<conference-state><user-count>2</user-count><active>true</active></conference-state>',
  '<users x:a="1">',
  user(
    'bob',
    '<display-text>Bob</display-text><roles><entry>speaker</entry></roles><endpoint entity="pc"><display-text>PC</display-text><status>connected</status><media id="1"><type>audio</type><status>sendrecv</status></media><media id="2"/></endpoint><endpoint entity="phone"/><x:hat/><x:coat/>',
  ),
  user('alice'),
  '<x:e/></users>',
  '<sidebars-by-ref><entry><uri>sips:s1@example.com</uri></entry><entry><uri>sips:s2@example.com</uri></entry></sidebars-by-ref>',
  '<sidebars-by-val><entry entity="sips:s3@example.com"><users><user entity="sip:bob@example.com"/></users></entry></sidebars-by-val>',
);

/** What is known after a partial document with these children. */
function after(...children: readonly string[]): ConferenceInfo {
  const { outcome, conference } = fold(FULL, conferenceOf('version="2" state="partial"', ...children));
  expect(outcome).toBe('applied');
  if (conference === undefined) throw new TypeError('a conference');
  const bytes = serialize(conference);
  expect(validate(bytes)).toEqual([]);
  expect(new TextDecoder().decode(bytes)).not.toMatch(/partial|deleted/);
  expect(plain(parse(bytes))).toEqual(plain(conference));
  return conference;
}

const names = ({ users }: ConferenceInfo) => users?.users.map(({ entity }) => entity?.slice(4, -12));
const bob = ({ users }: ConferenceInfo) =>
  users?.users.find(({ entity }) => entity === 'sip:bob@example.com');

describe('RFC 4575 §4.6: which documents count', () => {
  test('the first full document sets version and content (@req rfc4575:4.6:1)', () => {
    const document = parse(fixture('7.1-basic'));
    const { outcome, conference } = fold(undefined, document);
    expect(outcome).toBe('applied');
    expect(conference?.version).toBe(1);
    expect(plain(conference)).toMatchObject(
      Object(plain({ ...document, users: { ...document.users, users: document.users?.users } })),
    );
  });

  test('before a full one, a partial one asks for it', () => {
    expect(fold(undefined, conferenceOf('version="5" state="partial"'))).toEqual({
      outcome: 'needs-full',
      conference: undefined,
    });
  });

  test('one that is not later is discarded, full ones too', () => {
    for (const attributes of [
      'version="1" state="partial"',
      'version="0" state="full"',
      'version="1"',
      'version="1" state="deleted"',
    ]) {
      const folded = fold(FULL, conferenceOf(attributes, '<users/>'));
      expect(folded).toEqual({ outcome: 'discarded', conference: FULL });
      expect(folded.conference).toBe(FULL);
    }
  });

  test('a later full one replaces all that was known (@req rfc4575:4.6:2)', () => {
    const { outcome, conference } = fold(
      FULL,
      conferenceOf('version="9"', '<conference-description/>', `<users>${user('carol')}</users>`),
    );
    expect(outcome).toBe('applied');
    expect(conference?.version).toBe(9);
    expect(conference && names(conference)).toEqual(['carol']);
    expect(conference?.conferenceState).toBeUndefined();
    expect(conference?.sidebarsByRef).toBeUndefined();
  });

  test('a deleted one ends the conference (@req rfc4575:4.6:2)', () => {
    const { outcome, conference } = fold(FULL, conferenceOf('version="4" state="deleted"'));
    expect([outcome, conference?.version, conference?.users]).toEqual(['ended', 4, undefined]);
  });

  test('where one is missing, the full state is asked for, and nothing changes till it comes (@req rfc4575:4.6:4)', () => {
    const gap = fold(FULL, conferenceOf('version="3" state="partial"', `<users>${user('carol')}</users>`));
    expect(gap.outcome).toBe('needs-full');
    expect(gap.conference).toBe(FULL);
    expect(fold(gap.conference, conferenceOf('version="4" state="partial"')).outcome).toBe('needs-full');
    expect(fold(gap.conference, conferenceOf('version="4"', '<users/>')).outcome).toBe('applied');
    expect(fold(gap.conference, conferenceOf('version="2" state="partial"')).outcome).toBe('applied');
  });
});

describe('RFC 4575 §4.4, §4.6: partial state', () => {
  test('what is not told stays as it is, and the version counts on (@req rfc4575:4.4:1)', () => {
    const conference = after();
    expect(conference.version).toBe(2);
    expect(plain({ ...conference, version: 1 })).toEqual(plain(FULL));
  });

  test('an element without state is replaced as a whole (step 1, 3.2)', () => {
    const conference = after(
      '<conference-state><user-count>3</user-count></conference-state>',
      `<users>${user('carol')}</users>`,
    );
    expect(plain(conference.conferenceState)).toMatchObject({ userCount: 3 });
    expect(conference.conferenceState?.active).toBeUndefined();
    expect(names(conference)).toEqual(['carol']);
    expect(conference.conferenceDescription?.subject).toBe('Goals');
  });

  test('a deleted element is removed, whatever is in it (@req rfc4575:4.6:5, @req rfc4575:4.4:7)', () => {
    const conference = after(
      `<users state="partial">${user('bob', '<endpoint entity="new"/>', 'deleted')}${user('nobody', '', 'deleted')}</users>`,
      '<sidebars-by-val state="deleted"><entry entity="sips:s9@example.com"/></sidebars-by-val>',
    );
    expect(names(conference)).toEqual(['alice']);
    expect(conference.sidebarsByVal).toBeUndefined();
  });

  test('a user of a new key is added, one of a known key replaced or folded (steps 3.1.1, 3.1.2)', () => {
    const conference = after(
      `<users state="partial">${user('carol', '<display-text>Carol</display-text>', 'partial')}${user('alice', '<display-text>Alice</display-text>')}${user('bob', '<roles><entry>host</entry></roles>', 'partial')}</users>`,
    );
    expect(names(conference)).toEqual(['bob', 'alice', 'carol']);
    expect(bob(conference)?.displayText).toBe('Bob');
    expect(bob(conference)?.roles?.entries).toEqual(['host']);
    expect(bob(conference)?.endpoints).toHaveLength(2);
    expect(conference.users?.extra).toHaveLength(1);
  });

  test('endpoints and streams are folded into their user (steps 3.2, 3.3)', () => {
    const conference = after(
      `<users state="partial">${user('bob', '<endpoint entity="pc" state="partial"><status>on-hold</status><media id="1"><type>audio</type></media><media id="3"/></endpoint><endpoint entity="phone" state="deleted"/><x:hat a="2"/>', 'partial')}</users>`,
    );
    const [pc, ...others] = bob(conference)?.endpoints ?? [];
    expect(others).toEqual([]);
    expect([pc?.displayText, pc?.status]).toEqual(['PC', 'on-hold']);
    expect(pc?.media.map(({ id }) => id)).toEqual(['1', '2', '3']);
    expect(pc?.media[0]?.status).toBeUndefined();
    expect(bob(conference)?.extra.map(({ local, attributes }) => local + attributes.length)).toEqual([
      'coat0',
      'hat1',
    ]);
  });

  test('sidebars are folded by their URI', () => {
    const conference = after(
      '<sidebars-by-ref state="partial"><entry><uri>sips:s2@example.com</uri><display-text>two</display-text></entry><entry><uri>sips:s4@example.com</uri></entry></sidebars-by-ref>',
      `<sidebars-by-val state="partial"><entry entity="sips:s3@example.com" state="partial"><users state="partial">${user('dan')}</users></entry><entry entity="sips:s5@example.com"/></sidebars-by-val>`,
    );
    expect(
      conference.sidebarsByRef?.entries.map(({ uri, displayText }) => [uri.slice(5, 7), displayText]),
    ).toEqual([
      ['s1', undefined],
      ['s2', 'two'],
      ['s4', undefined],
    ]);
    const [s3, s5] = conference.sidebarsByVal?.entries ?? [];
    expect(s3?.users?.users.map(({ entity }) => entity)).toEqual([
      'sip:bob@example.com',
      'sip:dan@example.com',
    ]);
    expect(s5?.entity).toBe('sips:s5@example.com');
  });

  test('a partial row of a new key is taken without what it says is deleted, and is full', () => {
    const conference = after(
      `<users state="partial">${user('carol', '<endpoint entity="a" state="deleted"/><endpoint entity="b" state="partial"/>', 'partial')}</users>`,
    );
    expect(conference.users?.users.at(-1)?.endpoints.map(({ entity, state }) => [entity, state])).toEqual([
      ['b', 'full'],
    ]);
  });

  test('tables have a limit', () => {
    const many = conferenceOf(
      'version="2" state="partial"',
      `<users state="partial">${user('c')}${user('d')}</users>`,
    );
    expect(fold(FULL, many, { maxRows: 4 }).outcome).toBe('applied');
    expect(() => fold(FULL, many, { maxRows: 3 })).toThrow(ConferenceError);
    expect(() => fold(FULL, many, { maxRows: 3 })).toThrow(
      expect.objectContaining({ code: 'too-many-rows', rfc: 'RFC 4575 §4.6' }),
    );
  });

  test('the state is full where an element says none', () => {
    expect(stateOf({})).toBe('full');
    expect(stateOf(parse(fixture('7.2-rich')))).toBe('partial');
  });

  test('a thousand users fold in time that grows with their number', () => {
    const crowd = (count: number) => Array.from({ length: count }, (_, at) => user(`u${at}`)).join('');
    let known = fold(
      undefined,
      conferenceOf('version="1"', '<conference-description/>', `<users>${crowd(1_000)}</users>`),
    ).conference;
    const start = performance.now();
    for (let version = 2; version < 102; version += 1) {
      known = fold(
        known,
        conferenceOf(
          `version="${version}" state="partial"`,
          `<users state="partial">${user(`u${version}`, '<display-text>x</display-text>')}</users>`,
        ),
      ).conference;
    }
    expect(known?.users?.users).toHaveLength(1_000);
    expect(performance.now() - start).toBeLessThan(3_000);
  });
});

describe('RFC 4575 §4.6: any history', () => {
  const KEYS = ['a', 'b', 'c'];
  const text = option(constantFrom('x', 'y'), { nil: undefined });
  const endpoint = record({ entity: constantFrom('1', '2'), displayText: text });
  const endpoints = uniqueArray(endpoint, { selector: ({ entity }) => entity });
  const fullUser = record({ entity: constantFrom(...KEYS), displayText: text, endpoints });
  const partialEndpoint = oneof(
    endpoint,
    record({
      entity: constantFrom('1', '2'),
      displayText: text,
      state: constantFrom('partial' as const, 'deleted' as const),
    }),
  );
  const change = oneof(
    fullUser,
    record({
      entity: constantFrom(...KEYS),
      displayText: text,
      state: constantFrom('partial' as const),
      endpoints: uniqueArray(partialEndpoint, { selector: ({ entity }) => entity }),
    }),
    record({ entity: constantFrom(...KEYS), state: constantFrom('deleted' as const) }),
  );

  /** The algorithm of §4.6 word for word, over tables. */
  class Tables {
    readonly users = new Map<
      string,
      { displayText: string | undefined; endpoints: Map<string, string | undefined> }
    >();

    apply(user: UserInit): void {
      const key = user.entity ?? '';
      if (user.state === 'deleted') {
        this.users.delete(key);
        return;
      }
      const isNew = user.state !== 'partial' || !this.users.has(key);
      const row = (isNew ? undefined : this.users.get(key)) ?? {
        displayText: undefined,
        endpoints: new Map(),
      };
      if (user.displayText !== undefined) row.displayText = user.displayText;
      for (const each of user.endpoints ?? []) this.#endpoint(row.endpoints, each);
      this.users.set(key, row);
    }

    #endpoint(
      table: Map<string, string | undefined>,
      { entity = '', displayText, state }: EndpointInit,
    ): void {
      if (state === 'deleted') table.delete(entity);
      else table.set(entity, displayText ?? (state === 'partial' ? table.get(entity) : undefined));
    }
  }

  test('what is known is what the tables of §4.6 hold (@req rfc4575:4.4:1)', () => {
    const entity = 'sip:conf@example.com';
    assert(
      property(
        uniqueArray(fullUser, { selector: ({ entity }) => entity }),
        array(array(change)),
        (first, updates) => {
          const tables = new Tables();
          for (const each of first) tables.apply(each);
          const send = (version: number, state: 'full' | 'partial', users: readonly UserInit[]) =>
            parse(serialize({ entity, version, state, conferenceDescription: {}, users: { state, users } }));
          let { conference } = fold(undefined, send(1, 'full', first));
          updates.forEach((users, at) => {
            for (const each of users) tables.apply(each);
            ({ conference } = fold(conference, send(at + 2, 'partial', users)));
          });
          const known = new Map(
            conference?.users?.users.map(({ entity, displayText, endpoints }) => [
              entity,
              { displayText, endpoints: new Map(endpoints.map((each) => [each.entity, each.displayText])) },
            ]),
          );
          expect(known).toEqual(tables.users);
          if (conference !== undefined) expect(validate(serialize(conference))).toEqual([]);
        },
      ),
      { numRuns: 200 * Number(process.env['FUZZ_RUNS'] ?? 1) },
    );
  });
});

describe('RFC 4575 §4.3 to §5.8: what documents must be', () => {
  const rules = (attributes: string, ...children: readonly string[]) =>
    validate(documentOf(attributes, ...children)).map(({ rule }) => rule);
  const DESCRIPTION = '<conference-description/>';

  test('the examples are valid (@req rfc4575:4.1:1)', () => {
    expect(validate(fixture('7.1-basic'))).toEqual([]);
    expect(validate(fixture('7.2-rich'))).toEqual([]);
    expect(rules('version="1"', DESCRIPTION, '<users/><user/>')).toEqual(['unexpected-element']);
    expect(() => validate('<conference-info>')).toThrow(
      expect.objectContaining({ name: 'ConferenceError', code: 'not-well-formed' }),
    );
  });

  test('they are XML 1.0 in UTF-8 (@req rfc4575:4.1:2)', () => {
    const text = documentOf('version="1"', DESCRIPTION, '<users/>');
    expect(validate(text.replace('version="1.0"', 'version="1.1"'))).toMatchObject([{ rule: 'not-xml-1.0' }]);
    const units = Array.from(`\ufeff${text.replace('UTF-8', 'UTF-16')}`, (character) =>
      character.charCodeAt(0),
    );
    expect(validate(new Uint8Array(new Uint16Array(units).buffer))).toMatchObject([{ rule: 'not-utf-8' }]);
    const { declaration } = { declaration: new TextDecoder().decode(serialize(parse(text))).slice(0, 38) };
    expect(declaration).toBe('<?xml version="1.0" encoding="UTF-8"?>');
  });

  test('the version is in the root, and none is written without (@req rfc4575:4.3:1, @req rfc4575:5.2:1)', () => {
    expect(rules('', DESCRIPTION, '<users/>')).toEqual(['missing-attribute']);
    const { version, ...without } = conferenceOf('version="1"', DESCRIPTION, '<users/>');
    expect(version).toBe(1);
    // @ts-expect-error: the version is required
    expect(() => serialize(without)).toThrow(TypeError);
  });

  test('a child of a full element is full (@req rfc4575:4.4:3, @req rfc4575:4.4:4)', () => {
    for (const state of ['partial', 'deleted']) {
      expect(rules('version="1"', DESCRIPTION, `<users state="${state}"/>`)).toEqual(['inconsistent-state']);
      expect(rules('version="2" state="partial"', `<users>${user('a', '', state)}</users>`)).toEqual([
        'inconsistent-state',
      ]);
      expect(
        rules(
          'version="2" state="partial"',
          `<users state="partial">${user('a', `<endpoint entity="e" state="${state}"/>`)}</users>`,
        ),
      ).toEqual(['inconsistent-state']);
      expect(
        rules('version="2" state="partial"', `<users state="partial">${user('a', '', state)}</users>`),
      ).toEqual([]);
    }
  });

  test('keys are there, and unique (@req rfc4575:4.5:1, @req rfc4575:5.6:1, @req rfc4575:5.7:1)', () => {
    const inUsers = (text: string) => rules('version="1"', DESCRIPTION, `<users>${text}</users>`);
    expect(inUsers(user('a') + user('b') + user('a'))).toEqual(['duplicate-key']);
    expect(inUsers('<user/>')).toEqual(['missing-key']);
    expect(inUsers(user('a', '<endpoint entity="e"/><endpoint entity="e"/>'))).toEqual(['duplicate-key']);
    expect(inUsers(user('a', '<endpoint/>'))).toEqual(['missing-key']);
    expect(inUsers(user('a', '<endpoint entity="e"><media id="1"/><media id="1"/></endpoint>'))).toEqual([
      'duplicate-key',
    ]);
    expect(inUsers(user('a', '<endpoint entity="e"/>') + user('b', '<endpoint entity="e"/>'))).toEqual([]);
    const sidebar = '<entry entity="sip:s@example.com"/>';
    expect(
      rules(
        'version="1"',
        DESCRIPTION,
        '<users/>',
        `<sidebars-by-val>${sidebar}${sidebar}</sidebars-by-val>`,
      ),
    ).toEqual(['duplicate-key']);
  });

  test('URIs are unique among those of a kind (@req rfc4575:5.3.1:1, @req rfc4575:5.3.2:1)', () => {
    for (const kind of ['conf-uris', 'service-uris']) {
      const entry = '<entry><uri>sip:a@example.com</uri></entry>';
      const other = '<entry><uri>sip:b@example.com</uri></entry>';
      const description = (entries: string) =>
        `<conference-description><${kind}>${entries}</${kind}></conference-description>`;
      expect(rules('version="1"', description(entry + other + entry), '<users/>')).toEqual(['duplicate-key']);
      expect(rules('version="1"', description(entry + other), '<users/>')).toEqual([]);
    }
  });

  test('a full document has description and users (@req rfc4575:5.2:5)', () => {
    expect(rules('version="1"')).toEqual(['missing-in-full', 'missing-in-full']);
    expect(rules('version="1" state="full"', DESCRIPTION)).toEqual(['missing-in-full']);
    expect(rules('version="1" state="partial"')).toEqual([]);
  });

  test('media are of the types registered for SDP (@req rfc4575:5.3.4:1, @req rfc4575:5.8.2:1)', () => {
    const medium = (type: string) =>
      `<conference-description><available-media><entry label="1"><type>${type}</type></entry></available-media></conference-description>`;
    const stream = (type: string) =>
      `<users>${user('a', `<endpoint entity="e"><media id="1"><type>${type}</type></media></endpoint>`)}</users>`;
    for (const type of ['audio', 'video', 'text', 'application', 'message', 'image']) {
      expect(rules('version="1"', medium(type), stream(type))).toEqual([]);
    }
    for (const type of ['smell', 'Audio', '']) {
      expect(rules('version="1"', medium(type), '<users/>')).toEqual(['unregistered-media']);
      expect(rules('version="1"', DESCRIPTION, stream(type))).toEqual(['unregistered-media']);
    }
  });

  test('labels are those of the available media, where a document has them (@req rfc4575:5.8.3:1)', () => {
    const media =
      '<conference-description><available-media><entry label="1"><type>audio</type></entry></available-media></conference-description>';
    const stream = (label: string) =>
      `<users>${user('a', `<endpoint entity="e"><media id="1"><label>${label}</label></media></endpoint>`)}</users>`;
    expect(rules('version="1"', media, stream('1'))).toEqual([]);
    expect(rules('version="1"', media, stream('2'))).toEqual(['unknown-label']);
    expect(rules('version="1"', DESCRIPTION, stream('2'))).toEqual([]);
  });

  test('a call is one of SIP or of another protocol', () => {
    const call = (text: string) =>
      rules(
        'version="1"',
        DESCRIPTION,
        `<users>${user('a', `<endpoint entity="e"><call-info>${text}</call-info></endpoint>`)}</users>`,
      );
    const sip = '<sip><call-id>a</call-id><from-tag>b</from-tag><to-tag>c</to-tag></sip>';
    expect([call(sip), call('<x:h323/><x:h323/>'), call('')]).toEqual([[], [], []]);
    expect(call(`${sip}<x:h323/>`)).toEqual(['too-many-elements']);
    expect(call(`<x:h323/>${sip}`)).toEqual(['wrong-order']);
  });
});
