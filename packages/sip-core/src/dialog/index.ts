export {
  dialogFromNotify,
  dialogFromRequest,
  dialogFromResponse,
  type LocalEnd,
  type NotifiedEnd,
} from './create.ts';
export { type Dialog, dialogId } from './dialog.ts';
export { type DialogRequestParts, Dialogs, type Reception } from './dialogs.ts';
export type { Usage } from './usage.ts';
