import { extension } from '@sip-simple/pidf';
import { anyUri, type Infer, vocabulary } from '@sip-simple/xml/schema';
import { words } from './vocabulary.ts';

/** The namespace of RFC 4482. */
export const CIPID = 'urn:ietf:params:xml:ns:pidf:cipid';

const cipid = vocabulary(CIPID, 'c');

// Who follows one of these URIs tells the presentity that it is there, and gets what the presentity chose:
// RFC 4482 §8 on caching, content types and certificates binds whoever fetches.

/** `<card>` of a person or service: where its business card is, as a vCard or in LDIF (RFC 4482 §3.1). */
export const card = /* @__PURE__ */ extension(cipid.leaf('card', anyUri));

/**
 * `<display-name>` of a person or service: the name it wants to be shown by. There may be several, each in another
 * language.
 *
 * @see RFC 4482 §3.2
 */
export const displayName = /* @__PURE__ */ extension(cipid.element('display-name', words));

/** `<homepage>` of a person or service (RFC 4482 §3.3). */
export const homepage = /* @__PURE__ */ extension(cipid.leaf('homepage', anyUri));

/** `<icon>` of a person or service: where an image of it is (RFC 4482 §3.4). */
export const icon = /* @__PURE__ */ extension(cipid.leaf('icon', anyUri));

/** `<map>` of a person or service: where a map is, as an image, an HTML image map or for a GIS (RFC 4482 §3.5). */
export const map = /* @__PURE__ */ extension(cipid.leaf('map', anyUri));

/** `<sound>` of a person or service: where a sound is that announces it (RFC 4482 §3.6). */
export const sound = /* @__PURE__ */ extension(cipid.leaf('sound', anyUri));

export type DisplayName = Infer<typeof displayName.schema>;
