import { plain } from '@sip-simple/testkit';
import { describe, expect, test } from 'vitest';
import { PresenceCopy, parse, patched, presenceOf } from '../../src/partial/index.ts';
import { diff, fixture, full, setBasic, tuple } from './documents.ts';

const basics = (copy: PresenceCopy) => copy.presence?.tuples.map(({ id, status }) => `${id} ${status.basic}`);
function after(...documents: Parameters<PresenceCopy['apply']>[0][]): PresenceCopy {
  const copy = new PresenceCopy();
  for (const document of documents) copy.apply(document);
  return copy;
}

describe('the examples of RFC 5262 §6', () => {
  test('the changes of the partial document give the updated one', () => {
    const copy = after(parse(fixture('rfc5262/6-full.xml')));
    expect(copy.version).toBe(567);
    expect(copy.apply(parse(fixture('rfc5262/6-diff.xml')))).toEqual({
      type: 'patched',
      needsRefresh: false,
    });
    expect(copy.version).toBe(568);
    const updated = parse(fixture('rfc5262/6-updated.xml'));
    if (updated.type !== 'pidf-full') throw new Error('it is full');
    // The RFC changes the wording and the indentation of the note it inserts.
    const told = (value: unknown) =>
      JSON.stringify(plain(value)).replaceAll(/\\n *(between).*?(element)"/g, ' $1 … $2"');
    expect(told(copy.presence)).toBe(told(presenceOf(updated.value)));
    const [activities] = copy.presence?.persons[0]?.extra ?? [];
    expect(activities?.children.filter(({ type }) => type === 'element')).toHaveLength(1);
  });
});

describe('the examples of RFC 5263 §5', () => {
  test('the second notification is applied to the first', () => {
    const copy = after(parse(fixture('rfc5263/5-full.xml')));
    expect(copy.apply(parse(fixture('rfc5263/5-diff.xml')))).toEqual({
      type: 'patched',
      needsRefresh: false,
    });
    expect(copy.version).toBe(2);
    expect(basics(copy)).toEqual(['sg89ae open', 'cg231jcr open', 'r1230d open', 'ert4773 open']);
    expect(copy.presence?.tuples[1]?.contact?.priority).toBe(0.7);
  });
});

describe('a watcher’s local copy (RFC 5263 §4.5)', () => {
  test('the first document sets the version counter, and is stored (@req rfc5263:4.5:1, @req rfc5263:4.5:2)', () => {
    const copy = new PresenceCopy();
    expect(copy.version).toBeUndefined();
    expect(copy.presence).toBeUndefined();
    expect(copy.apply(full(41))).toEqual({ type: 'replaced', needsRefresh: false });
    expect(copy.version).toBe(41);
    expect(basics(copy)).toEqual(['t1 open']);
  });

  test('one higher is applied, and counted (@req rfc5263:4.5:6, @req rfc5263:4.5:7)', () => {
    const copy = after(full(1), diff(2, setBasic('t1', 'closed')));
    expect(basics(copy)).toEqual(['t1 closed']);
    expect(copy.version).toBe(2);
    expect(copy.apply(diff(3, `<p:add sel="*" pos="prepend">${tuple('t0')}</p:add>`)).type).toBe('patched');
    expect(basics(copy)).toEqual(['t0 open', 't1 closed']);
  });

  test('equal or lower is discarded, full or partial (@req rfc5263:4.5:3, @req rfc5263:4.5:4)', () => {
    const copy = after(full(5));
    for (const version of [5, 4, 0]) {
      for (const document of [full(version, tuple('other')), diff(version, setBasic('t1', 'closed'))]) {
        expect(copy.apply(document)).toEqual({ type: 'discarded', needsRefresh: false });
      }
    }
    expect(basics(copy)).toEqual(['t1 open']);
    expect(copy.version).toBe(5);
  });

  test('more than one higher means that some were lost: refresh (@req rfc5263:4.5:8)', () => {
    const copy = after(full(1));
    expect(copy.apply(diff(3, setBasic('t1', 'closed')))).toEqual({ type: 'missed', needsRefresh: true });
    expect(basics(copy)).toEqual(['t1 open']);
    expect(copy.apply(diff(4)).type).toBe('missed');
    expect(copy.apply(diff(2, setBasic('t1', 'closed'))).type).toBe('patched');
  });

  test('a full document replaces the copy, however much higher its version', () => {
    const copy = after(full(1), diff(3));
    expect(copy.apply(full(9, tuple('new', 'closed')))).toEqual({ type: 'replaced', needsRefresh: false });
    expect(basics(copy)).toEqual(['new closed']);
    expect(copy.apply(diff(10, setBasic('new', 'open'))).type).toBe('patched');
  });

  test('changes that can’t be made leave the copy, and ask for a refresh (@req rfc5263:4.5:9)', () => {
    const copy = after(full(1));
    const update = copy.apply(diff(2, setBasic('t1', 'closed') + setBasic('missing', 'closed')));
    expect(update).toMatchObject({
      type: 'failed',
      needsRefresh: true,
      error: { name: 'PatchError', code: 'unlocated-node' },
    });
    expect(basics(copy)).toEqual(['t1 open']);
    expect(copy.version).toBe(1);
  });

  test.each([
    ['an operation there is not', '<p:move sel="*/tuple"/>', 'invalid-patch-directive'],
    ['the root removed', '<p:remove sel="*"/>', 'invalid-root-element-operation'],
    [
      'the root replaced by another',
      '<p:replace sel="*"><x:other/></p:replace>',
      'invalid-root-element-operation',
    ],
  ])('%s', (_, operation, code) => {
    const copy = after(full(1));
    expect(copy.apply(diff(2, operation))).toMatchObject({ type: 'failed', error: { code } });
    expect(basics(copy)).toEqual(['t1 open']);
  });

  test('the copy grows to so many elements and no more', () => {
    const copy = new PresenceCopy({ maxElements: 7 });
    copy.apply(full(1));
    expect(copy.apply(diff(2, `<p:add sel="*" pos="prepend">${tuple('t2')}</p:add>`)).type).toBe('patched');
    expect(copy.apply(diff(3, '<p:add sel="*"><note>n</note></p:add>'))).toMatchObject({
      type: 'failed',
      needsRefresh: true,
      error: { name: 'PidfError', code: 'limit' },
    });
    expect(basics(copy)).toEqual(['t2 open', 't1 open']);
    expect(copy.version).toBe(2);
  });

  test('a partial document without a full one before can’t be applied', () => {
    const copy = new PresenceCopy();
    expect(copy.apply(diff(1))).toEqual({ type: 'missed', needsRefresh: true });
    expect(copy.apply(diff(2)).type).toBe('missed');
    expect(copy.apply(full(3)).type).toBe('replaced');
  });

  test('another media type forgets the document and keeps the counter (@req rfc5263:4.5:11, @req rfc5263:4.5:12)', () => {
    const copy = after(full(3));
    copy.discard();
    expect(copy.presence).toBeUndefined();
    expect(copy.version).toBe(3);
    expect(copy.apply(full(3)).type).toBe('discarded');
    expect(copy.apply(diff(4)).type).toBe('missed');
    expect(copy.apply(full(5)).type).toBe('replaced');
  });

  test('documents without versions, as other protocols may have, count as in order', () => {
    const copy = after(full(undefined), diff(undefined, setBasic('t1', 'closed')));
    expect(basics(copy)).toEqual(['t1 closed']);
    expect(after(full(1), diff(undefined, setBasic('t1', 'closed'))).presence?.tuples[0]?.status.basic).toBe(
      'open',
    );
  });
});

describe('what a partial document is about', () => {
  test('its entity is that of the presence document (§3.2, §11, @req rfc5262:3.2:2)', () => {
    const copy = after(full(1));
    expect(copy.apply(diff(2, setBasic('t1', 'closed'), ' entity="sip:bob@example.com"'))).toMatchObject({
      type: 'failed',
      error: { code: 'invalid-attribute-value', rfc: 'RFC 5262 §3.2' },
    });
    expect(copy.apply(diff(2, setBasic('t1', 'closed'), '')).type).toBe('patched');
  });

  test.each(['presence', '/presence', '*', '/*', 'p:pidf-full', '/p:pidf-full'])(
    'selectors may begin with %s',
    (root) => {
      const copy = after(full(1));
      const operation = `<p:replace sel="${root}/tuple/status/basic/text()">closed</p:replace>`;
      expect(copy.apply(diff(2, operation)).type).toBe('patched');
      expect(basics(copy)).toEqual(['t1 closed']);
    },
  );

  test('changes may be made whatever the version', () => {
    const document = full(1);
    const change = diff(77, setBasic('t1', 'closed'));
    if (document.type !== 'pidf-full' || change.type !== 'pidf-diff') throw new Error('one of each');
    const before = presenceOf(document.value);
    expect(patched(before, change.value).tuples[0]?.status.basic).toBe('closed');
    expect(before.tuples[0]?.status.basic).toBe('open');
  });
});
