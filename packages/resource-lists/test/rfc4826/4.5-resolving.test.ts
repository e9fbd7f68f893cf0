import type { XmlElement } from '@sip-simple/xml';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  flatten,
  type List,
  type ListSource,
  lookupIn,
  parse,
  type Reference,
  type ResolveOptions,
  resolve,
  toDocument,
} from '../../src/index.ts';
import { fragment, lists } from '../documents.ts';

const ROOT = 'http://xcap.example.com';
const HOME = `${ROOT}/resource-lists/users/u/index/~~/resource-lists`;

/** A list with the members given as text. */
function listOf(members: string): List {
  const [list] = parse(lists(`<list>${members}</list>`)).lists;
  if (list === undefined) throw new Error('there is a list');
  return list;
}
const of = (members: string): ListSource => ({ type: 'list', value: listOf(members) });

/** Flattens with elements given as text by their URIs. */
function run(
  source: ListSource,
  elements: Record<string, string> = {},
  options: Partial<ResolveOptions> = {},
) {
  const asked: string[] = [];
  const lookup = (uri: string): XmlElement | undefined => {
    asked.push(uri);
    const text = Object.hasOwn(elements, uri) ? elements[uri] : undefined;
    return text === undefined ? undefined : fragment(text);
  };
  const { resources, problems } = flatten(source, { root: ROOT, ...options }, lookup);
  return { uris: resources.map(({ uri }) => uri), resources, problems, asked };
}

describe('entries', () => {
  test('come in document order, out of all lists in the list, each once by its text', () => {
    const source = of(
      '<entry uri="sip:a@x"/><list><entry uri="sip:b@x"/><list><entry uri="sip:a@x"/><entry uri="sip:A@x"/></list></list><entry uri="sip:c@x"/>',
    );
    expect(run(source)).toMatchObject({ uris: ['sip:a@x', 'sip:b@x', 'sip:A@x', 'sip:c@x'], problems: [] });
  });

  test('count when their scheme is one to subscribe to', () => {
    const source = of(
      '<entry uri="sip:a@x"/><entry uri="PRES:b@x"/><entry uri="mailto:c@x"/><entry uri="d"/>',
    );
    expect(run(source).uris).toEqual(['sip:a@x', 'PRES:b@x']);
    expect(run(source, {}, { schemes: ['mailto'] }).uris).toEqual(['mailto:c@x']);
  });
});

describe('references to entries', () => {
  const ref = 'resource-lists/users/u/index/~~/resource-lists/list%5b1%5d/entry%5b1%5d';

  test('are relative to the XCAP root, slash or not (@req rfc4826:3.1:6)', () => {
    const source = of(`<entry-ref ref="${ref}"/>`);
    const elements = { [`${HOME}/list%5b1%5d/entry%5b1%5d`]: '<entry uri="sip:a@x"/>' };
    expect(run(source, elements).uris).toEqual(['sip:a@x']);
    expect(run(source, elements, { root: `${ROOT}/` }).uris).toEqual(['sip:a@x']);
    expect(run(source, {}, { root: `${ROOT}/deeper` }).asked).toEqual([`${ROOT}/deeper/${ref}`]);
    expect(run(of('<entry-ref ref="resource-lists/./users/v/../u/index"/>')).asked).toEqual([
      `${ROOT}/resource-lists/users/u/index`,
    ]);
  });

  test('bring a name of their own', () => {
    const source = of(`<entry-ref ref="${ref}"><display-name>Pete</display-name></entry-ref>`);
    const { resources } = run(source, {
      [`${ROOT}/${ref}`]: '<entry uri="sip:a@x"><display-name>Petri</display-name></entry>',
    });
    expect(resources).toMatchObject([
      { uri: 'sip:a@x', displayName: { text: 'Pete' }, entry: { displayName: { text: 'Petri' } } },
    ]);
  });

  test('to what is no entry are told, with 502 (@req rfc4826:3.1:7, @req rfc4826:4.5:4)', () => {
    const source = of(`<entry uri="sip:a@x"/><entry-ref ref="${ref}"/>`);
    const problems = [{ code: 'unresolved', uri: `${ROOT}/${ref}`, status: 502 }];
    expect(run(source)).toMatchObject({ uris: ['sip:a@x'], problems });
    expect(run(source, { [`${ROOT}/${ref}`]: '<list/>' })).toMatchObject({ uris: ['sip:a@x'], problems });
    expect(run(source, { [`${ROOT}/${ref}`]: '<entry/>' })).toMatchObject({ uris: ['sip:a@x'], problems });
  });

  test.each(['http://evil.example/a', '/abs', '//evil.example/a', '../../etc', 'a/../../b', ''])(
    'that are no relative path under the root are not followed: %j',
    (written) => {
      expect(run(of(`<entry-ref ref="${written}"/>`))).toMatchObject({
        asked: [],
        problems: [{ code: 'unresolved', uri: written }],
      });
    },
  );
});

describe('external lists', () => {
  const friends = `${HOME}/list%5b@name=%22friends%22%5d`;
  const family = `${HOME}/list%5b@name=%22family%22%5d`;

  test('take the place of the reference', () => {
    const source = of(`<entry uri="sip:a@x"/><external anchor="${friends}"/><entry uri="sip:z@x"/>`);
    expect(
      run(source, {
        [friends]: `<list><entry uri="sip:b@x"/><list><external anchor="${family}"/></list></list>`,
        [family]: '<list><entry uri="sip:c@x"/></list>',
      }),
    ).toMatchObject({
      uris: ['sip:a@x', 'sip:b@x', 'sip:c@x', 'sip:z@x'],
      problems: [],
      asked: [friends, family],
    });
  });

  test('that are no lists are told, with 502 (@req rfc4826:3.1:10, @req rfc4826:4.5:6)', () => {
    const source = of(`<external anchor="${friends}"/><external anchor="relative"/>`);
    const problems = [
      { code: 'unresolved', uri: 'relative', status: 502 },
      { code: 'unresolved', uri: friends, status: 502 },
    ];
    expect(run(source)).toMatchObject({ uris: [], problems });
    expect(run(source, { [friends]: '<entry uri="sip:a@x"/>' })).toMatchObject({ uris: [], problems });
    expect(run(source, { [friends]: '<resource-lists/>' })).toMatchObject({ uris: [], problems });
  });

  test('that lead back end the traversal, with 502 (@req rfc4826:4.5:5)', () => {
    const found = run(of(`<entry uri="sip:a@x"/><external anchor="${friends}"/>`), {
      [friends]: `<list><entry uri="sip:b@x"/><external anchor="${family}"/></list>`,
      [family]: `<list><entry uri="sip:c@x"/><external anchor="${friends}"/><external anchor="${HOME}/list"/></list>`,
    });
    expect(found).toMatchObject({
      uris: ['sip:a@x', 'sip:b@x', 'sip:c@x'],
      problems: [{ code: 'loop', uri: friends, status: 502 }],
      asked: [friends, family],
    });
  });

  test('count as visited when they are but named twice, in whatever spelling', () => {
    const twice = of(
      `<external anchor="${friends}"/><external anchor="${friends.replace('http://xcap', 'HTTP://XCAP')}"/>`,
    );
    expect(run(twice, { [friends]: '<list><entry uri="sip:b@x"/></list>' })).toMatchObject({
      uris: [],
      problems: [{ code: 'loop' }],
      asked: [],
    });
  });

  test('of another root have references relative to that', () => {
    const far = 'http://far.example/root/resource-lists/users/v/index/~~/resource-lists/list';
    const { asked } = run(of(`<external anchor="${far}"/>`), {
      [far]: '<list><entry-ref ref="resource-lists/a"/></list>',
    });
    expect(asked).toEqual([far, 'http://far.example/root/resource-lists/a']);
  });
});

describe('a service', () => {
  const list = `${HOME}/list`;

  test('by reference has the list that is there', () => {
    expect(
      run({ type: 'resourceList', value: list }, { [list]: '<list><entry uri="sip:a@x"/></list>' }).uris,
    ).toEqual(['sip:a@x']);
  });

  test('whose reference gives no list is to be rejected with 502 (@req rfc4826:4.1:7, @req rfc4826:4.5:3)', () => {
    const problems = [{ code: 'unresolved', uri: list, status: 502 }];
    expect(run({ type: 'resourceList', value: list })).toMatchObject({ uris: [], problems });
    expect(
      run({ type: 'resourceList', value: list }, { [list]: '<external anchor="http://a/"/>' }),
    ).toMatchObject({
      uris: [],
      problems,
    });
  });
});

// @req rfc4826:4.5:7 the problem with its status and what could be had come together: rejecting
// is the default, and serving the part is left to who has a reason for it.
test('a part is there beside the problems, for who prefers it to a rejection', () => {
  const { uris, problems } = run(of('<entry uri="sip:a@x"/><external anchor="http://a.example/l"/>'));
  expect(uris).toEqual(['sip:a@x']);
  expect(problems.map(({ status }) => status)).toEqual([502]);
});

test('references of a level are asked for together, each once, and may be awaited', async () => {
  const asked: (readonly Reference[])[] = [];
  const fetchAll = async (references: readonly Reference[]) => {
    asked.push(references);
    await Promise.resolve();
    return new Map(
      references.map(
        ({ type, uri }) =>
          [
            uri,
            fragment(type === 'list' ? `<list><entry-ref ref="e"/></list>` : '<entry uri="sip:e@x"/>'),
          ] as const,
      ),
    );
  };
  const running = resolve(
    of('<external anchor="http://a.example/1"/><external anchor="http://a.example/2"/><entry-ref ref="f"/>'),
    {
      root: ROOT,
    },
  );
  let step = running.next();
  while (!step.done) step = running.next(await fetchAll(step.value));
  expect(asked.map((level) => level.map(({ uri }) => uri))).toEqual([
    ['http://a.example/1', 'http://a.example/2', `${ROOT}/f`],
    [`${ROOT}/e`],
  ]);
  expect(step.value.resources.map(({ uri }) => uri)).toEqual(['sip:e@x']);
});

describe('limits', () => {
  test('on resources', () => {
    const source = of(
      Array.from({ length: 20 }, (_, index) => `<entry uri="sip:${index % 15}@x"/>`).join(''),
    );
    expect(run(source, {}, { limits: { resources: 15 } })).toMatchObject({ problems: [] });
    const { uris, problems } = run(source, {}, { limits: { resources: 10 } });
    expect(uris).toHaveLength(10);
    expect(problems).toMatchObject([{ code: 'limit', uri: 'sip:10@x', status: 502 }]);
  });

  test('on references', () => {
    const source = of(Array.from({ length: 5 }, (_, index) => `<entry-ref ref="e${index}"/>`).join(''));
    const { asked, problems } = run(source, {}, { limits: { references: 3 } });
    expect(asked).toHaveLength(3);
    expect(problems.filter(({ code }) => code === 'limit')).toHaveLength(2);
  });

  test('on depth, where each list refers to a new one', () => {
    let next = 0;
    const lookup = () => {
      next += 1;
      return fragment(
        `<list><entry uri="sip:${next}@x"/><external anchor="http://a.example/${next}"/></list>`,
      );
    };
    const { resources, problems } = flatten(
      of('<external anchor="http://a.example/0"/>'),
      { root: ROOT },
      lookup,
    );
    expect(resources).toHaveLength(16);
    expect(problems).toMatchObject([{ code: 'limit', uri: 'http://a.example/16' }]);
  });
});

test('documents at hand are looked into by node selectors, up to the end of any web of references', () => {
  const numRuns = 200 * Number(process.env['FUZZ_RUNS'] ?? 1);
  const member = fc.oneof(
    fc.nat(30).map((n) => ({ type: 'entry' as const, value: { uri: `sip:${n}@x` } })),
    fc
      .nat(5)
      .map((n) => ({ type: 'external' as const, value: { anchor: `${HOME}/list%5b@name=%22l${n}%22%5d` } })),
    fc.tuple(fc.nat(5), fc.nat(3)).map(([n, m]) => ({
      type: 'entryRef' as const,
      value: { ref: `${HOME.slice(ROOT.length + 1)}/list%5b@name=%22l${n}%22%5d/entry%5b${m}%5d` },
    })),
  );
  fc.assert(
    fc.property(fc.array(fc.array(member, { maxLength: 5 }), { minLength: 1, maxLength: 6 }), (content) => {
      const document = toDocument({ lists: content.map((members, n) => ({ name: `l${n}`, members })) });
      const lookup = lookupIn([[`${ROOT}/resource-lists/users/u/index`, document]]);
      const { resources, problems } = flatten(
        { type: 'resourceList', value: `${HOME}/list%5b@name=%22l0%22%5d` },
        { root: ROOT },
        lookup,
      );
      expect(new Set(resources.map(({ uri }) => uri)).size).toBe(resources.length);
      const known = content.flat().flatMap(({ type, value }) => (type === 'entry' ? [value.uri] : []));
      for (const { uri } of resources) expect(known).toContain(uri);
      const direct = content[0]?.flatMap(({ type, value }) => (type === 'entry' ? [value.uri] : [])) ?? [];
      if (problems.every(({ code }) => code !== 'loop')) {
        for (const uri of direct) expect(resources.map((resource) => resource.uri)).toContain(uri);
      }
    }),
    { numRuns },
  );
});
