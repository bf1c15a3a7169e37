import { SpecError } from '../errors.js';

export const GIT_TIMEOUT_MS = 30_000;

/** What git said, in our words. `args`: the subcommand first. */
export function gitFailure(args: readonly string[], error: unknown): SpecError {
  if (error instanceof SpecError) return error;
  const text = error instanceof Error ? error.message : '';
  const command = `git ${args[0] ?? ''}`;
  if (/ENOENT/.test(text))
    return new SpecError(
      'GIT_UNAVAILABLE',
      'git was not found on the PATH. Install git 2.39 or newer and call again.',
      {
        cause: error,
      },
    );
  if (/not a git repository/i.test(text))
    return new SpecError(
      'GIT_UNAVAILABLE',
      'The workspace is no longer a git repository: git does not accept its .git. Restore it, or start the server elsewhere.',
      { cause: error },
    );
  if (/dubious ownership/i.test(text))
    return new SpecError(
      'GIT_UNAVAILABLE',
      'git refuses this repository because another user owns it. Make the owner of the folder run the server, or list it in safe.directory of your own git configuration.',
      { cause: error },
    );
  if (/timeout/i.test(text))
    return new SpecError(
      'GIT_UNAVAILABLE',
      `${command} did not answer within ${GIT_TIMEOUT_MS / 1000} s. Check that no other git process hangs, then call again.`,
      { cause: error },
    );
  return new SpecError(
    'GIT_UNAVAILABLE',
    `${command} failed; the server's log has git's own words. Check \`git status\` in the workspace, then call again.`,
    { cause: error },
  );
}
