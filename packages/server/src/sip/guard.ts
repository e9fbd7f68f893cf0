import type { Instant, Machine } from '@sip-simple/sip-core';

/**
 * Runs `machine`, but a fault in it costs only the input at hand: `onFault` is told, and says what to do
 * instead. What it wants done for one input comes as one list.
 */
export function guard<Input, Action>(
  machine: Machine<Input, Action>,
  onFault: (error: unknown, input: Input) => readonly Action[],
): Machine<Input, readonly Action[]> {
  return {
    handle(input: Input, now: Instant): readonly (readonly Action[])[] {
      let actions: readonly Action[];
      try {
        actions = machine.handle(input, now);
      } catch (error) {
        actions = onFault(error, input);
      }
      return actions.length === 0 ? nothing : [actions];
    },
    get deadline(): Instant | undefined {
      return machine.deadline;
    },
  };
}

const nothing: readonly never[] = [];
