import { SpecError } from '../errors.js';
import type { Answer, Parsed, Terminal } from './command.js';

/** What each first word of a command does. */
export type Actions = Readonly<Record<string, (parsed: Parsed, terminal: Terminal) => Promise<Answer>>>;

/** Does what the first word says. Throws INVALID_ARGUMENT that names the words there are. */
export async function runAction(
  command: string,
  actions: Actions,
  parsed: Parsed,
  terminal: Terminal,
): Promise<Answer> {
  const [name = ''] = parsed.positionals;
  const action = Object.hasOwn(actions, name) ? actions[name] : undefined;
  if (action !== undefined) return action(parsed, terminal);
  throw new SpecError(
    'INVALID_ARGUMENT',
    `${command} takes ${Object.keys(actions).join(', ')}; not "${name.slice(0, 40)}". \`spec-kit-mcp ${command} --help\` shows an example.`,
  );
}
