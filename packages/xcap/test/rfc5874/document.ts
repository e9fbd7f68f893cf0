import { XCAP_DIFF } from '../../src/index.ts';

/** An XCAP diff document with this content, in which `x` is `urn:example:x`. */
export const diffOf = (content: string, attributes = ''): string =>
  `<?xml version="1.0" encoding="UTF-8"?><d:xcap-diff xmlns:d="${XCAP_DIFF}" xmlns:x="urn:example:x" xcap-root="http://xcap.example.com/"${attributes}>${content}</d:xcap-diff>`;

/** A document with everything: an extension at each point for one, each operation, each kind of change. */
export const EVERYTHING = diffOf(
  `
  <d:document sel="tests/users/a/index" previous-etag="1" new-etag="2" x:a="b">
    <d:add sel="doc/x:y[@id='1']" pos="before" xmlns="urn:doc" x:b="c">text<z a="b"/><!-- c --></d:add>
    <d:add sel="doc" type="@id">v</d:add>
    <x:between/>
    <d:replace sel="doc/text()" plain="">new</d:replace>
    <d:remove sel="doc/note[2]" ws="both"/>
  </d:document>
  <d:document sel="tests/users/a/other" previous-etag="7" new-etag="8"><d:body-not-changed/></d:document>
  <d:document sel="tests/users/a/gone" previous-etag="9"/>
  <d:element sel="tests/users/a/index/~~/doc/note" x:c="d"><x:note>n</x:note></d:element>
  <d:element sel="tests/users/a/index/~~/doc/none" exists="false"/>
  <d:attribute sel="tests/users/a/index/~~/doc/@id" exists="1" x:d="e">bar</d:attribute>
  <x:later><x:deep/></x:later>
`,
  ' x:e="f"',
);
