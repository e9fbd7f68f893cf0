export { DigestClient, type DigestClientOptions, type DigestCredentials } from './client.ts';
export { type DigestHash, ha1, type QualityOfProtection, userhash } from './response.ts';
export {
  type Challenge,
  type Claim,
  type DigestClaim,
  DigestServer,
  type DigestServerOptions,
  type Verdict,
} from './server.ts';
