import { SpecError } from '../errors.js';
import { createRedactor } from '../redact/redactor.js';
import type { Redactor } from '../workspace/redactor.js';
import type { Workspace } from '../workspace/workspace.js';

const known = new WeakMap<readonly string[], Redactor>();

/** The redactor of the operator's secrets; made once, because it prepares every encoded form of every secret. */
export function redactorOf({ operator }: Pick<Workspace, 'operator'>): Redactor {
  const made = known.get(operator.secrets) ?? createRedactor(operator.secrets);
  known.set(operator.secrets, made);
  return made;
}

/** A file's text as it may be published. Throws REFUSED where hiding a secret would break the JSON around it. */
export function redactedFile(redactor: Redactor, name: string, bytes: Uint8Array): Uint8Array {
  const text = Buffer.from(bytes).toString();
  const clean = redactor.text(text);
  if (clean === text) return bytes;
  if (name.endsWith('.json') && isJson(text) && !isJson(clean))
    throw new SpecError(
      'REFUSED',
      `${name} holds a secret as a number or a name, and hiding it would break the JSON. Leave it out and call again.`,
    );
  return Buffer.from(clean);
}

/** A claim's text as it may be published; half a surrogate pair, as a cut text may end in, has no place in JSON. */
export function redactedText(redactor: Redactor, text: string): string {
  return redactor.text(text.replaceAll(/[\uD800-\uDFFF]/gu, '\uFFFD'));
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}
