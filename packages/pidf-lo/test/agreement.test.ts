import { describeAgreement, printedSchemas, schemaOracle } from '@sip-simple/testkit';
import { attribute, element, serializeToString } from '@sip-simple/xml';
import { collapse, dateTime } from '@sip-simple/xml/schema';
import { describe } from 'vitest';
import { BASIC_POLICY, CIVIC_ADDRESS, GEOPRIV, validate } from '../src/index.ts';
import { fixture } from './documents.ts';

// The schemas of <geopriv> and of civic addresses, as their RFCs print them; there are none of GML and GeoShape.
const schemas = printedSchemas(4119, 5139);

describe.skipIf(schemas === undefined)('locations', () => {
  describeAgreement({
    name: 'of locations',
    schemas: ['pidf.xsd', 'data-model.xsd', 'RFC 4119', 'RFC 5139'],
    ...(schemas === undefined ? {} : { oracle: schemaOracle(['pidf.xsd', 'data-model.xsd'], schemas) }),
    documents: [
      ['everything', fixture('everything.xml')],
      ['several', fixture('rfc5491/3.4-multiple.xml')],
      ['compound', fixture('rfc5491/3.2-compound.xml')],
      ['RFC 4119', fixture('rfc4119/2.3-gml.xml')],
    ],
    // Within shapes there is nothing for the schemas to say.
    mutated: (tree) => !serializeToString(tree).includes('opengis'),
    validate,
    vocabulary: {
      locals: [
        'geopriv',
        'location-info',
        'usage-rules',
        'method',
        'provided-by',
        'civicAddress',
        'country',
        'A1',
        'RD',
        'PLC',
        'note-well',
        'retention-expiry',
        'x',
      ],
      names: [
        { namespace: GEOPRIV, prefix: 'gp' },
        { namespace: BASIC_POLICY, prefix: 'gbp' },
        { namespace: CIVIC_ADDRESS, prefix: 'ca' },
      ],
      values: [
        'AU',
        ' AU ',
        'au',
        'A',
        'yes',
        'false',
        '2026-01-31T12:00:00Z',
        '2026-01-31T12:00:00',
        '2026-13-01T00:00:00Z',
        'https://a/%zz',
        'a  b',
        '\tc ',
      ],
      attributes: [(value) => attribute('id', value)],
      nodes: [
        element(GEOPRIV, 'gp:unknown'),
        element(GEOPRIV, 'gp:geopriv'),
        element(BASIC_POLICY, 'gbp:unknown'),
        element(BASIC_POLICY, 'gbp:note-well', [], [{ type: 'text', value: 'x' }]),
        element(CIVIC_ADDRESS, 'ca:A3', [], [{ type: 'text', value: 'x' }]),
        element(CIVIC_ADDRESS, 'ca:civicAddress', [], [element(CIVIC_ADDRESS, 'ca:PLC')]),
        element(GEOPRIV, 'gp:provided-by', [], [element('urn:foreign', 'f:who')]),
      ],
    },
    deviations: [
      {
        reason:
          'RFC 4119 §2.2.5: what is in <provided-by> is skipped; here it is treated laxly, as all extensions are.',
        matches: ({ rule, path }) =>
          /provided-by\[[0-9]+\]\/.+\//.test(path) ||
          (/provided-by\[[0-9]+\]\/[^@]/.test(path) && rule !== 'unexpected-element'),
      },
      {
        reason: 'RFC 5491 §5: shapes have rules, and GML and GeoShape no schema among those of the RFCs.',
        matches: ({ path }) => /\/(?:gml|gs):/.test(path),
      },
      {
        reason: 'RFC 3863 §4.1, §4.1.3, §4.2.2: rules of PIDF that its schema can’t say.',
        matches: ({ rule }) => ['missing-declaration', 'empty-status', 'relative-namespace'].includes(rule),
      },
      {
        reason:
          'RFC 3863 §4.1.7: a timestamp of a tuple MUST be a date-time of RFC 3339. xs:dateTime has more forms.',
        matches: ({ message }) => {
          const [, value] = /^"([\s\S]*)" is not RFC 3339 date-time$/.exec(message) ?? [];
          return value !== undefined && dateTime.isValid?.(collapse(value)) === true;
        },
      },
    ],
    oraclesFaults: [
      {
        reason:
          'White space around an xs:dateTime collapses (XML Schema Part 2 §3.2.7), which libxml2 does not do.',
        matches: (verdict) => {
          const [, value] =
            /'([^']*)' is not a valid value of the atomic type '[^']*(?:dateTime|Timestamp_t)'/.exec(
              verdict,
            ) ?? [];
          return (
            value !== undefined && value !== collapse(value) && dateTime.isValid?.(collapse(value)) === true
          );
        },
      },
    ],
  });
});
