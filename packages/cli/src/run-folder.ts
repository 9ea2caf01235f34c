import { mkdir, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import type { RunningProcess } from '@commonweal/node/local'
import { z } from 'zod'
import { COMMAND } from './invocation.ts'
import { CommandError, UsageError } from './usage-error.ts'

/** Where networks keep their data unless `--data` says otherwise, under the current folder. */
export const DATA_FOLDER_DEFAULT = '.commonweal'

const RECORD_FILE = 'network.json'

/** One process of a network on this machine, as other commands find it. */
export interface NodeRecord {
  readonly index: number
  readonly name: string
  readonly peerId: string
  readonly pid: number
  /** Of the HTTP API, such as `http://127.0.0.1:40123`. */
  readonly api: string
  /** Multiaddr, ending in `/p2p/<peer id>`. */
  readonly address: string
  readonly dataFolder: string
  readonly logFile: string
}

/** A network, or one joined node, that runs on this machine. */
export interface NetworkRecord {
  readonly version: 1
  readonly name: string
  readonly networkId: string
  /** Of the command that started the network. */
  readonly pid: number
  readonly startedAtMs: number
  readonly nodes: readonly NodeRecord[]
}

const recordSchema: z.ZodType<NetworkRecord, unknown> = z.object({
  version: z.literal(1),
  name: z.string(),
  networkId: z.string(),
  pid: z.int().positive(),
  startedAtMs: z.number(),
  nodes: z.array(
    z.object({
      index: z.int().nonnegative(),
      name: z.string(),
      peerId: z.string(),
      pid: z.int().positive(),
      api: z.string(),
      address: z.string(),
      dataFolder: z.string(),
      logFile: z.string(),
    }),
  ),
})

/** A network's record and the folder that holds all that is its own. */
export interface FoundNetwork {
  readonly folder: string
  readonly record: NetworkRecord
  readonly isRunning: boolean
}

/** Makes a new folder for a run: `<base>/<instant>-<pid>`. */
export async function createRunFolder(base: string, nowMs: number): Promise<string> {
  const instant = new Date(nowMs)
    .toISOString()
    .replaceAll(/[-:]|\..*$/g, '')
    .replace('T', '-')
  const folder = resolve(base, `${instant}-${process.pid}`)
  try {
    await mkdir(folder, { recursive: true })
  } catch (error) {
    const why = error instanceof Error && 'code' in error ? String(error.code) : String(error)
    throw new UsageError(
      `--data ${base}: no folder can be made there (${why}); give one that can be written to`,
    )
  }
  return folder
}

/** Removes a run's folder, and the base folder where nothing else is in it. */
export async function removeRunFolder(base: string, folder: string): Promise<void> {
  await rm(folder, { recursive: true, force: true })
  const left = await readdir(base).catch(() => ['?'])
  if (left.length === 0) await rm(base, { recursive: true, force: true })
}

/** What is recorded of a running process. */
export function recordOf(node: RunningProcess, dataFolder: string): Omit<NodeRecord, 'index'> {
  const { name, peerId, pid, api, addresses, logFile } = node
  return { name, peerId, pid, api, address: addresses[0] ?? '', dataFolder, logFile }
}

/** Writes the record whole or not at all, so that a reader never finds half of it. */
export async function saveRecord(folder: string, record: NetworkRecord): Promise<void> {
  const path = join(folder, RECORD_FILE)
  await writeFile(`${path}.new`, `${JSON.stringify(record, null, 2)}\n`)
  await rename(`${path}.new`, path)
}

/** Networks with a record under the base folder, or in it, latest first. */
export async function findNetworks(base: string): Promise<readonly FoundNetwork[]> {
  const names = await readdir(base).catch(() => [])
  const folders = [resolve(base), ...names.map((name) => resolve(base, name))]
  const found = await Promise.all(folders.map(loadNetwork))
  return found
    .filter((network) => network !== undefined)
    .toSorted((a, b) => b.record.startedAtMs - a.record.startedAtMs)
}

/**
 * The network that a command is about: the one named, or else the latest that runs.
 *
 * Errors  CommandError where there is none · UsageError where no network has this name
 */
export async function chooseNetwork(base: string, name: string | undefined): Promise<FoundNetwork> {
  const networks = await findNetworks(base)
  if (name !== undefined) {
    const named = networks.find((network) => isNamed(network, name))
    if (named !== undefined) return named
    const names = networks.map(({ record }) => record.name).join(', ')
    throw new UsageError(
      `--network ${name}: no such network in ${base}${names === '' ? '' : `; there are: ${names}`}`,
    )
  }
  const running = networks.find((network) => network.isRunning) ?? networks[0]
  if (running !== undefined) return running
  throw new CommandError(
    `no network found in ${base}; start one with «${COMMAND} up --keep», or say where it is with --data`,
  )
}

/**
 * The node that a command is about, by index or name.
 *
 * Errors  UsageError
 */
export function chooseNode(record: NetworkRecord, text: string): NodeRecord {
  const node = record.nodes.find(({ index, name }) => String(index) === text || name === text)
  if (node !== undefined) return node
  const names = record.nodes.map(({ index }) => index).join(', ')
  throw new UsageError(`node ${text}: no such node in ${record.name}; accepted: ${names}`)
}

function isNamed({ folder, record }: FoundNetwork, name: string): boolean {
  return record.name === name || folder.endsWith(`/${name}`)
}

async function loadNetwork(folder: string): Promise<FoundNetwork | undefined> {
  const text = await readFile(join(folder, RECORD_FILE), 'utf8').catch(() => undefined)
  if (text === undefined) return undefined
  const parsed = recordSchema.safeParse(parseJson(text))
  if (!parsed.success) return undefined
  return { folder, record: parsed.data, isRunning: isAlive(parsed.data.pid) }
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

/** Whether a process with this id exists; signal 0 asks and does nothing. */
export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM'
  }
}
