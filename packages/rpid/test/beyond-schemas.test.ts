import { validate } from '@sip-simple/pidf';
import { oracleAbsent, schemaOracle } from '@sip-simple/testkit';
import { describe, expect, test } from 'vitest';
import { elements } from '../src/index.ts';
import { document, person, tuple } from './documents.ts';

describe.skipIf(oracleAbsent !== undefined)(
  'what an RFC’s text has and its schema forgets is valid here',
  () => {
    const files = ['pidf.xsd', 'data-model.xsd', 'rpid.xsd', 'cipid.xsd', 'caps.xsd'];
    const oracle = oracleAbsent === undefined ? schemaOracle(files) : () => [];
    const extensions = (content: string) =>
      tuple(
        `<caps:servcaps><caps:extensions><caps:supported>${content}</caps:supported></caps:extensions></caps:servcaps>`,
      );

    test.each([
      ['<lunch> (RFC 4480 §3.2)', person('<r:activities><r:lunch/></r:activities>')],
      ['the language of a name (RFC 4482 §3.2)', person('<c:display-name xml:lang="ko">n</c:display-name>')],
      ['<histinfo> (RFC 5196 §3.2.17)', extensions('<caps:histinfo/>')],
    ])('%s', (_, content) => {
      expect(validate(document(content), { elements })).toEqual([]);
      expect(oracle(document(content))).not.toEqual([]);
    });

    test.each([
      ['a sphere of text, as in the example of RFC 4480 §4', person('<r:sphere>bowling league</r:sphere>')],
      [
        '<higherthan>, as in RFC 5196 §3.2.15.2',
        tuple(
          '<caps:servcaps><caps:priority><caps:supported><caps:higherthan minvalue="1"/></caps:supported></caps:priority></caps:servcaps>',
        ),
      ],
    ])('but not %s', (_, content) => {
      expect(validate(document(content), { elements })).toHaveLength(1);
      expect(oracle(document(content))).not.toEqual([]);
    });
  },
);
