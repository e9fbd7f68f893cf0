import type { ValidateOptions } from '@sip-simple/xml/schema';
import { activities, mood } from './activities.ts';
import { devcaps } from './caps/devcaps.ts';
import { servcaps } from './caps/servcaps.ts';
import { card, displayName, homepage, icon, map, sound } from './cipid.ts';
import { placeIs, placeType, privacy } from './place.ts';
import { classLabel, relationship, serviceClass } from './service.ts';
import { sphere, statusIcon, timeOffset, userInput } from './state.ts';
import { timedStatus } from './timed-status.ts';

/**
 * The elements of RFC 4480, 4481, 4482 and 5196, for the `elements` of PIDF's `validate`: with them, it validates
 * rich presence as exactly as PIDF itself. `rules` adds what the RFCs ask for in prose.
 */
export const elements: NonNullable<ValidateOptions['elements']> = [
  activities.schema,
  classLabel.schema,
  mood.schema,
  placeIs.schema,
  placeType.schema,
  privacy.schema,
  relationship.schema,
  serviceClass.schema,
  sphere.schema,
  statusIcon.schema,
  timeOffset.schema,
  userInput.schema,
  timedStatus.schema,
  card.schema,
  displayName.schema,
  homepage.schema,
  icon.schema,
  map.schema,
  sound.schema,
  servcaps.schema,
  devcaps.schema,
];
