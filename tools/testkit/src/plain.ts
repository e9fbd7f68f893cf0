/** A value as JSON has it, with each unknown element as its name, `{namespace}local`. */
export function plain(value: unknown): unknown {
  return JSON.parse(
    JSON.stringify(value, (_, part) =>
      typeof part === 'object' && part !== null && part.type === 'element'
        ? `{${part.namespace}}${part.local}`
        : part,
    ),
  );
}
