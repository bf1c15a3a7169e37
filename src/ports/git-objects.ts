const MOST_OBJECTS = 2000;
const OBJECT = /^[0-9a-f]{40}([0-9a-f]{24})?$/;
/** An object id, or a path at one; no path of ours starts with a dash or holds `..`. */
const BLOB = /^[0-9a-f]{40}(?:[0-9a-f]{24})?(?::(?!\.\.)[A-Za-z0-9._/-]{1,400})?$/;

type Raw = (...args: string[]) => Promise<string>;

export async function objectsHere(
  raw: Raw,
  objects: readonly string[],
): Promise<{ readonly known: ReadonlySet<string>; readonly shallow: boolean }> {
  const shallow = (await raw('rev-parse', '--is-shallow-repository')).trim() === 'true';
  const asked = objects.filter(object => OBJECT.test(object)).slice(0, MOST_OBJECTS);
  if (asked.length === 0) return { known: new Set(), shallow };
  const listed = await raw('rev-list', '--no-walk', '--ignore-missing', ...asked);
  return { known: new Set(listed.split('\n').filter(Boolean)), shallow };
}

/** `bytes` gives a blob as it is stored, without any filter. */
export async function blob(
  raw: Raw,
  bytes: (name: string) => Promise<unknown>,
  name: string,
  maxBytes: number,
): Promise<Buffer | undefined> {
  if (!BLOB.test(name)) return undefined;
  const size = Number(await raw('cat-file', '-s', name).catch(() => Number.NaN));
  if (!(size <= maxBytes)) return undefined;
  const content = await bytes(name).catch(() => undefined);
  return Buffer.isBuffer(content) ? content : undefined;
}
