/** The namespace of `<geopriv>` (RFC 4119 §2.2.5). */
export const GEOPRIV = 'urn:ietf:params:xml:ns:pidf:geopriv10';
/** The namespace of what is in `<usage-rules>` (RFC 4119 §2.2.5). */
export const BASIC_POLICY = 'urn:ietf:params:xml:ns:pidf:geopriv10:basicPolicy';
/** The namespace of civic addresses (RFC 5139 §4). */
export const CIVIC_ADDRESS = 'urn:ietf:params:xml:ns:pidf:geopriv10:civicAddr';
/** The namespace of civic addresses before RFC 5139 (RFC 4119 §2.2.5). */
export const CIVIC_LOC = 'urn:ietf:params:xml:ns:pidf:geopriv10:civicLoc';
/** The namespace of GML 3.1.1. */
export const GML = 'http://www.opengis.net/gml';
/** The namespace of the PIDF-LO shapes of GeoShape. */
export const GEOSHAPE = 'http://www.opengis.net/pidflo/1.0';
