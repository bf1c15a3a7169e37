import type { Operator } from '../../workspace/operator.js';
import type { Cli } from './cli.js';

/** Where the person keeps the login of a program, when it is not at its usual place. */
export function homesOf(operator: Operator, { homes }: Cli): Readonly<Record<string, string>> {
  return Object.fromEntries(
    homes.flatMap(name => {
      const value = operator.variable(name);
      return value === undefined ? [] : [[name, value]];
    }),
  );
}
