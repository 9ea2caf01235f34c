import { inspect } from 'node:util'
import { ConfigError } from '../../errors.ts'
import type { PluginDoor } from './plugin.ts'

/** A module that is no agent: its path, what was found there, and what is accepted, in one line. */
export class PluginError extends ConfigError {
  constructor(path: string, found: string, accepted: string, cause?: unknown) {
    super(path, found, accepted, cause)
    this.message = `${path}: ${found}; accepted: ${accepted}`
  }
}

export function acceptedModule(door: PluginDoor): string {
  return `a TypeScript or JavaScript module (${PLUGIN_EXTENSIONS.join(', ')}) that exports ${door}(options)`
}

export const PLUGIN_EXTENSIONS = ['.ts', '.mts', '.js', '.mjs'] as const

/** "TypeError: it has no law" */
export function describeError(error: unknown): string {
  // Not by `String`, which some values have no answer to.
  const thrown = typeof error === 'string' ? error : inspect(error)
  const text = error instanceof Error ? `${error.name}: ${error.message}` : thrown
  return text.split('\n', 1)[0] ?? ''
}
