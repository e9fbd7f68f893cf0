import { readFileSync } from 'node:fs';
import { CONFERENCE_INFO, type ConferenceInfo, parse } from '../src/index.ts';

export function fixture(name: string): Uint8Array {
  return new Uint8Array(readFileSync(new URL(`fixtures/rfc4575/${name}.xml`, import.meta.url)));
}

/** A document about the conference of the examples. */
export function documentOf(attributes: string, ...children: readonly string[]): string {
  return `<?xml version="1.0" encoding="UTF-8"?>
<conference-info xmlns="${CONFERENCE_INFO}" xmlns:x="urn:example:x" entity="sips:conf233@example.com" ${attributes}>
${children.join('\n')}
</conference-info>`;
}

export function conferenceOf(attributes: string, ...children: readonly string[]): ConferenceInfo {
  return parse(documentOf(attributes, ...children));
}

/** A document with something at each point of extension. */
export function documentWith(at: string, foreign: string): string {
  const here = (point: string) => (point === at ? foreign : '');
  return documentOf(
    'version="7" x:a="1"',
    `<!-- roster --><conference-description><subject>Goals</subject><keywords>sales weekly</keywords>
 <conf-uris><entry><uri>tel:+18005671234</uri><purpose>participation</purpose><modified><when>2005-03-04T20:00:00Z</when></modified>${here('entry')}</entry></conf-uris>
 <available-media><entry label="1"><type>audio</type>${here('medium')}</entry></available-media>${here('description')}</conference-description>
<host-info><web-page>http://example.com/</web-page>${here('host')}</host-info>
<conference-state><user-count>3</user-count><active>true</active>${here('state')}</conference-state>
<users><user entity="sip:bob@example.com"><roles><entry>speaker</entry></roles><languages>en de-CH</languages>
 <endpoint entity="sip:bob@pc33.example.com"><status>connected</status><joining-method>dialed-in</joining-method>
  <media id="1"><type>audio</type><label>1</label>${here('media')}</media>
  <call-info><sip><call-id>a</call-id><from-tag>b</from-tag><to-tag>c</to-tag>${here('sip')}</sip></call-info>${here('endpoint')}</endpoint>
 ${here('user')}</user>${here('users')}</users>
<sidebars-by-ref><entry><uri>sips:conf233@example.com;grid=45</uri></entry></sidebars-by-ref>
<sidebars-by-val><entry entity="sips:conf233@example.com;grid=77"><users/>${here('sidebar')}</entry></sidebars-by-val>
${here('conference')}`,
  );
}

/** The points of extension that `documentWith` knows. */
export const POINTS = [
  'entry',
  'medium',
  'description',
  'host',
  'state',
  'media',
  'sip',
  'endpoint',
  'user',
  'users',
  'sidebar',
  'conference',
];
