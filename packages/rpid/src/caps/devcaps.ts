import { extension } from '@sip-simple/pidf';
import { anyAttribute, anyOther, type Infer, type Input, many, optional } from '@sip-simple/xml/schema';
import { caps, description, named } from './capability.ts';

/**
 * `<devcaps>` of a device: what it is able to do.
 *
 * @see RFC 5196 §3.3
 */
export const devcaps = /* @__PURE__ */ extension(
  caps.element('devcaps', {
    /** What it is, in words of several languages (§3.3.3). */
    descriptions: many(description),
    /** Whether it moves with its user (§3.3.2). */
    mobility: optional(named('mobility', ['fixed', 'mobile'])),
    /** Capabilities of other vocabularies. */
    extra: anyOther(),
    /** Attributes of others. */
    attributes: anyAttribute('any'),
  }),
);

export type DeviceCapabilities = Infer<typeof devcaps.schema>;
export type DeviceCapabilitiesInit = Input<typeof devcaps.schema>;
