// `node scripts/check-lock.mjs`: what the lockfile may bring onto a machine. Needs no network. Exit 1 with a line for each breach.
import { readFileSync } from 'node:fs';
import { pathToFileURL } from 'node:url';

const MOST_RUNTIME_PACKAGES = 60;
const LICENCES = new Set([
  'MIT',
  'ISC',
  'Apache-2.0',
  'BSD-2-Clause',
  'BSD-3-Clause',
  '0BSD',
  'MPL-2.0',
  'MIT OR Apache-2.0',
]);
/** Development tools whose install script is known and never run: `.npmrc` switches scripts off. */
const KNOWN_SCRIPTS = new Set(['node_modules/esbuild']);
const SWITCHES = ['ignore-scripts=true', 'engine-strict=true', 'save-exact=true', 'allow-git=none', 'allow-remote=none'];
const RANGE = /^[\^~<>*]|\s|\|\||^(git|https?|file|link):|^$/;

/** Breaches of one entry of `packages`; `path` as in the lockfile. */
function checkEntry(path, entry) {
  const breaches = [];
  if (entry.link) breaches.push(`${path} is a link`);
  if (!/^sha512-[A-Za-z0-9+/]{86}==$/.test(entry.integrity ?? '')) breaches.push(`${path} has no sha512`);
  const resolved = entry.resolved ?? 'https://registry.npmjs.org/';
  if (!resolved.startsWith('https://registry.npmjs.org/'))
    breaches.push(`${path} comes from ${resolved}, not from the registry`);
  if (entry.hasInstallScript && !KNOWN_SCRIPTS.has(path)) breaches.push(`${path} has an install script`);
  if (!LICENCES.has(entry.license)) breaches.push(`${path} has the licence ${entry.license ?? 'none'}`);
  return breaches;
}

/** Breaches of a lockfile (format 3), its package.json and .npmrc; empty is good. */
export function checkLock(lock, manifest, npmrc) {
  const entries = Object.entries(lock.packages).filter(([path]) => path !== '');
  const runtime = entries.filter(([, entry]) => !entry.dev && !entry.devOptional);
  const wanted = { ...manifest.dependencies, ...manifest.devDependencies };
  return [
    ...entries.flatMap(([path, entry]) => checkEntry(path, entry)),
    ...Object.entries(wanted)
      .filter(([, version]) => RANGE.test(version))
      .map(([name, version]) => `package.json wants ${name} "${version}", which is no exact version`),
    ...(runtime.length > MOST_RUNTIME_PACKAGES
      ? [`${runtime.length} packages at run time; the limit is ${MOST_RUNTIME_PACKAGES}`]
      : []),
    ...SWITCHES.filter(line => !npmrc.split('\n').includes(line)).map(line => `.npmrc lacks ${line}`),
  ];
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  const read = name => readFileSync(new URL(`../${name}`, import.meta.url), 'utf8');
  const lock = JSON.parse(read('package-lock.json'));
  const breaches = checkLock(lock, JSON.parse(read('package.json')), read('.npmrc'));
  for (const breach of breaches) console.error(breach);
  console.log(breaches.length === 0 ? `${Object.keys(lock.packages).length - 1} packages, nothing wrong` : `${breaches.length} wrong`);
  process.exitCode = breaches.length === 0 ? 0 : 1;
}
