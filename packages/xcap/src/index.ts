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
export { type Component, componentOf } from './component.ts';
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
export {
  type AttributeState,
  type AttributeStateInit,
  attributeState,
  type DocumentChange,
  type DocumentChangeInit,
  documentChange,
  type ElementState,
  type ElementStateInit,
  elementState,
  parseXcapDiff,
  serializeXcapDiff,
  validateXcapDiff,
  type XcapDiff,
  type XcapDiffInit,
  xcapDiff,
} from './diff.ts';
export { XcapError, type XcapErrorCode } from './errors.ts';
export { follow, type Version } from './follow.ts';
export { XCAP_DIFF } from './namespaces.ts';
export { changeOf } from './report.ts';
export {
  type Access,
  type ApplicationUsage,
  capabilitiesUsage,
  ownerOnly,
  pidfManipulation,
  type Tree,
} from './usage.ts';
