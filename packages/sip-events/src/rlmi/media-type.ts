/** A media type with its parameters. */
export interface MediaType {
  /** `type/subtype`, in lower case. */
  readonly type: string;
  /** Values by name in lower case, quotes taken off. */
  readonly parameters: ReadonlyMap<string, string>;
}

/**
 * Reads the value of a Content-Type header field; `undefined` when it is none.
 *
 * @see RFC 2045 §5.1
 */
export function parseMediaType(text: string): MediaType | undefined {
  const [all, type] =
    /^[ \t]*([!#$%&'*+.^_`{|}~0-9A-Za-z-]+\/[!#$%&'*+.^_`{|}~0-9A-Za-z-]+)[ \t]*/.exec(text) ?? [];
  if (all === undefined || type === undefined) return undefined;
  const parameters = new Map<string, string>();
  const pattern = new RegExp(PARAMETER, 'y');
  pattern.lastIndex = all.length;
  while (pattern.lastIndex < text.length) {
    const found = pattern.exec(text);
    if (found === null) return undefined;
    const [, name = '', token, quoted] = found;
    const key = name.toLowerCase();
    if (!parameters.has(key)) parameters.set(key, token ?? (quoted ?? '').replace(/\\([\s\S])/g, '$1'));
  }
  return { type: type.toLowerCase(), parameters };
}

/** Writes a media type; all parameters are quoted, which never hurts. */
export function writeMediaType({ type, parameters }: MediaType): string {
  return [
    type,
    ...Array.from(parameters, ([name, value]) => `${name}="${value.replace(/["\\]/g, '\\$&')}"`),
  ].join(';');
}

// ";" token "=" (token / quoted-string), with white space where anybody might put some
const PARAMETER =
  ';[ \\t]*([!#$%&\'*+.^_`{|}~0-9A-Za-z-]+)[ \\t]*=[ \\t]*(?:([^\\s";,]+)|"((?:[^"\\\\]|\\\\[\\s\\S])*)")[ \\t]*';
