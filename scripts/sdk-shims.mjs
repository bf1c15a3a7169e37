// Stands in for the SDK's Node shims in the bundle: the same process, and the SDK's own smaller JSON Schema validator.
// We validate with zod; the SDK's validator serves elicitation only, and its default (ajv) costs a fifth of the start-up.
export { CfWorkerJsonSchemaValidator as DefaultJsonSchemaValidator } from '@modelcontextprotocol/server/validators/cf-worker';
export { default as process } from 'node:process';
