import { describeReadme } from '@sip-simple/testkit';

describeReadme(new URL('../README.md', import.meta.url));
