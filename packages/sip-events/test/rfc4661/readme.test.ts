import { describeReadme } from '@sip-simple/testkit';

// The examples of filters and lists.
describeReadme(new URL('../../README.md', import.meta.url), [1, 2]);
