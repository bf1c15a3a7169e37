/** The suite imports globSync from 'fs' and calls it only for what we do not use. */
export const resolve = (specifier, context, next) =>
  specifier === 'fs' && context.parentURL?.includes('/conformance/dist/')
    ? { url: new URL('node-20-fs.mjs', import.meta.url).href, shortCircuit: true }
    : next(specifier, context);
