import { SpecError } from '../../errors.js';
import type { Held } from '../../evidence/anchor.js';
import { openEnvelope, SSH_NAMESPACE, verifiesEd25519 } from '../../evidence/envelope.js';
import type { Flag, Parsed, Terminal } from '../command.js';

/** Whom to believe is always said by the one who verifies, never by the repository. */
export const anchorFlags: Readonly<Record<string, Flag>> = {
  signed: { type: 'string', value: 'FILE', help: 'a signed anchor, as `evidence anchor --sign` prints it' },
  key: { type: 'string', value: 'PUB', help: 'the Ed25519 public key (PEM) that must have signed it' },
  'allowed-signers': { type: 'string', value: 'FILE', help: 'or: allowed signers as ssh-keygen reads them' },
  signer: { type: 'string', value: 'NAME', help: 'and the one of them who must have signed it' },
};

/** The heads of a signed anchor, or why it is not believed; empty without `--signed`. Throws INVALID_ARGUMENT. */
export async function signedAnchors(parsed: Parsed, terminal: Terminal): Promise<readonly Held[]> {
  const file = parsed.text('signed');
  if (file === undefined) return [];
  const opened = openEnvelope(await terminal.input(file));
  const by = parsed.text('signer') ?? parsed.text('key') ?? '';
  if (await believed()) return opened.heads.map(head => ({ head, from: `signed by ${by}` }));
  return [
    {
      from: file,
      problem: `The anchor in ${file} is not signed by ${by}: another key, other bytes, or a signature made for something else. It was not used.`,
    },
  ];

  async function believed(): Promise<boolean> {
    const key = parsed.text('key');
    const [allowed, signer] = [parsed.text('allowed-signers'), parsed.text('signer')];
    if (key !== undefined && allowed === undefined) return verifiesEd25519(opened, await terminal.input(key));
    if (key !== undefined || allowed === undefined || signer === undefined)
      throw new SpecError(
        'INVALID_ARGUMENT',
        '--signed takes --key PUB, or --allowed-signers FILE with --signer NAME: a signature says nothing without the one who must have made it.',
      );
    for (const signature of opened.signatures)
      if (await terminal.ssh.verifies(allowed, signer, SSH_NAMESPACE, opened.signed, signature)) return true;
    return false;
  }
}
