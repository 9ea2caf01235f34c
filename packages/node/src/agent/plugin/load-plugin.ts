import { createHash } from 'node:crypto'
import { existsSync, readFileSync, realpathSync } from 'node:fs'
import nodeModule from 'node:module'
import { basename, extname, resolve } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { pathToFileURL } from 'node:url'
import type { Plugin, PluginDoor } from './plugin.ts'
import { acceptedModule, describeError, PLUGIN_EXTENSIONS, PluginError } from './plugin-error.ts'

/** Longest that a module may take to load: one that waits for something at its top level never does. */
const LOAD_MS_MAX = 10_000

export interface LoadPluginOptions {
  /** The export that is needed. */
  readonly door: PluginDoor
  /** SHA-256 that the file must have, in hex; null takes any. [null] */
  readonly digest?: string | null
}

/** Whether a text names a file of one's own, and no policy: by its ending. */
export function isPluginPath(text: string): boolean {
  return PLUGIN_EXTENSIONS.some((extension) => extname(text) === extension)
}

/** Forms of such a text, for help. */
export const PLUGIN_FORMS: string = `a file of your own such as ./my-agent.ts (${PLUGIN_EXTENSIONS.join(', ')})`

/**
 * Loads an agent of the operator's own. It runs with all rights of this process from here on.
 *
 * A module is loaded once in a process: a file that has changed since is refused.
 * Errors  PluginError: no file, a module that does not load, or lacks the export, or another digest.
 */
export async function loadPlugin(
  path: string,
  { door, digest: wanted = null }: LoadPluginOptions,
): Promise<Plugin> {
  const accepted = acceptedModule(door)
  if (!isPluginPath(path)) {
    throw new PluginError(path, `its name ends in "${extname(path)}"`, accepted)
  }
  const digest = digestOfFile(path, accepted)
  if (wanted !== null && digest !== wanted) {
    throw new PluginError(path, `its SHA-256 is ${digest}`, `the file whose SHA-256 is ${wanted}`)
  }
  const exported = await importModule(path, digest, accepted)
  const createAgent = findFunction(exported, 'createAgent')
  const createForecaster = findFunction(exported, 'createForecaster')
  if ((door === 'createAgent' ? createAgent : createForecaster) === null) {
    throw new PluginError(path, describeExports(exported, door), accepted)
  }
  return { name: basename(path), path, digest, createAgent, createForecaster }
}

function digestOfFile(path: string, accepted: string): string {
  try {
    return createHash('sha256').update(readFileSync(path)).digest('hex')
  } catch (error) {
    const isMissing = error instanceof Error && 'code' in error && error.code === 'ENOENT'
    const found = isMissing ? 'there is no such file' : `it cannot be read: ${describeError(error)}`
    throw new PluginError(path, found, accepted, error)
  }
}

/** A file outside of every project that has our packages finds those of this process; before Node 22.15 it does not. */
function lendPackages(): void {
  if (!('registerHooks' in nodeModule)) return
  nodeModule.registerHooks({
    resolve(specifier, context, next) {
      try {
        return next(specifier, context)
      } catch (error) {
        if (!specifier.startsWith('@commonweal/')) throw error
        return next(specifier, { ...context, parentURL: import.meta.url })
      }
    },
  })
}

/** The URL under which a file is loaded, and by which errors name it. */
export function moduleUrlOf(path: string): string {
  return pathToFileURL(existsSync(path) ? realpathSync(path) : resolve(path)).href
}

type Exports = ReadonlyMap<string, unknown>

/** By URL: the digest of what was loaded, for a module is not loaded twice. */
const loaded = new Map<string, string>()

async function importModule(path: string, digest: string, accepted: string): Promise<Exports> {
  const href = moduleUrlOf(path)
  const before = loaded.get(href)
  if (before !== undefined && before !== digest) {
    throw new PluginError(path, 'it has changed since it was loaded', 'the file as it was')
  }
  if (loaded.size === 0) lendPackages()
  loaded.set(href, digest)
  const over = new AbortController()
  const late = sleep(LOAD_MS_MAX, undefined, { signal: over.signal }).then(() => {
    throw new Error(`it was not loaded within ${LOAD_MS_MAX} ms`)
  })
  late.catch(() => undefined)
  try {
    const module: object = await Promise.race([import(href), late])
    return new Map(Object.entries(module))
  } catch (error) {
    const found = `it does not load${placeIn(path, href, error)}: ${describeError(error)}`
    throw new PluginError(path, found, accepted, error)
  } finally {
    over.abort()
  }
}

/** " (line 3)", where the error says so of the file; what is no JavaScript says it to whoever runs the file. */
function placeIn(path: string, href: string, error: unknown): string {
  const stack = error instanceof Error ? (error.stack ?? '') : ''
  const at = stack.indexOf(`${href}:`)
  const line = at === -1 ? '' : (/^\d+/.exec(stack.slice(at + href.length + 1))?.[0] ?? '')
  if (line !== '') return ` (line ${line})`
  return error instanceof SyntaxError ? ` (node ${path} shows where)` : ''
}

function findFunction(exported: Exports, name: PluginDoor): ((options: object) => unknown) | null {
  const found = exported.get(name)
  return typeof found === 'function'
    ? (options) => Reflect.apply(found, undefined, [options])
    : null
}

function describeExports(exported: Exports, door: PluginDoor): string {
  if (exported.has(door)) return `its ${door} is no function`
  const names = [...exported.keys()]
  return names.length === 0 ? 'it exports nothing' : `it exports ${names.join(', ')} alone`
}
