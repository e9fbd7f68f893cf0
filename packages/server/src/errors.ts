export type ServerErrorCode = 'port-in-use' | 'cannot-listen';

/** The server can't start; the message is one line for whoever started it. */
export class ServerError extends Error {
  readonly code: ServerErrorCode;

  constructor(code: ServerErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'ServerError';
    this.code = code;
  }
}

export function isPortInUse(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'EADDRINUSE';
}

/** Says which listener could not be opened, and what to do about it. */
export function listenError(
  what: string,
  flag: string,
  host: string,
  port: number,
  cause: unknown,
): ServerError {
  if (isPortInUse(cause)) {
    const message = `${what} port ${port} on ${host} is in use: choose another with --${flag}`;
    return new ServerError('port-in-use', message, { cause });
  }
  const reason = cause instanceof Error ? cause.message : String(cause);
  return new ServerError('cannot-listen', `can't listen for ${what} on ${host}, port ${port}: ${reason}`, {
    cause,
  });
}
