import type { EventPackage } from '../src/index.ts';

class BadNote extends Error {
  readonly status = 400;
}

/** An event package whose states are lines of text: enough to see what is composed, and for whom. */
export const notePackage: EventPackage<string, string> = {
  name: 'note',
  mediaTypes: ['text/plain', 'text/upper'],
  expires: { min: 60, default: 3600, max: 7200 },
  forks: 'one',
  publication: {
    mediaTypes: ['text/plain'],
    expires: { min: 60, default: 1800, max: 7200 },
    read(body) {
      const text = new TextDecoder().decode(body);
      if (text.startsWith('bad')) throw new BadNote(`not a note: ${text}`);
      return text;
    },
  },
  compose: (_resource, publications) => publications.map((each) => each.document).join('+'),
  neutral: (_resource, why) => (why === 'pending' ? 'pending' : 'nothing'),
  render(state, view) {
    const shown = view.key === '' ? state : `${view.key}:${state}`;
    return new TextEncoder().encode(view.mediaType === 'text/upper' ? shown.toUpperCase() : shown);
  },
};
