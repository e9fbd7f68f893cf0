import { extension } from '@sip-simple/pidf';
import { anyOther, type Infer, type Input, interleave, many } from '@sip-simple/xml/schema';
import { enumerated, notes, other, rpid, timed } from './vocabulary.ts';

const isUnknown = (local: string): boolean => local === 'unknown';

/** What a person is doing: the names of RFC 4480 §3.2. Its schema forgets `lunch`. */
export const ACTIVITIES = [
  'unknown',
  'appointment',
  'away',
  'breakfast',
  'busy',
  'dinner',
  'holiday',
  'in-transit',
  'looking-for-work',
  'lunch',
  'meal',
  'meeting',
  'on-the-phone',
  'performance',
  'permanent-absence',
  'playing',
  'presentation',
  'shopping',
  'sleeping',
  'spectator',
  'steering',
  'travel',
  'tv',
  'vacation',
  'working',
  'worship',
] as const;

/** How a person feels: the names of RFC 4480 §3.5, which are those of XEP-0107 at that time. */
export const MOODS = [
  'unknown',
  'afraid',
  'amazed',
  'angry',
  'annoyed',
  'anxious',
  'ashamed',
  'bored',
  'brave',
  'calm',
  'cold',
  'confused',
  'contented',
  'cranky',
  'curious',
  'depressed',
  'disappointed',
  'disgusted',
  'distracted',
  'embarrassed',
  'excited',
  'flirtatious',
  'frustrated',
  'grumpy',
  'guilty',
  'happy',
  'hot',
  'humbled',
  'humiliated',
  'hungry',
  'hurt',
  'impressed',
  'in_awe',
  'in_love',
  'indignant',
  'interested',
  'invincible',
  'jealous',
  'lonely',
  'mean',
  'moody',
  'nervous',
  'neutral',
  'offended',
  'playful',
  'proud',
  'relieved',
  'remorseful',
  'restless',
  'sad',
  'sarcastic',
  'serious',
  'shocked',
  'shy',
  'sick',
  'sleepy',
  'stressed',
  'surprised',
  'thirsty',
  'worried',
] as const;

/**
 * `<activities>` of a person: what it is doing, several things at once if need be.
 *
 * @see RFC 4480 §3.2
 */
export const activities = /* @__PURE__ */ extension(
  rpid.element(
    'activities',
    {
      ...timed,
      notes,
      ...interleave({
        /** The activities that have a name; `unknown` is the only one where it is. */
        values: many(rpid.names(ACTIVITIES)),
        /** Activities in words. */
        others: many(other),
        /** Activities of other vocabularies. */
        extra: anyOther(),
      }),
    },
    { check: enumerated(isUnknown, false) },
  ),
);

/**
 * `<mood>` of a person. It holds at least one mood.
 *
 * @see RFC 4480 §3.5
 */
export const mood = /* @__PURE__ */ extension(
  rpid.element(
    'mood',
    {
      ...timed,
      notes,
      ...interleave({
        /** The moods that have a name; `unknown` is the only one where it is. */
        values: many(rpid.names(MOODS)),
        /** Moods in words. */
        others: many(other),
        /** Moods of other vocabularies. */
        extra: anyOther(),
      }),
    },
    { check: enumerated(isUnknown, true) },
  ),
);

export type Activity = (typeof ACTIVITIES)[number];
export type Activities = Infer<typeof activities.schema>;
export type ActivitiesInit = Input<typeof activities.schema>;
export type MoodName = (typeof MOODS)[number];
export type Mood = Infer<typeof mood.schema>;
export type MoodInit = Input<typeof mood.schema>;
