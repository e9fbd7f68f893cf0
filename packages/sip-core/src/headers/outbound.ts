import type { HeaderType } from './header-type.ts';
import { maxDeltaSeconds, number } from './syntax.ts';

/** RFC 5626 §10: seconds after which a flow that has been silent counts as failed. */
export const flowTimer: HeaderType<number> = number('Flow-Timer', 'RFC 5626 §10', maxDeltaSeconds);
