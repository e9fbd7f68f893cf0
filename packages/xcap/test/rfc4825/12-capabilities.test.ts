import {
  bytesOf,
  describeAgreement,
  describeLossless,
  describePoints,
  plain,
  textOf,
} from '@sip-simple/testkit';
import { attribute, element } from '@sip-simple/xml';
import { describe, expect, test } from 'vitest';
import {
  capabilitiesUsage,
  parseCapabilities,
  serializeCapabilities,
  validateCapabilities,
  XCAP_CAPS,
} from '../../src/index.ts';
import { XML_LANG } from '../deviations.ts';

const everything = bytesOf(`<?xml version="1.0" encoding="UTF-8"?>
<xcap-caps xmlns="${XCAP_CAPS}" xmlns:x="urn:example:x">
  <auids>
    <auid>xcap-caps</auid>
    <auid>resource-lists</auid>
  </auids>
  <extensions>
    <extension>com.example.sorting</extension>
  </extensions>
  <namespaces>
    <namespace>${XCAP_CAPS}</namespace>
    <namespace>urn:ietf:params:xml:ns:resource-lists</namespace>
  </namespaces>
  <x:since>2026</x:since>
</xcap-caps>`);

describe('capabilities (RFC 4825 §12)', () => {
  test('lists application usages, extensions and namespaces', () => {
    expect(plain(parseCapabilities(everything))).toEqual({
      auids: { auid: ['xcap-caps', 'resource-lists'] },
      extensions: { extension: ['com.example.sorting'] },
      namespaces: { namespace: [XCAP_CAPS, 'urn:ietf:params:xml:ns:resource-lists'] },
      extra: ['{urn:example:x}since'],
    });
    expect(validateCapabilities(everything)).toEqual([]);
  });

  test('are written so that they are valid and read the same', () => {
    const value = {
      auids: { auid: ['xcap-caps', 'a&b'] },
      namespaces: { namespace: [XCAP_CAPS] },
    };
    const bytes = serializeCapabilities(value);
    expect(validateCapabilities(bytes)).toEqual([]);
    expect(plain(parseCapabilities(bytes))).toEqual({ ...value, extra: [] });
  });

  test('without what every server has are told (@req rfc4825:12:2)', () => {
    const bytes = serializeCapabilities({
      auids: { auid: ['rls-services'] },
      namespaces: { namespace: ['urn:ietf:params:xml:ns:rls-services'] },
    });
    expect(validateCapabilities(bytes).map(({ path, rule }) => [path, rule])).toEqual([
      ['/xcap-caps/auids[1]', 'missing-auid'],
      ['/xcap-caps/namespaces[1]', 'missing-namespace'],
    ]);
  });

  test('read without lists as empty ones', () => {
    expect(plain(parseCapabilities(`<xcap-caps xmlns="${XCAP_CAPS}"/>`))).toEqual({
      auids: { auid: [] },
      namespaces: { namespace: [] },
      extra: [],
    });
  });

  test('are one document of the global tree, named index, that any user may read', () => {
    const { auid, mimeType, defaultNamespace, documentNames, authorize } = capabilitiesUsage;
    expect([auid, mimeType, defaultNamespace]).toEqual([
      'xcap-caps',
      'application/xcap-caps+xml',
      'urn:ietf:params:xml:ns:xcap-caps',
    ]);
    expect(documentNames).toEqual({ users: [], global: ['index'] });
    const access = {
      user: 'sip:ann@example.com',
      tree: 'global',
      owner: undefined,
      isTrusted: false,
    } as const;
    expect(authorize({ ...access, action: 'read' })).toBe(true);
    expect(authorize({ ...access, action: 'write' })).toBe(false);
  });
});

describeLossless({
  name: 'as capabilities',
  format: { parse: parseCapabilities, serialize: serializeCapabilities },
  samples: [],
  also: [['a document with everything', everything]],
});

describePoints({
  points: [
    ['xcap-caps', (foreign) => textOf(everything).replace('  <x:since>2026</x:since>\n', foreign)],
    [
      'namespaces, which readers pass over',
      (foreign) => textOf(everything).replace('</namespaces>', `${foreign}</namespaces>`),
    ],
  ],
  change: (bytes) => {
    const value = parseCapabilities(bytes);
    const auid = value.auids.auid.map((name) => name.replace('resource-lists', 'rls-services'));
    return serializeCapabilities({ ...value, auids: { ...value.auids, auid } });
  },
  expected: (text) => text.replace('<auid>resource-lists', '<auid>rls-services'),
});

describeAgreement({
  name: 'of capabilities',
  schemas: ['xcap-caps.xsd'],
  documents: [['a document with everything', everything]],
  validate: (bytes) => validateCapabilities(bytes),
  vocabulary: {
    locals: ['auids', 'auid', 'extensions', 'extension', 'namespaces', 'namespace', 'x'],
    names: [{ namespace: XCAP_CAPS, prefix: 'c' }],
    values: ['http://host:port/', '%zz', ':a', 'urn:x y'],
    attributes: [(value) => attribute('auid', value)],
    nodes: [
      element(XCAP_CAPS, 'c:auid', [], [{ type: 'text', value: 'inserted' }]),
      element(XCAP_CAPS, 'c:extensions'),
      element(XCAP_CAPS, 'c:namespace', [], [{ type: 'text', value: '://' }]),
    ],
  },
  deviations: [
    {
      reason: 'RFC 4825 §12: what every server supports MUST be listed. The schema can not say so.',
      matches: ({ rule }) => rule === 'missing-auid' || rule === 'missing-namespace',
    },
    XML_LANG,
  ],
});
