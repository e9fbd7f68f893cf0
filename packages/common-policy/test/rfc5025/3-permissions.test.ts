import { describe, expect, test } from 'vitest';
import {
  type Component,
  PRES_RULES_ELEMENTS,
  type PresencePermissions,
  parse,
  providesAttribute,
  providesDevice,
  providesPerson,
  providesService,
  validate,
} from '../../src/index.ts';
import { decide, from, ruleset } from '../policies.ts';

const PIDF = 'urn:ietf:params:xml:ns:pidf';
const DATA_MODEL = 'urn:ietf:params:xml:ns:pidf:data-model';
const RPID = 'urn:ietf:params:xml:ns:pidf:rpid';

/** What rules grant whose transformations, or action where it is `sub-handling`, are given as XML. */
function granting(...parts: readonly string[]): PresencePermissions {
  const rules = parts.map((part, index) => {
    const name = part.startsWith('<pr:sub-handling') ? 'actions' : 'transformations';
    return `<rule id="r${index}"><${name}>${part}</${name}></rule>`;
  });
  const document = ruleset(rules.join(''));
  return decide(document, from('sip:a@b')).permissions;
}

describe('<sub-handling> (§3.2.1)', () => {
  const handling = (value: string) => `<pr:sub-handling>${value}</pr:sub-handling>`;

  test('is block, the lowest, where nothing is said', () => {
    expect(granting().subHandling).toBe('block');
    expect(granting(handling('block')).subHandling).toBe('block');
  });

  test('is combined to the highest of block, confirm, polite-block, allow', () => {
    const ascending = ['block', 'confirm', 'polite-block', 'allow'];
    for (const [low, lower] of ascending.entries()) {
      for (const higher of ascending.slice(low)) {
        expect(granting(handling(lower), handling(higher)).subHandling).toBe(higher);
        expect(granting(handling(higher), handling(lower)).subHandling).toBe(higher);
        expect(granting(handling(lower) + handling(higher)).subHandling).toBe(higher);
      }
    }
  });

  test('block guarantees nothing when another rule allows', () => {
    const document = ruleset(
      `<rule id="a"><conditions><identity><many domain="example.com"/></identity></conditions><actions>${handling('allow')}</actions></rule>
       <rule id="b"><conditions><identity><one id="sip:joe@example.com"/></identity></conditions><actions>${handling('block')}</actions></rule>`,
    );
    expect(decide(document, from('sip:joe@example.com')).permissions.subHandling).toBe('allow');
  });

  test('of another value grants nothing', () => {
    for (const value of ['', 'ALLOW', 'permit', '30', 'allow allow']) {
      expect(granting(handling(value)).subHandling).toBe('block');
    }
    expect(granting(handling(' allow\n')).subHandling).toBe('allow');
  });
});

describe('<provide-devices> (§3.3.1.1)', () => {
  const uuid = 'urn:uuid:f81d4fae-7dec-11d0-a765-00a0c91e6bf6';
  const first = `<pr:provide-devices><pr:deviceID>${uuid}</pr:deviceID><pr:class>biz</pr:class></pr:provide-devices>`;
  const second = '<pr:provide-devices><pr:class>home</pr:class><pr:class>biz</pr:class></pr:provide-devices>';

  test('is a set, combined as in the example', () => {
    const { devices } = granting(first, second);
    expect(devices).toEqual({
      all: false,
      classes: new Set(['home', 'biz']),
      occurrenceIds: new Set(),
      deviceIds: new Set([uuid]),
    });
  });

  test('shows a device by class, device ID and occurrence ID, and none else', () => {
    const permissions = granting(
      first,
      '<pr:provide-devices><pr:occurrence-id>d1</pr:occurrence-id></pr:provide-devices>',
    );
    expect(providesDevice(permissions, { class: 'biz' })).toBe(true);
    expect(providesDevice(permissions, { class: 'Biz' })).toBe(false);
    expect(providesDevice(permissions, { id: 'd1' })).toBe(true);
    expect(providesDevice(permissions, { id: 'D1' })).toBe(false);
    expect(providesDevice(permissions, { id: 'biz', class: 'd1' })).toBe(false);
    expect(providesDevice(permissions, { deviceId: uuid })).toBe(true);
    expect(providesDevice(permissions, { deviceId: uuid.toUpperCase() })).toBe(true);
    expect(providesDevice(permissions, { deviceId: `${uuid}0` })).toBe(false);
    expect(providesDevice(permissions, {})).toBe(false);
    expect(providesDevice(granting(), { id: 'd1', class: 'biz', deviceId: uuid })).toBe(false);
  });

  test('shows all with <all-devices>, combined with whatever', () => {
    const permissions = granting(first, '<pr:provide-devices><pr:all-devices/></pr:provide-devices>');
    expect(permissions.devices.all).toBe(true);
    expect(providesDevice(permissions, {})).toBe(true);
    expect(providesPerson(permissions, {})).toBe(false);
    expect(providesService(permissions, {})).toBe(false);
  });

  test('grants nothing when it is not valid; members of others are passed over', () => {
    for (const broken of [
      '<pr:provide-devices><pr:all-devices/><pr:class>biz</pr:class></pr:provide-devices>',
      '<pr:provide-devices><pr:all-services/></pr:provide-devices>',
      '<pr:provide-devices><pr:all-devices except="x"/></pr:provide-devices>',
      '<pr:provide-devices not="1"><pr:all-devices/></pr:provide-devices>',
      '<pr:provide-devices><pr:service-uri>sip:a@b</pr:service-uri><pr:class>biz</pr:class></pr:provide-devices>',
    ]) {
      expect(granting(broken).devices).toEqual(granting().devices);
    }
    const { devices } = granting(
      '<pr:provide-devices><x:colour>red</x:colour><pr:class>biz</pr:class></pr:provide-devices>',
    );
    expect(devices.classes).toEqual(new Set(['biz']));
  });
});

describe('<provide-persons> (§3.3.1.2)', () => {
  test('shows a person by class and occurrence ID, and none else', () => {
    const permissions = granting(
      '<pr:provide-persons><pr:class> biz </pr:class></pr:provide-persons>',
      '<pr:provide-persons><pr:occurrence-id>p1</pr:occurrence-id></pr:provide-persons>',
    );
    expect(providesPerson(permissions, { class: 'biz' })).toBe(true);
    expect(providesPerson(permissions, { id: 'p1' })).toBe(true);
    expect(providesPerson(permissions, { id: 'p2', class: 'home' })).toBe(false);
    expect(providesDevice(permissions, { id: 'p1', class: 'biz' })).toBe(false);
    expect(providesPerson(granting(), {})).toBe(false);
  });

  test('shows all with <all-persons>', () => {
    expect(providesPerson(granting('<pr:provide-persons><pr:all-persons/></pr:provide-persons>'), {})).toBe(
      true,
    );
  });
});

describe('<provide-services> (§3.3.1.3)', () => {
  const member = (xml: string) => granting(`<pr:provide-services>${xml}</pr:provide-services>`);

  test('shows a service by class, occurrence ID, service URI and scheme, and none else', () => {
    expect(providesService(member('<pr:class>biz</pr:class>'), { class: 'biz' })).toBe(true);
    expect(providesService(member('<pr:class>biz</pr:class>'), { class: 'home', id: 'biz' })).toBe(false);
    expect(providesService(member('<pr:occurrence-id>t1</pr:occurrence-id>'), { id: 't1' })).toBe(true);
    expect(providesService(member('<pr:occurrence-id>t1</pr:occurrence-id>'), { id: 't2' })).toBe(false);
  });

  test('compares service URIs by URI equivalence', () => {
    const permissions = member('<pr:service-uri>sip:Bob@example.com;transport=tcp</pr:service-uri>');
    expect(providesService(permissions, { uri: 'sip:Bob@example.com;transport=tcp' })).toBe(true);
    expect(providesService(permissions, { uri: 'sip:%42ob@EXAMPLE.com;Transport=TCP' })).toBe(true);
    expect(providesService(permissions, { uri: 'sip:bob@example.com;transport=tcp' })).toBe(false);
    expect(providesService(permissions, { uri: 'sip:Bob@example.com' })).toBe(false);
    expect(providesService(permissions, { uri: 'sip:Bob@example.com:5060;transport=tcp' })).toBe(false);
    expect(providesService(permissions, { uri: '' })).toBe(false);
  });

  test('compares schemes with regard to case', () => {
    const permissions = member('<pr:service-uri-scheme>sip</pr:service-uri-scheme>');
    expect(providesService(permissions, { uri: 'sip:a@b' })).toBe(true);
    expect(providesService(permissions, { uri: 'SIP:a@b' })).toBe(false);
    expect(providesService(permissions, { uri: 'sips:a@b' })).toBe(false);
    expect(providesService(permissions, { uri: 'sip' })).toBe(false);
    expect(providesService(permissions, {})).toBe(false);
  });

  test('shows all with <all-services>', () => {
    expect(providesService(member('<pr:all-services/>'), {})).toBe(true);
  });
});

describe('presence attributes (§3.3.2)', () => {
  const attributes: [name: string, namespace: string, local: string, of: Component[]][] = [
    ['provide-activities', RPID, 'activities', ['person']],
    ['provide-class', RPID, 'class', ['person', 'device', 'service']],
    ['provide-deviceID', DATA_MODEL, 'deviceID', ['service']],
    ['provide-mood', RPID, 'mood', ['person']],
    ['provide-place-is', RPID, 'place-is', ['person']],
    ['provide-place-type', RPID, 'place-type', ['person']],
    ['provide-privacy', RPID, 'privacy', ['person', 'service']],
    ['provide-relationship', RPID, 'relationship', ['service']],
    ['provide-sphere', RPID, 'sphere', ['person']],
    ['provide-status-icon', RPID, 'status-icon', ['person', 'service']],
    ['provide-time-offset', RPID, 'time-offset', ['person']],
    ['provide-note', PIDF, 'note', ['service']],
    ['provide-note', DATA_MODEL, 'note', ['person', 'device']],
  ];
  const components: Component[] = ['person', 'device', 'service'];

  test.each(attributes)('<%s> shows %s %s where it may be', (name, namespace, local, of) => {
    const grants = `<pr:${name}>true</pr:${name}>`;
    for (const component of components) {
      const shows = (permissions: PresencePermissions) =>
        providesAttribute(permissions, component, { namespace, local });
      // §3.3.2.3: "the <deviceID> in a device data element is always included".
      const isAlways = local === 'deviceID' && component === 'device';
      expect(shows(granting(grants))).toBe(isAlways || of.includes(component));
      expect(shows(granting(grants.replace('true', '1')))).toBe(isAlways || of.includes(component));
      expect(shows(granting(grants.replace('true', 'false')))).toBe(isAlways);
      expect(shows(granting(grants.replace('true', 'yes')))).toBe(isAlways);
      expect(shows(granting())).toBe(isAlways);
      expect(
        shows(
          granting(
            ...attributes
              .filter(([other]) => other !== name)
              .map(([other]) => `<pr:${other}>true</pr:${other}>`),
          ),
        ),
      ).toBe(isAlways);
      expect(shows(granting('<pr:provide-all-attributes/>'))).toBe(true);
      // §3.3.2.14: what has a permission of its own is not unknown.
      expect(
        shows(
          granting(
            `<pr:provide-unknown-attribute name="${local}" ns="${namespace}">true</pr:provide-unknown-attribute>`,
          ),
        ),
      ).toBe(isAlways);
    }
  });

  test('contact, service class, basic status and timestamps are always reported', () => {
    const nothing = granting();
    for (const local of ['contact', 'status', 'timestamp']) {
      expect(providesAttribute(nothing, 'service', { namespace: PIDF, local })).toBe(true);
    }
    expect(providesAttribute(nothing, 'service', { namespace: RPID, local: 'service-class' })).toBe(true);
    expect(providesAttribute(nothing, 'person', { namespace: DATA_MODEL, local: 'timestamp' })).toBe(true);
    expect(providesAttribute(nothing, 'device', { namespace: DATA_MODEL, local: 'timestamp' })).toBe(true);
    expect(providesAttribute(nothing, 'device', { namespace: DATA_MODEL, local: 'deviceID' })).toBe(true);
    expect(providesAttribute(nothing, 'person', { namespace: PIDF, local: 'contact' })).toBe(false);
  });

  test('of a status, only <basic> is always reported, and all else only with all attributes', () => {
    const other = { namespace: 'urn:example:foo', local: 'location' };
    const unknown =
      '<pr:provide-unknown-attribute name="location" ns="urn:example:foo">true</pr:provide-unknown-attribute>';
    expect(providesAttribute(granting(), 'status', { namespace: PIDF, local: 'basic' })).toBe(true);
    expect(providesAttribute(granting(unknown), 'service', other)).toBe(true);
    expect(providesAttribute(granting(unknown), 'status', other)).toBe(false);
    expect(providesAttribute(granting('<pr:provide-all-attributes/>'), 'status', other)).toBe(true);
  });

  test('<provide-user-input> is combined to the highest of false, bare, thresholds, full (§3.3.2.12)', () => {
    const level = (value: string) => `<pr:provide-user-input>${value}</pr:provide-user-input>`;
    const ascending = ['false', 'bare', 'thresholds', 'full'];
    for (const [low, lower] of ascending.entries()) {
      for (const higher of ascending.slice(low)) {
        expect(granting(level(higher), level(lower)).userInput).toBe(higher);
      }
    }
    expect(granting().userInput).toBe('false');
    expect(granting(level('true')).userInput).toBe('false');
    expect(granting(level(' full')).userInput).toBe('false');
    for (const component of components) {
      const input = { namespace: RPID, local: 'user-input' };
      expect(providesAttribute(granting(level('bare')), component, input)).toBe(true);
      expect(providesAttribute(granting(level('false')), component, input)).toBe(false);
    }
  });

  test('<provide-unknown-attribute> shows elements of that name and namespace (§3.3.2.14)', () => {
    const permissions = granting(
      '<pr:provide-unknown-attribute name="foo" ns="urn:example:foo">true</pr:provide-unknown-attribute>',
      '<pr:provide-unknown-attribute name="bar" ns="urn:example:foo">false</pr:provide-unknown-attribute>',
    );
    const shows = (namespace: string, local: string) =>
      providesAttribute(permissions, 'person', { namespace, local });
    expect(shows('urn:example:foo', 'foo')).toBe(true);
    expect(shows('urn:example:foo', 'bar')).toBe(false);
    expect(shows('urn:example:other', 'foo')).toBe(false);
    expect(shows('', 'foo')).toBe(false);
  });

  test('its name is unqualified and its namespace a URI, or it grants nothing (@req rfc5025:3.3.2.14:1)', () => {
    for (const names of [
      'name="x:foo" ns="urn:example:x"',
      'name="" ns="urn:example:x"',
      'name="foo" ns=""',
      'name="foo" ns="x"',
      'name="foo"',
      'ns="urn:example:x"',
    ]) {
      const part = `<pr:provide-unknown-attribute ${names}>true</pr:provide-unknown-attribute>`;
      expect(granting(part).unknownAttributes.size).toBe(0);
      expect(validate(ruleset(`<rule id="r"><transformations>${part}</transformations></rule>`))).not.toEqual(
        [],
      );
    }
  });

  test('<provide-all-attributes> grants each attribute, and no occurrence (§3.3.2.15)', () => {
    const permissions = granting('<pr:provide-all-attributes/>');
    expect(Object.entries(permissions).filter(([, value]) => value === false)).toEqual([]);
    expect(permissions.userInput).toBe('full');
    expect(permissions.subHandling).toBe('block');
    expect(providesAttribute(permissions, 'device', { namespace: 'urn:future', local: 'x' })).toBe(true);
    expect(
      providesPerson(permissions, {}) || providesDevice(permissions, {}) || providesService(permissions, {}),
    ).toBe(false);
    expect(granting('<pr:provide-all-attributes>no</pr:provide-all-attributes>')).toEqual(granting());
  });
});

test('each action and transformation of RFC 5025 has its effect on decisions (§5, @req rfc5025:5:1 rfc5025:5:2)', () => {
  const given: Record<string, string> = {
    'sub-handling': 'allow',
    'provide-devices': '<pr:all-devices/>',
    'provide-persons': '<pr:all-persons/>',
    'provide-services': '<pr:all-services/>',
    'provide-user-input': 'full',
    'provide-all-attributes': '',
  };
  const members = ['class', 'occurrence-id', 'deviceID', 'service-uri', 'service-uri-scheme'];
  const names = PRES_RULES_ELEMENTS.map(({ local }) => local).filter((local) => !members.includes(local));
  expect(names.length).toBe(19);
  const seen = new Set(
    names.map((local) => {
      const names = local === 'provide-unknown-attribute' ? ' name="n" ns="urn:n"' : '';
      const permissions = granting(`<pr:${local}${names}>${given[local] ?? 'true'}</pr:${local}>`);
      return JSON.stringify(permissions, (_, value) => (value instanceof Set ? [...value] : value));
    }),
  );
  // Each something, and each something else.
  expect(seen.size).toBe(19);
  expect(
    seen.has(JSON.stringify(granting(), (_, value) => (value instanceof Set ? [...value] : value))),
  ).toBe(false);
  parse(ruleset(''));
});
