export { PresenceAgent } from './agent.ts';
export type { PresenceAgentAction, PresenceAgentInput, PresenceAgentOptions } from './agent-io.ts';
export { type PresencePackageOptions, presencePackage } from './package.ts';
export { presentityOf } from './presentity.ts';
