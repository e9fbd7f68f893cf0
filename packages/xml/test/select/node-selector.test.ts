import { describe, expect, test } from 'vitest';
import { parse } from '../../src/index.ts';
import { parentSelector, parseNodeSelector, SelectorError, selectNode } from '../../src/select/index.ts';

const WATCHERINFO = 'urn:ietf:params:xml:ns:watcherinfo';
const figure3 = parse(`<?xml version="1.0"?>
<watcherinfo xmlns="${WATCHERINFO}" version="0" state="full">
  <watcher-list resource="sip:professor@example.net" package="presence">
    <watcher status="active" id="8ajksjda7s" duration-subscribed="509"
      event="approved">sip:userA@example.net</watcher>
    <watcher status="pending" id="hh8juja87s997-ass7" display-name="Mr. &lt;Subscriber> &amp; co"
      event="subscribe">sip:userB@example.org</watcher>
  </watcher-list>
</watcherinfo>`);
const bound = parse(`<?xml version="1.0"?>
<foo xmlns="urn:test:default-namespace">
  <ns1:bar xmlns:ns1="urn:test:namespace1-uri" xmlns="urn:test:namespace1-uri">
    <baz/>
    <ns2:baz xmlns:ns2="urn:test:namespace2-uri"/>
  </ns1:bar>
  <ns3:hi xmlns:ns3="urn:test:namespace3-uri"><there/></ns3:hi>
</foo>`);

function found(selector: string): string {
  const selection = selectNode(figure3, parseNodeSelector(selector, new Map([['', WATCHERINFO]])));
  if (selection.type === 'element') {
    const id = selection.node.attributes.find(({ local }) => local === 'id');
    return `${selection.node.local} ${id?.value ?? ''}`.trim();
  }
  if (selection.type === 'attribute') return `@${selection.node.local}=${selection.node.value}`;
  if (selection.type === 'invalid') return `invalid ${selection.step} ${selection.found}`;
  return selection.type;
}

function faultOf(selector: string): string {
  try {
    parseNodeSelector(selector, new Map());
  } catch (error) {
    if (!(error instanceof SelectorError)) throw error;
    expect(error.rfc).toBe('RFC 4825 §6.3');
    return `${error.code} ${error.offset}`;
  }
  return 'none';
}

describe('an XCAP node selector (RFC 4825 §6.3)', () => {
  test.each([
    ['watcherinfo/watcher-list/watcher[@id="8ajksjda7s"]', 'watcher 8ajksjda7s'],
    ["watcherinfo/watcher-list/watcher[@id='8ajksjda7s']", 'watcher 8ajksjda7s'],
    ['watcherinfo/watcher-list/watcher[2]', 'watcher hh8juja87s997-ass7'],
    ['*/*/*[2]', 'watcher hh8juja87s997-ass7'],
    ['*/*[1]/watcher[2][@status="pending"]', 'watcher hh8juja87s997-ass7'],
    ['*/*/watcher[1][@status="pending"]', 'no-match'],
    ['*/*/*[@display-name="Mr. &lt;Subscriber> &amp; &#x63;o"]', 'watcher hh8juja87s997-ass7'],
    ['*/@state', '@state=full'],
    ['watcherinfo/@nothing', 'no-match'],
    ['watcherinfo/@xmlns', 'no-match'],
    ['watcherinfo[@xmlns="urn:ietf:params:xml:ns:watcherinfo"]', 'no-match'],
    ['watcherinfo/namespace::*', 'namespaces'],
    ['*/*/watcher', 'invalid 2 several'],
    ['*/*/watcher/@id', 'invalid 2 several'],
    ['*/nothing/watcher', 'invalid 1 none'],
    ['*/*/watcher[3]', 'no-match'],
    ['*/*/watcher[0]', 'no-match'],
    ['*/*/watcher[99999999999999999999999]', 'no-match'],
  ])('%s selects %s', (selector, expected) => {
    expect(found(selector)).toBe(expected);
  });

  test('each step must produce a single element for the next (@req rfc4825:6.3:4)', () => {
    // XPath would find one attribute here, by way of two elements; and one element by way of none but the last.
    expect(found('*/*/watcher/@display-name')).toBe('invalid 2 several');
    expect(found('*/watcher-list[2]/watcher[1]')).toBe('invalid 1 none');
    expect(found('*/*/watcher[2]/@display-name')).toBe('@display-name=Mr. <Subscriber> & co');
  });

  test('expands prefixes by the bindings given, and names without by the default document namespace (§6.4)', () => {
    const select = (selector: string, b: string) => {
      const namespaces = new Map([
        ['', 'urn:test:default-namespace'],
        ['a', 'urn:test:namespace1-uri'],
        ['b', b],
      ]);
      const selection = selectNode(bound, parseNodeSelector(selector, namespaces));
      return 'node' in selection ? selection.node.prefix : selection.type;
    };
    expect(select('foo/a:bar/b:baz', 'urn:test:namespace1-uri')).toBe('');
    expect(select('foo/a:bar/b:baz', 'urn:test:namespace2-uri')).toBe('ns2');
    expect(select('foo/a:bar/baz', 'urn:test:namespace2-uri')).toBe('no-match');
  });

  test('selects the namespaces in scope, the default included (§10)', () => {
    const namespaces = new Map([
      ['df', 'urn:test:default-namespace'],
      ['df2', 'urn:test:namespace1-uri'],
    ]);
    const selection = selectNode(bound, parseNodeSelector('df:foo/df2:bar/df2:baz/namespace::*', namespaces));
    expect('namespaces' in selection && selection.namespaces).toEqual(
      new Map([
        ['ns1', 'urn:test:namespace1-uri'],
        ['', 'urn:test:namespace1-uri'],
      ]),
    );
  });

  test('the selector of the parent is the one without the last step (§8.2.1)', () => {
    const selector = parseNodeSelector('a/b[@c="/"]/@d', new Map());
    expect(parentSelector(selector)?.source).toBe('a/b[@c="/"]');
    expect(parentSelector(parseNodeSelector('a', new Map()))).toBeUndefined();
  });

  test.each([
    ['', 'selector-syntax 0'],
    ['/a', 'selector-syntax 0'],
    ['a//b', 'selector-syntax 2'],
    ['a/', 'selector-syntax 2'],
    ['@a', 'selector-syntax 0'],
    ['a/@b/c', 'selector-syntax 5'],
    ['a/b()', 'selector-extension 2'],
    ['a/b[@c="d"][1]', 'selector-extension 2'],
    ['a/b[@c=d]', 'selector-extension 2'],
    ['a/b[@c="&nothing;"]', 'selector-extension 2'],
    ['a/b[@c="&amp"]', 'selector-extension 2'],
    ['a/b[@c="<"]', 'selector-extension 2'],
    ['a/p:b', 'prefix-undeclared 2'],
    ['a/b[@p:c="d"]', 'prefix-undeclared 5'],
    ['a/'.repeat(5000), 'limit-length 8192'],
  ])('%s fails: %s', (selector, expected) => {
    expect(faultOf(selector)).toBe(expected);
  });
});
