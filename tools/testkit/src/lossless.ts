import { equals, parse } from '@sip-simple/xml';
import { describe, expect, test } from 'vitest';
import { bytesOf, textOf } from './text.ts';

/** Foreign things that may stand at a point of extension, as text. The prefix `x` is bound to `urn:example:x`. */
export const FOREIGN: readonly (readonly [name: string, xml: string])[] = [
  ['an element with attributes in an order of their own', '<x:e z="1" a="2" x:m="3"><x:f/></x:e>'],
  ['an element of the default namespace', '<e xmlns="urn:e"><f/></e>'],
  ['a prefix of its own choice', '<odd:e xmlns:odd="urn:example:x" odd:a=""/>'],
  ['a comment', '<!-- <not/> markup -->'],
  ['a CDATA section in an element', '<x:e><![CDATA[<raw> & ]] >]]></x:e>'],
  ['a processing instruction', '<?php echo ?>'],
  ['white space', '\n\t  \n'],
];

/** A format as these tests use it. */
export interface RoundTrip<Out> {
  readonly format: {
    parse(bytes: Uint8Array): Out;
    serialize(value: Out): Uint8Array;
  };
  readonly name?: string | undefined;
  readonly samples: readonly (readonly [name: string, bytes: Uint8Array])[];
  readonly also?: readonly (readonly [name: string, bytes: Uint8Array])[] | undefined;
}

/** Tests that documents are written back as they came: the same bytes where they were UTF-8 and declared so. */
export function describeLossless<Out>({ format, name = '', samples, also = [] }: RoundTrip<Out>): void {
  const documents = [...samples, ...also].map(([file, bytes]) => ({ file, bytes }));
  test.each(documents)(`$file is read ${name} and written back`, ({ bytes }) => {
    const written = format.serialize(format.parse(bytes));
    if (textOf(bytes).startsWith('<?xml')) expect(textOf(written)).toBe(textOf(bytes));
    expect(equals(parse(written), parse(bytes))).toBe(true);
  });
}

export interface Points {
  /** Each point of extension: a document with something foreign put there, in which `x` is `urn:example:x`. */
  readonly points: readonly (readonly [name: string, around: (foreign: string) => string])[];
  /** Reads, changes known fields, writes. */
  readonly change: (bytes: Uint8Array) => Uint8Array;
  /** What the change makes of the document's text. */
  readonly expected: (text: string) => string;
}

/** Tests that whatever stands at points of extension survives the change of known fields, to the letter. */
export function describePoints({ points, change, expected }: Points): void {
  describe.each(points.map(([point, around]) => ({ point, around })))(
    'at the point of extension in $point',
    ({ around }) => {
      test.each(FOREIGN)('%s survives the change of known fields', (_, foreign) => {
        const text = around(foreign);
        expect(text).toContain(foreign);
        const written = textOf(change(bytesOf(text)));
        expect(written).toBe(expected(text));
        expect(written).not.toBe(text);
      });
    },
  );
}
