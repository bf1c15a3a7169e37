import { SpecError } from '../errors.js';

const reasons: Readonly<Record<string, string>> = {
  EACCES: 'permission denied',
  EPERM: 'the operation is not permitted',
  EROFS: 'the file system is read-only',
  ENOSPC: 'no space is left on the device',
  EDQUOT: 'the disk quota is used up',
  EFBIG: 'the file would be larger than the system allows',
  EIO: 'the disk reported an I/O error',
  EMFILE: 'too many files are open',
  ENFILE: 'too many files are open in the system',
  ENOTDIR: 'a part of the path is not a folder',
  EISDIR: 'it is a folder',
  ENAMETOOLONG: 'the name is too long',
  ELOOP: 'it is a symbolic link that may not be followed',
  EXDEV: 'it is on another file system',
};

/** The system's error code, such as ENOENT; '' for anything else. */
export function systemCode(error: unknown): string {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : '';
}

/** A system error in our words: no absolute path, which Node's own messages contain. */
export function fileFailure(doing: string, path: string, error: unknown): SpecError {
  return unavailable(`${doing} ${path}`, 'Mend that and call again', error);
}

/** The user's own configuration folder cannot be used. `instead` is a way that needs no folder. */
export function configFolderFailure(doing: string, instead: string, error: unknown): SpecError {
  const what = `${doing} in your configuration folder, spec-kit-mcp below XDG_CONFIG_HOME or ~/.config`;
  return unavailable(what, `Make it one that you can write to, or ${instead}`, error);
}

function unavailable(what: string, next: string, error: unknown): SpecError {
  if (error instanceof SpecError) return error;
  const code = systemCode(error);
  const reason = reasons[code] ?? `the system answered ${code || 'with an unknown error'}`;
  return new SpecError('FILE_UNAVAILABLE', `Could not ${what}: ${reason}. ${next}.`, { cause: error });
}
