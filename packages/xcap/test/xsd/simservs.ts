import type { SchemaSource } from '../../src/xsd/index.ts';

const XS = 'http://www.w3.org/2001/XMLSchema';
export const SIMSERVS = 'http://uri.etsi.org/ngn/params/xml/simservs/xcap';
export const COMMON_POLICY = 'urn:ietf:params:xml:ns:common-policy';

/**
 * Supplementary services in the manner of `simservs.ngn.etsi.org` (3GPP TS 24.623), in words of our own: one
 * document per user, an element per service, in two files, with rules of RFC 4745 in a third.
 */
export const SCHEMAS: readonly SchemaSource[] = [
  {
    location: 'simservs.xsd',
    content: `<xs:schema xmlns:xs="${XS}" xmlns:ss="${SIMSERVS}" targetNamespace="${SIMSERVS}"
        elementFormDefault="qualified">
      <xs:include schemaLocation="./diversion.xsd"/>
      <xs:element name="simservs">
        <xs:complexType>
          <xs:sequence>
            <xs:element ref="ss:service" minOccurs="0" maxOccurs="unbounded"/>
            <xs:any namespace="##other" processContents="lax" minOccurs="0" maxOccurs="unbounded"/>
          </xs:sequence>
        </xs:complexType>
      </xs:element>
      <xs:element name="service" abstract="true" type="ss:Service"/>
      <xs:complexType name="Service"><xs:attribute name="active" type="xs:boolean" default="true"/></xs:complexType>
      <xs:element name="caller-id-restriction" substitutionGroup="ss:service" type="ss:Restriction"/>
      <xs:complexType name="Restriction">
        <xs:complexContent>
          <xs:extension base="ss:Service">
            <xs:choice>
              <xs:element name="default" minOccurs="0">
                <xs:simpleType>
                  <xs:restriction base="xs:string">
                    <xs:enumeration value="restricted"/><xs:enumeration value="shown"/>
                  </xs:restriction>
                </xs:simpleType>
              </xs:element>
            </xs:choice>
          </xs:extension>
        </xs:complexContent>
      </xs:complexType>
    </xs:schema>`,
  },
  {
    location: 'diversion.xsd',
    content: `<xs:schema xmlns:xs="${XS}" xmlns:ss="${SIMSERVS}" targetNamespace="${SIMSERVS}"
        elementFormDefault="qualified" xmlns:cp="${COMMON_POLICY}">
      <xs:import namespace="${COMMON_POLICY}" schemaLocation="http://schemas.example.com/common-policy.xsd"/>
      <xs:import namespace="http://www.w3.org/XML/1998/namespace" schemaLocation="file:///etc/xml.xsd"/>
      <xs:element name="call-diversion" substitutionGroup="ss:service">
        <xs:complexType>
          <xs:complexContent>
            <xs:extension base="ss:Service">
              <xs:sequence>
                <xs:element name="no-answer-timer" type="ss:Seconds" minOccurs="0"/>
                <xs:element ref="cp:ruleset" minOccurs="0"/>
              </xs:sequence>
              <xs:attribute ref="xml:lang"/>
            </xs:extension>
          </xs:complexContent>
        </xs:complexType>
      </xs:element>
      <xs:simpleType name="Seconds">
        <xs:restriction base="xs:int"><xs:minInclusive value="5"/><xs:maxInclusive value="180"/></xs:restriction>
      </xs:simpleType>
    </xs:schema>`,
  },
  {
    location: 'common-policy.xsd',
    content: `<xs:schema xmlns:xs="${XS}" xmlns:cp="${COMMON_POLICY}" targetNamespace="${COMMON_POLICY}"
        elementFormDefault="qualified">
      <xs:element name="ruleset">
        <xs:complexType>
          <xs:sequence><xs:element name="rule" type="cp:Rule" minOccurs="0" maxOccurs="unbounded"/></xs:sequence>
        </xs:complexType>
      </xs:element>
      <xs:complexType name="Rule">
        <xs:sequence><xs:any processContents="lax" minOccurs="0" maxOccurs="3"/></xs:sequence>
        <xs:attribute name="id" type="xs:ID" use="required"/>
      </xs:complexType>
    </xs:schema>`,
  },
];

export const simservs = (content: string): string =>
  `<?xml version="1.0" encoding="UTF-8"?><simservs xmlns="${SIMSERVS}" xmlns:cp="${COMMON_POLICY}">${content}</simservs>`;
