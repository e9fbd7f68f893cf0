import { DocumentError } from '@sip-simple/xml/format';

/**
 * A body that is no resource lists or RLS services document: `code` is `not-well-formed`, `limit`, `charset`
 * or `wrong-root`, `status` the response to give.
 */
export class ResourceListsError extends DocumentError {
  override readonly name: string = 'ResourceListsError';
}
