import type { Source } from '../source.ts';

/**
 * A kind of header field: its name and how its value is read and written. A plain value: define your own for a
 * header field that is not here, and pass it wherever one of these goes.
 *
 * @typeParam T one value; a list header field has several
 */
export interface HeaderType<T> {
  /** As it is written, e.g. `Call-ID`. */
  readonly name: string;
  /** The compact form, e.g. `i` (§7.3.3). */
  readonly compact?: string | undefined;
  /** Several values, comma-separated or in repeated header fields, which mean the same (§7.3.1). */
  readonly list: boolean;
  /** May be repeated, but not combined with commas: the challenges and credentials of §20.7, §20.27, §20.28, §20.44. */
  readonly repeats?: boolean | undefined;
  /** Written as one comma-separated header field, not one field for each value. */
  readonly joined?: boolean | undefined;
  /** Commas separate wherever they are: quotes and brackets are ordinary characters, as in a Call-ID. */
  readonly bare?: boolean | undefined;
  /** Where the name is in the parser's table of names; for speed, not needed to define one's own. */
  readonly number?: number | undefined;
  /** Reads one value, unfolded and trimmed; throws a SipError when it is malformed. */
  parse(text: string): T;
  /** The same as `parse`, from a message's bytes without the detour over text; not needed to define one's own. */
  read?(source: Source, start: number, end: number): T;
  /** Writes one value. */
  serialize(value: T): string;
}
