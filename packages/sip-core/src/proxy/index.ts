export { maxBreadth } from './max-breadth.ts';
export { ProxyCore } from './proxy-core.ts';
export {
  defaultProxyLimits,
  type ProxyAction,
  type ProxyInput,
  type ProxyLimits,
  type ProxyOptions,
  type ProxyTarget,
  type Reach,
} from './proxy-io.ts';
