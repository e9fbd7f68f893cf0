/** How much a document may ask of its reader. Each exceeded limit has its own error code, `limit-...`. */
export interface XmlLimits {
  /** Length of the document in bytes, or in UTF-16 code units when it is a string. Default 4 MiB. */
  readonly bytes: number;
  /** Elements within elements; the root alone is 1. Default 256. */
  readonly depth: number;
  /** Elements in the document. Default 100 000. Other nodes are bounded by `bytes`. */
  readonly elements: number;
  /** Attributes of one element, namespace declarations included. Default 256. */
  readonly attributes: number;
  /** Namespace declarations in the document. Default 10 000. */
  readonly namespaces: number;
  /** Length of a name with its prefix, in UTF-16 code units. Default 1024. */
  readonly nameLength: number;
}

/** The limits in force where a caller sets none. */
export const DEFAULT_LIMITS: XmlLimits = {
  bytes: 4_194_304,
  depth: 256,
  elements: 100_000,
  attributes: 256,
  namespaces: 10_000,
  nameLength: 1024,
};
