export * from './authentication.ts';
export * from './capabilities.ts';
export * from './content.ts';
export * from './dialog.ts';
export * from './events.ts';
export * from './general.ts';
export type { HeaderType } from './header-type.ts';
export * from './routing.ts';
export type { TokenAndParams } from './syntax.ts';
