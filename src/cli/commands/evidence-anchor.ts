import { SpecError } from '../../errors.js';
import {
  headsPayload,
  PAYLOAD_TYPE,
  preAuthentication,
  SSH_NAMESPACE,
  sealed,
  signEd25519,
} from '../../evidence/envelope.js';
import { specsWithEvidence } from '../../evidence/index-page.js';
import { ledgerHead } from '../../evidence/ledger.js';
import { TRAILER } from '../../evidence/trailers.js';
import type { Answer, Parsed, Terminal } from '../command.js';
import { EXIT } from '../exit-codes.js';
import { evidenceOf, specIdOf } from './evidence-target.js';

/** Prints the trailer for a commit message, or with `--sign` an envelope to keep elsewhere. */
export async function anchor(parsed: Parsed, terminal: Terminal): Promise<Answer> {
  const { workspace, root } = await evidenceOf(parsed, terminal);
  const [, named] = parsed.positionals;
  const specIds = named === undefined ? specsWithEvidence(workspace, root) : [specIdOf(named)];
  const heads = specIds.flatMap(specId => ledgerHead(workspace.files, root, specId) ?? []);
  if (heads.length === 0)
    throw new SpecError(
      'NOT_FOUND',
      'There is no evidence to anchor. Run a guardrail or write evidence first.',
    );
  const keyFile = parsed.text('sign');
  if (keyFile === undefined)
    return {
      json: { heads },
      text: heads.map(head => `${TRAILER}: ${head}`).join('\n'),
      exitCode: EXIT.passed,
    };
  const body = headsPayload(heads, workspace.now().toISOString());
  const envelope = await signedBy(keyFile, body, terminal);
  return { json: envelope, text: JSON.stringify(envelope, null, 2), exitCode: EXIT.passed };
}

async function signedBy(keyFile: string, body: Buffer, terminal: Terminal) {
  const bytes = preAuthentication(PAYLOAD_TYPE, body);
  const key = await terminal.input(keyFile);
  if (!key.includes('-----BEGIN OPENSSH PRIVATE KEY-----'))
    return sealed(body, 'ed25519', signEd25519(bytes, key));
  return sealed(body, 'ssh', Buffer.from(await terminal.ssh.sign(keyFile, SSH_NAMESPACE, bytes)));
}
