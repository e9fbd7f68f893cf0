export * from './dialog/index.ts';
export * from './endpoint/index.ts';
export * from './errors.ts';
export { type Frame, frameDatagram, StreamFramer } from './framer.ts';
export * from './headers/index.ts';
export { isIdentified, sipIdentities } from './identities.ts';
export type { Instant, Machine, Random } from './machine.ts';
export * from './message/index.ts';
export {
  boundaryFor,
  headerOf,
  MultipartError,
  type MultipartErrorCode,
  type MultipartLimits,
  type Part,
  type PartHeader,
  parseMultipart,
  type ReadPart,
  serializeMultipart,
} from './multipart.ts';
export { type NameAddr, parseNameAddr, serializeNameAddr } from './name-addr.ts';
export { noParams, type Params, params, quote, unquote } from './params.ts';
export { reasonPhrase } from './status.ts';
export { answerStun } from './stun.ts';
export { type OtherUri, parseUri, type SipUri, serializeUri, type Uri } from './uri.ts';
export { canonicalAor, uriEquals } from './uri-equality.ts';
export { type Timed, TimerWheel, Wheel } from './wheel.ts';
