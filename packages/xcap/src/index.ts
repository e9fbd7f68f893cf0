export type { ParseOptions } from '@sip-simple/xml/format';
export type { Lens, Violation } from '@sip-simple/xml/schema';
export {
  type Capabilities,
  type CapabilitiesInit,
  capabilities,
  parseCapabilities,
  serializeCapabilities,
  validateCapabilities,
  XCAP_CAPS,
} from './capabilities.ts';
export {
  type ConflictReport,
  type ConflictReportInit,
  conflictReport,
  type Exists,
  type ExistsInit,
  exists,
  parseConflictReport,
  serializeConflictReport,
  validateConflictReport,
  XCAP_ERROR,
} from './conflict.ts';
export { XcapError, type XcapErrorCode } from './errors.ts';
export {
  type Access,
  type ApplicationUsage,
  capabilitiesUsage,
  ownerOnly,
  pidfManipulation,
  type Tree,
} from './usage.ts';
