import type { Agent, AgentRole } from '../../schemas/settings.js';
import { SHORTEST_SECRET } from '../redact/needles.js';
import type { Operator } from '../workspace/operator.js';
import type { AgentFailure } from './agent.js';

/** Where the key is and what it is; from then on the value is redacted everywhere. */
export interface Key {
  readonly name: string;
  readonly value: string;
}

/** Words that the name of a model's key has, and those that other keys have: a committed file must not send just any of them. */
const FOR_MODELS = /(?:^|_)(?:API_?KEY|KEY|TOKEN|API_?TOKEN)(?:_|$)/i;
const FOR_OTHERS =
  /^(?:AWS|GITHUB|GH|GITLAB|BITBUCKET|NPM|NODE|HAL|SPEC|SSH|GPG|DOCKER|KUBE|VAULT|SLACK|STRIPE|DATABASE|DB)_|(?:^|_)(?:ACCESS_KEY|PRIVATE|SIGNING|ENCRYPTION|DEPLOY|SESSION)(?:_|$)/i;

const SENDABLE = /^[\x21-\x7e]*$/;

/**
 * The first of the variables that is set: the one that key_env names, else those of the provider. Undefined when none is
 * set. A value that could not be sent, or not be kept out of the evidence, is a failure.
 */
export function keyOf(
  operator: Operator,
  role: AgentRole,
  agent: Agent,
  usual: readonly string[],
): { readonly key: Key | undefined } | { readonly failure: AgentFailure } {
  const named = agent.key_env;
  const where = `[agents.${role}] key_env`;
  if (named !== undefined && (!FOR_MODELS.test(named) || FOR_OTHERS.test(named)))
    return wrong(
      `${where} names ${named}, which does not look like the key of a model. Put the key into a variable such as MODEL_API_KEY and name that.`,
    );
  const names = named === undefined ? usual : [named];
  const name = names.find(each => (operator.secret(each) ?? '').trim() !== '');
  if (name === undefined)
    return named === undefined
      ? { key: undefined }
      : wrong(`${where} names ${named}, which is not set. Set it where this program is started.`);
  const value = (operator.secret(name) ?? '').trim();
  if (value.length < SHORTEST_SECRET)
    return wrong(
      `The key in ${name} has fewer than ${SHORTEST_SECRET} characters, too few to keep it out of the evidence. Use a longer one.`,
    );
  if (!SENDABLE.test(value))
    return wrong(
      `The key in ${name} holds a space, a line break or another character that no header can carry. Set it without.`,
    );
  return { key: { name, value } };
}

function wrong(message: string): { readonly failure: AgentFailure } {
  return { failure: { code: 'config', message } };
}
