import { describeReadme } from '@sip-simple/testkit';

// The first example; the extension of RCS; that of MCX.
describeReadme(new URL('../README.md', import.meta.url), [0, 1, 2]);
