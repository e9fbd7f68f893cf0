import { memoryStore } from '../../src/store/memory.ts';
import { storeContract } from './contract.ts';

storeContract('memory', async () => {
  let now = 1_000_000;
  return {
    store: memoryStore({ now: () => now }),
    setNow: (moment) => {
      now = moment;
    },
  };
});
