import { SpecError } from '../errors.js';

/** Settings of the repository or the user that would run a program or hide a change, turned off for every call of ours. */
export const hardened = [
  'core.fsmonitor=false',
  'core.hooksPath=/dev/null',
  'core.pager=cat',
  'core.sshCommand=false',
  'core.askPass=',
  'core.untrackedCache=keep',
  'core.quotePath=false',
  'credential.helper=',
  'protocol.allow=never',
  ...['ext', 'file', 'git', 'ssh', 'http', 'https', 'ftp', 'ftps'].map(
    name => `protocol.${name}.allow=never`,
  ),
  'safe.bareRepository=explicit',
  'submodule.recurse=false',
  'gc.auto=0',
  'maintenance.auto=false',
  // A stand-in for a commit, or a check of files that is easily satisfied, would answer for what is not there.
  'core.useReplaceRefs=false',
  'core.trustctime=true',
  'core.checkStat=default',
];

/** Keys that name a program or pull in other configuration. `git-lfs` filters are the one exception people rely on. */
const runsPrograms =
  /^(core\.(fsmonitor|hookspath|sshcommand|pager|editor|gitproxy|askpass|worktree|attributesfile)|(diff|merge)\..+\.(command|textconv|driver)|diff\.external|filter\..+\.(clean|smudge|process)|alias\..+|include(if)?\..*path|credential\..*|gpg\..*program|remote\..+\.(uploadpack|receivepack|vcs)|submodule\..+\.update|url\..+\.insteadof|protocol\..+)$/;

type Raw = (...args: string[]) => Promise<string>;

/** Keys of the repository's own configuration, what it includes and that of the work tree among them. */
export async function ownKeys(raw: Raw): Promise<string[]> {
  const words = (await raw('config', '--includes', '--list', '--show-scope', '--name-only', '-z')).split(
    '\0',
  );
  const keys: string[] = [];
  for (let at = 0; at + 1 < words.length; at += 2) {
    if (words[at] === 'local' || words[at] === 'worktree') keys.push(words[at + 1] ?? '');
  }
  return keys;
}

export function untrustedKeys(keys: readonly string[]): string[] {
  return [...new Set(keys.map(key => key.toLowerCase()).filter(key => runsPrograms.test(key)))].sort();
}

/**
 * What git has no switch for is turned off by its name. `git status` runs clean filters on files it is unsure about, and one that
 * names no program is a plain copy; a partial clone fetches what it misses, and a transport may be any program.
 * Throws GIT_UNAVAILABLE for a name that cannot be written on a command line.
 */
export function neutralSettings(key: string): string[] {
  const transport = /^protocol\.(.+)\.allow$/i.exec(key)?.[1];
  const filter = /^filter\.(.+)\.(clean|smudge|process|required)$/i.exec(key)?.[1];
  const name = transport ?? filter;
  if (name === undefined) return [];
  if (/[=\n]/.test(name))
    throw new SpecError(
      'GIT_UNAVAILABLE',
      "This repository's own git configuration has a filter or protocol with `=` in its name, which cannot be turned off, so git is not asked here. Remove it from .git/config.",
    );
  return transport === undefined
    ? ['clean=', 'smudge=', 'process=', 'required=false'].map(setting => `filter.${name}.${setting}`)
    : [`protocol.${name}.allow=never`];
}
