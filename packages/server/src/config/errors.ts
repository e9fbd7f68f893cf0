export type ConfigErrorCode =
  | 'bad-value'
  | 'unknown-key'
  | 'unreadable-file'
  /** Everything is well-formed, but running like this would be dangerous. */
  | 'refused';

/** The configuration can't be used; the message is one line that says where and why. */
export class ConfigError extends Error {
  readonly code: ConfigErrorCode;

  constructor(code: ConfigErrorCode, message: string) {
    super(message);
    this.name = 'ConfigError';
    this.code = code;
  }
}
