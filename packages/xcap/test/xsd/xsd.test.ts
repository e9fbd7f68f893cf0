import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { samples, schemaOracle } from '@sip-simple/testkit';
import { parse } from '@sip-simple/xml';
import { diag, XmlBufferInputProvider, xmlRegisterInputProvider } from 'libxml2-wasm';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type ApplicationUsage, ownerOnly } from '../../src/index.ts';
import { compile, type SchemaSource, XcapError, type XsdValidator } from '../../src/xsd/index.ts';
import { SCHEMAS, SIMSERVS, simservs } from './simservs.ts';

const XS = 'http://www.w3.org/2001/XMLSchema';

const asked: string[] = [];
let isRegistered = false;

describe('the schemas of a deployer', () => {
  let schema: XsdValidator;
  beforeAll(async () => {
    schema = await compile(SCHEMAS);
  });
  afterAll(() => schema.dispose());

  test.each([
    '',
    '<caller-id-restriction active="false"><default>restricted</default></caller-id-restriction>',
    '<call-diversion xml:lang="en"><no-answer-timer>20</no-answer-timer><cp:ruleset><cp:rule id="r1"/></cp:ruleset></call-diversion>',
    '<call-diversion/><x:other xmlns:x="urn:x" a="b"><x:c/></x:other>',
  ])('take a document: %s', (content) => {
    expect(schema.validate(simservs(content))).toEqual([]);
    expect(schema.validate(parse(simservs(content)))).toEqual([]);
    expect(schema.validate(new TextEncoder().encode(simservs(content)))).toEqual([]);
  });

  test.each([
    ['<caller-id-restriction active="perhaps"/>', '/simservs/caller-id-restriction[1]', 'perhaps'],
    [
      '<call-diversion/><call-diversion><no-answer-timer>3</no-answer-timer></call-diversion>',
      '/simservs/call-diversion[2]/no-answer-timer[1]',
      "'3'",
    ],
    [
      '<cp:ruleset/><cp:ruleset><cp:rule/></cp:ruleset>',
      '/simservs/cp:ruleset[2]/cp:rule[1]',
      "'id' is required",
    ],
    ['<call-diversion xml:lang="1"/>', '/simservs/call-diversion[1]', 'lang'],
    ['<service/>', '/simservs/service[1]', 'abstract'],
    ['text', '/simservs', 'element-only'],
    ['<a:b xmlns:a="urn:a"/><caller-id-restriction/>', '/simservs/caller-id-restriction[1]', 'not expected'],
  ])('tell what is wrong with another, and where: %s', (content, path, message) => {
    const [violation] = schema.validate(simservs(content));
    expect(violation).toEqual({ path, rule: 'schema', message: expect.stringContaining(message) });
  });

  test('make an application usage that is not shipped', () => {
    const usage: ApplicationUsage = {
      auid: 'simservs.ngn.etsi.org',
      mimeType: 'application/vnd.etsi.simservs+xml',
      defaultNamespace: SIMSERVS,
      documentNames: { users: ['simservs.xml'], global: [] },
      validate: (document) => schema.validate(document),
      authorize: ownerOnly,
    };
    expect(usage.validate(parse(simservs('<call-diversion/>')))).toEqual([]);
    expect(usage.validate(parse('<simservs/>'))).toEqual([
      {
        path: '/simservs',
        rule: 'schema',
        message: expect.stringContaining('No matching global declaration'),
      },
    ]);
  });

  test('report no more than asked for', () => {
    const wrong = simservs('<call-diversion a="b"/>'.repeat(300));
    expect(schema.validate(wrong)).toHaveLength(100);
    expect(schema.validate(wrong, { limit: 2 })).toHaveLength(2);
  });

  test('never see what our parser refuses: document types, entities, excess', () => {
    const code = (input: string | Uint8Array) => {
      try {
        schema.validate(input);
      } catch (error) {
        return error instanceof XcapError ? error.code : error;
      }
      return undefined;
    };
    expect(code('<!DOCTYPE a [<!ENTITY b SYSTEM "file:///etc/passwd">]><a>&b;</a>')).toBe('not-well-formed');
    expect(code('<a>')).toBe('not-well-formed');
    expect(code('<a>'.repeat(1000))).toBe('limit');
    expect(code(new Uint8Array([0xff, 0xfe, 0xfd]))).toBe('not-well-formed');
  });

  test('take no schema that a document points to', () => {
    const hint = 'xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xsi:schemaLocation="urn:x x.xsd"';
    const asked = recorder();
    expect(schema.validate(simservs(`<x:y xmlns:x="urn:x" ${hint}/>`))).toEqual([]);
    expect(asked).toEqual([]);
  });
});

describe('schemas refer to each other only', () => {
  const wrapped = (content: string, target = 'urn:a') =>
    `<xs:schema xmlns:xs="${XS}" xmlns:a="${target}" targetNamespace="${target}" elementFormDefault="qualified">${content}</xs:schema>`;

  test.each<[string, SchemaSource[], string]>([
    ['nothing', [], 'no schemas'],
    ['no schema', [{ location: 'a', content: '<a/>' }], 'a is no XML Schema'],
    ['no XML', [{ location: 'a', content: '<a>' }], 'a: '],
    ['an entity', [{ location: 'a', content: `<!DOCTYPE a SYSTEM "http://x/"><a/>` }], 'a: '],
    [
      'a wrong schema',
      [{ location: 'a', content: wrapped('<xs:element name="b" type="a:none"/>') }],
      'not valid',
    ],
    [
      'an import of what is not given',
      [{ location: 'a', content: wrapped('<xs:import namespace="urn:b" schemaLocation="http://b/b.xsd"/>') }],
      'a imports the namespace urn:b, which no schema is given for',
    ],
    [
      'an import of no namespace',
      [{ location: 'a', content: wrapped('<xs:import/>') }],
      'a imports no namespace',
    ],
    [
      'an include of what is not given',
      [{ location: 'a', content: wrapped('<xs:include schemaLocation="/etc/b.xsd"/>') }],
      'a includes /etc/b.xsd, which is not given',
    ],
    [
      'two of one location',
      [
        { location: './a', content: wrapped('') },
        { location: 'a', content: '' },
      ],
      'two schemas at a',
    ],
  ])('%s is refused as a RangeError, and nothing is asked for', async (_, sources, message) => {
    const asked = recorder();
    const failure = await compile(sources).catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(RangeError);
    expect(String(failure)).toContain(message);
    expect(asked).toEqual([]);
  });

  test('several for one namespace, in rings, by redefinition, and without namespace', async () => {
    const schema = await compile([
      {
        location: 'ring1',
        content: wrapped(
          '<xs:include schemaLocation="ring2"/><xs:element name="one" type="a:Two"/>',
          'urn:ring',
        ),
      },
      {
        location: 'ring2',
        content: wrapped(
          '<xs:include schemaLocation="ring1"/><xs:import namespace="urn:a"/><xs:simpleType name="Two"><xs:restriction base="xs:int"/></xs:simpleType>',
          'urn:ring',
        ),
      },
      {
        location: 'types',
        content: `<xs:schema xmlns:xs="${XS}"><xs:simpleType name="T"><xs:restriction base="xs:string"/></xs:simpleType></xs:schema>`,
      },
      {
        location: 'first',
        content: wrapped('<xs:include schemaLocation="types"/><xs:element name="first" type="a:T"/>'),
      },
      {
        location: 'second',
        content: wrapped(
          '<xs:redefine schemaLocation="first"/><xs:element name="second"><xs:complexType><xs:sequence><xs:element ref="a:first"/></xs:sequence></xs:complexType></xs:element>',
        ),
      },
      {
        location: 'alone',
        content: `<xs:schema xmlns:xs="${XS}"><xs:element name="bare" type="xs:date"/></xs:schema>`,
      },
    ]);
    expect(schema.validate('<one xmlns="urn:ring">1</one>')).toEqual([]);
    expect(schema.validate('<one xmlns="urn:ring">x</one>')).toHaveLength(1);
    expect(schema.validate('<second xmlns="urn:a"><first>x</first></second>')).toEqual([]);
    expect(schema.validate('<second xmlns="urn:a"/>')).toHaveLength(1);
    expect(schema.validate('<bare>2026-01-01</bare>')).toEqual([]);
    expect(schema.validate('<bare>x</bare>')).toHaveLength(1);
    schema.dispose();
  });

  const folder = new URL('../../../../../shared/oracles/xsd/', import.meta.url);
  test.skipIf(!existsSync(folder))(
    'the verdicts are those of libxml2 on the schemas of the RFCs',
    async () => {
      const names = [
        'pidf.xsd',
        'data-model.xsd',
        'common-schema.xsd',
        'rpid.xsd',
        'resource-lists.xsd',
        'xcap-caps.xsd',
      ];
      expect(readdirSync(folder)).toEqual(expect.arrayContaining(names));
      const schema = await compile(
        names.map((name) => ({
          location: name,
          content: new Uint8Array(readFileSync(new URL(name, folder))),
        })),
      );
      const oracle = schemaOracle([
        'pidf.xsd',
        'data-model.xsd',
        'rpid.xsd',
        'resource-lists.xsd',
        'xcap-caps.xsd',
      ]);
      const documents = samples(/presence|resource-lists/);
      expect(documents.length).toBeGreaterThan(20);
      for (const [name, bytes] of documents) {
        expect(
          schema.validate(bytes).map(({ message }) => message),
          name,
        ).toEqual(oracle(bytes));
      }
      schema.dispose();
    },
  );
});

describe('memory', () => {
  test('is given back: of documents after each validation, of schemas by dispose, of both when it fails', async () => {
    diag.configure({ enabled: true });
    try {
      const schema = await compile(SCHEMAS);
      await compile([{ location: 'a', content: `<xs:schema xmlns:xs="${XS}"><xs:bad/></xs:schema>` }]).catch(
        () => {},
      );
      schema.validate(simservs(''));
      schema.validate(simservs('<bad/>'));
      schema.dispose();
      schema.dispose();
      expect(() => schema.validate(simservs(''))).toThrow(TypeError);
      expect(diag.report()).toEqual({});
    } finally {
      diag.configure({ enabled: false });
    }
  });
});

/** Hears of all files that libxml2 asks anybody for, as one that is asked first. */
function recorder(): string[] {
  if (!isRegistered) {
    const provider = new XmlBufferInputProvider({});
    provider.match = (name) => {
      if (!name.startsWith('sip-simple-xsd:')) asked.push(name);
      return false;
    };
    isRegistered = xmlRegisterInputProvider(provider);
    if (!isRegistered) throw new Error('no room for another provider');
  }
  asked.length = 0;
  return asked;
}
