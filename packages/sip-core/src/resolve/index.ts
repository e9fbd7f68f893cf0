export { isServerFailure } from './failure.ts';
export { type Located, type LocateOptions, locate, locateReply, type Plan } from './locate.ts';
export type {
  AddressRecord,
  AliasRecord,
  Answer,
  DnsRecord,
  NaptrRecord,
  Question,
  SrvRecord,
} from './records.ts';
export {
  defaultResolverLimits,
  Resolver,
  type ResolverAction,
  type ResolverInput,
  type ResolverLimits,
  type ResolverOptions,
} from './resolver.ts';
export { orderServers } from './srv.ts';
