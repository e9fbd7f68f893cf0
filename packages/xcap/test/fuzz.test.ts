import { bytesOf, mutate, randomFrom } from '@sip-simple/testkit';
import { parse as parseXml, serialize as serializeXml } from '@sip-simple/xml';
import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  follow,
  parseCapabilities,
  parseConflictReport,
  parseXcapDiff,
  serializeCapabilities,
  serializeConflictReport,
  serializeXcapDiff,
  validateCapabilities,
  validateConflictReport,
  validateXcapDiff,
  XCAP_CAPS,
  XcapError,
} from '../src/index.ts';
import { fixture } from './fixtures.ts';
import { EVERYTHING } from './rfc5874/document.ts';

const RUNS = 200 * Number(process.env['FUZZ_RUNS'] ?? 1);

const caps = `<xcap-caps xmlns="${XCAP_CAPS}"><auids><auid>xcap-caps</auid></auids><namespaces/></xcap-caps>`;
const formats: [string, Uint8Array, (bytes: Uint8Array) => void][] = [
  [
    'capabilities',
    bytesOf(caps),
    (bytes) => {
      validateCapabilities(bytes);
      serializeCapabilities({ ...parseCapabilities(bytes), extra: [] });
    },
  ],
  [
    'conflict reports',
    fixture('rfc4825/11.1-uniqueness-failure.xml'),
    (bytes) => {
      validateConflictReport(bytes);
      const { error } = parseConflictReport(bytes);
      serializeConflictReport({ error });
    },
  ],
  [
    'XCAP diffs',
    bytesOf(EVERYTHING),
    (bytes) => {
      validateXcapDiff(bytes);
      const report = parseXcapDiff(bytes);
      serializeXcapDiff({ ...report, extra: [] });
      const document = parseXml('<doc xmlns="urn:doc" id="1"><note/>text</doc>');
      for (const { type, value } of report.changes) {
        if (type === 'document') follow(report, value.sel, { etag: '1', document });
      }
    },
  ],
];

describe.each(formats)('%s', (_, bytes, use) => {
  const attempt = (input: Uint8Array): void => {
    try {
      use(input);
    } catch (error) {
      if (!(error instanceof XcapError)) throw error;
    }
  };

  test('mutated read and are written, or fail as XcapError', () => {
    const random = randomFrom(5874);
    const words = {
      locals: ['document', 'auid', 'exists', 'add'],
      names: [],
      values: ['a/b', '1'],
      attributes: [],
      nodes: [],
    };
    let tree = parseXml(bytes);
    for (let run = 0; run < 2 * RUNS; run += 1) {
      tree = mutate(run % 8 === 0 ? parseXml(bytes) : tree, random, words);
      const input = serializeXml(tree);
      // A writer refuses what it can't say validly: the values that readers let through as they are.
      try {
        attempt(input);
      } catch (error) {
        if (!(error instanceof RangeError) && !(error instanceof TypeError)) throw error;
      }
    }
  });

  test('broken read, or fail as XcapError', () => {
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.nat(bytes.length - 1), fc.nat(255)), { minLength: 1, maxLength: 4 }),
        (edits) => {
          const broken = bytes.slice();
          for (const [index, byte] of edits) broken[index] = byte;
          attempt(broken.subarray(0, edits[0]?.[0]));
        },
      ),
      { numRuns: RUNS },
    );
  });
});

test('ten times the changes take about ten times as long', () => {
  const time = (count: number): number => {
    const change = (index: number) =>
      `<document sel="a/b" previous-etag="${index}" new-etag="${index + 1}"><add sel="*">x</add></document>`;
    const text = `<xcap-diff xmlns="urn:ietf:params:xml:ns:xcap-diff" xcap-root="http://a/">${Array.from({ length: count }, (_, index) => change(index)).join('')}</xcap-diff>`;
    const began = performance.now();
    const report = parseXcapDiff(text);
    expect(validateXcapDiff(text)).toEqual([]);
    expect(follow(report, 'a/b', { etag: '0', document: parseXml('<doc/>') })?.etag).toBe(String(count));
    return performance.now() - began;
  };
  time(200);
  const few = Math.min(time(500), time(500), time(500));
  expect(time(5_000)).toBeLessThan(40 * few);
});
