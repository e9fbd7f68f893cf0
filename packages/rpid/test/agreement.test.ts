import { validate } from '@sip-simple/pidf';
import { describeAgreement, samples } from '@sip-simple/testkit';
import { ACTIVITIES, elements, METHODS } from '../src/index.ts';
import { DEVIATIONS, isAfterWildcard, ORACLES_FAULTS } from './deviations.ts';
import { fixturesOf } from './fixtures.ts';
import { vocabularyOf } from './vocabulary.ts';

const common = ['note', 'unknown', 'x'];
const locals: Readonly<Record<string, readonly string[]>> = {
  rfc4480: [
    ...common,
    // The schema forgets lunch, which the text defines.
    ...ACTIVITIES.filter((name) => name !== 'lunch').slice(0, 6),
    ...['activities', 'mood', 'other', 'audio', 'video', 'text', 'ok', 'dark', 'quiet', 'happy', 'self'],
    ...['class', 'privacy', 'sphere', 'work', 'relationship', 'friend', 'service-class', 'postal'],
    ...['status-icon', 'time-offset', 'user-input', 'place-is', 'place-type', 'cafe'],
  ],
  rfc4481: [...common, 'timed-status', 'basic', 'status', 'timestamp'],
  rfc4482: [...common, 'card', 'display-name', 'homepage', 'icon', 'map', 'sound'],
  rfc5196: [
    ...common,
    ...METHODS.slice(0, 4),
    ...['supported', 'notsupported', 'servcaps', 'devcaps', 'audio', 'video', 'type', 'description', 'text'],
    ...['mobility', 'fixed', 'mobile', 'l', 's', 'equals', 'range', 'lowerthan', 'higherhan', 'higherthan'],
    ...['full', 'half', 'presence', 'winfo', 'rel100', 'timer', 'class', 'business', 'actor', 'duplex'],
  ],
};

for (const [rfc, names] of Object.entries(locals)) {
  describeAgreement({
    name: `of ${rfc}`,
    schemas: ['pidf.xsd', 'data-model.xsd', 'rpid.xsd', 'timed-status.xsd', 'cipid.xsd', 'caps.xsd'],
    documents: [...fixturesOf(rfc), ...samples(new RegExp(`^${rfc}-|^gen-rich-pidf`))],
    mutated: ({ root }) => root.children.length < 20,
    validate: (bytes) =>
      validate(bytes, { elements }).filter((violation) => !isAfterWildcard(bytes, violation)),
    vocabulary: vocabularyOf(names),
    deviations: DEVIATIONS,
    oraclesFaults: ORACLES_FAULTS,
  });
}
