/** The namespace of RFC 5874. */
export const XCAP_DIFF = 'urn:ietf:params:xml:ns:xcap-diff';
