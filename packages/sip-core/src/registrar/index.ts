export { registrarExtensions } from './register-request.ts';
export { Registrar } from './registrar.ts';
export {
  defaultExpires,
  defaultRegistrarLimits,
  type RegistrarAction,
  type RegistrarInput,
  type RegistrarLimits,
  type RegistrarOptions,
} from './registrar-io.ts';
export { Registration } from './registration.ts';
export type {
  Authenticator,
  Registered,
  RegisterOperation,
  RegistrationAction,
  RegistrationInput,
  RegistrationOptions,
} from './registration-io.ts';
export type { Lookup, Target } from './targets.ts';
export type { ExpiresRange } from './update.ts';
