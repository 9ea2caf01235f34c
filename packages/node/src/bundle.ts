import { createHash } from 'node:crypto'
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import {
  type Certificate,
  type Cid,
  certificateSchema,
  cidSchema,
  type Digest,
  digestSchema,
  fromHex,
  type Genesis,
  naturalSchema,
  networkIdOf,
  PROTOCOL_VERSION,
} from '@commonweal/protocol'
import { z } from 'zod'
import { OperationalError } from './errors.ts'
import { formatGenesis, parseGenesis } from './genesis-file.ts'
import { formatJson } from './json.ts'

/** A certified end of an epoch that the giver of the bundle vouches for. */
export interface Checkpoint {
  readonly epoch: number
  readonly height: number
  /** Of b_e. */
  readonly block: Cid
  readonly stateDigest: Digest
  readonly certificate: Certificate
}

/** What a person is handed to join a network. */
export interface Bundle {
  readonly name: string
  readonly networkId: Cid
  readonly genesis: Genesis
  /** Multiaddrs that end in `/p2p/<peer id>`. */
  readonly bootNodes: readonly string[]
  /** Addresses under which later checkpoints are published. */
  readonly checkpointAddresses: readonly string[]
  /** Unix ms; null where it does not expire. */
  readonly expiresAtMs: number | null
  readonly checkpoint: Checkpoint | null
}

/**
 * - `bundle-file-missing`: a file of the bundle is not there.
 * - `bundle-digest-mismatch`: a file is not the one that SHA256SUMS lists, or is not listed.
 * - `bundle-malformed`: a file does not have its shape.
 * - `bundle-wrong-network`: the genesis is not the one that `network.json` names.
 * - `bundle-protocol-version`: for another version of the protocol.
 * - `bundle-expired`: its boot nodes are no longer promised.
 */
export type BundleCode =
  | 'bundle-file-missing'
  | 'bundle-digest-mismatch'
  | 'bundle-malformed'
  | 'bundle-wrong-network'
  | 'bundle-protocol-version'
  | 'bundle-expired'

export class BundleError extends OperationalError<BundleCode> {
  override readonly name = 'BundleError'
}

const SUMS = 'SHA256SUMS'
/** Every file of a bundle beside the list of their digests; `checkpoint.json` may be missing. */
const FILES = ['network.json', 'genesis.json', 'bootnodes.txt', 'checkpoint.json'] as const
type BundleFile = (typeof FILES)[number]

const networkSchema = z.strictObject({
  name: z.string(),
  networkId: cidSchema,
  protocolVersion: naturalSchema,
  bootNodes: z.array(z.string()).max(64),
  checkpointAddresses: z.array(z.string()).max(16),
  expiresAtMs: naturalSchema.nullable(),
})

const hexSchema = z
  .string()
  .regex(/^(?:[0-9a-f]{2})*$/)
  .transform(fromHex)

const checkpointSchema = z.strictObject({
  epoch: naturalSchema,
  height: naturalSchema,
  block: cidSchema,
  stateDigest: digestSchema,
  certificate: z
    .looseObject({ signatures: z.array(hexSchema).max(1024) })
    .transform((certificate): unknown => certificate)
    .pipe(certificateSchema),
})

/** Writes a bundle into a folder, which is made where it is missing. */
export function writeBundle(folder: string, bundle: Omit<Bundle, 'networkId'>): void {
  const { genesis, bootNodes, checkpoint, ...network } = bundle
  const networkId = networkIdOf(genesis)
  const files = new Map<BundleFile, string>([
    [
      'network.json',
      `${formatJson({ ...network, networkId, protocolVersion: PROTOCOL_VERSION, bootNodes }, 2)}\n`,
    ],
    ['genesis.json', formatGenesis(genesis)],
    ['bootnodes.txt', bootNodes.map((address) => `${address}\n`).join('')],
  ])
  if (checkpoint !== null) files.set('checkpoint.json', `${formatJson(checkpoint, 2)}\n`)
  mkdirSync(folder, { recursive: true })
  for (const [name, text] of files) writeFileSync(join(folder, name), text)
  const sums = [...files].map(([name, text]) => `${sha256(text)}  ${name}\n`)
  writeFileSync(join(folder, SUMS), sums.join(''))
}

/**
 * Reads a bundle and checks it: digests, shapes, that the genesis is the one of the network id, version, expiry.
 *
 * Errors  BundleError
 */
export function readBundle(folder: string, nowMs: number): Bundle {
  const texts = readFiles(folder)
  const network = readShape(texts, 'network.json', networkSchema)
  if (network.protocolVersion !== PROTOCOL_VERSION) {
    throw new BundleError(
      'bundle-protocol-version',
      `the bundle is for protocol version ${network.protocolVersion}, this software speaks ${PROTOCOL_VERSION}`,
    )
  }
  const genesis = readGenesis(texts)
  const networkId = networkIdOf(genesis)
  if (networkId !== network.networkId) {
    throw new BundleError(
      'bundle-wrong-network',
      `genesis.json is of network ${networkId}, network.json names ${network.networkId}`,
    )
  }
  if (network.expiresAtMs !== null && nowMs >= network.expiresAtMs) {
    const instant = new Date(network.expiresAtMs).toISOString()
    throw new BundleError('bundle-expired', `the bundle expired at ${instant}: ask for a new one`)
  }
  return {
    name: network.name,
    networkId,
    genesis,
    bootNodes: readBootNodes(texts, network.bootNodes),
    checkpointAddresses: network.checkpointAddresses,
    expiresAtMs: network.expiresAtMs,
    checkpoint: texts.has('checkpoint.json')
      ? readShape(texts, 'checkpoint.json', checkpointSchema)
      : null,
  }
}

/** The checkpoint that a node's API tells. Errors  BundleError */
export function parseCheckpoint(value: unknown): Checkpoint {
  return checkShape('checkpoint.json', checkpointSchema, value)
}

/** Errors  BundleError */
export function readCheckpoint(path: string): Checkpoint {
  const text = readMaybe(path)
  if (text === undefined) throw new BundleError('bundle-file-missing', `${path} is not there`)
  return readShape(new Map([['checkpoint.json', text]]), 'checkpoint.json', checkpointSchema)
}

/** The files that SHA256SUMS lists, each as it is listed. */
function readFiles(folder: string): ReadonlyMap<BundleFile, string> {
  const sums = readListed(folder)
  const texts = new Map<BundleFile, string>()
  for (const name of FILES) {
    const text = readMaybe(join(folder, name))
    const listed = sums.get(name)
    if (text === undefined && listed === undefined && name === 'checkpoint.json') continue
    if (text === undefined) {
      throw new BundleError('bundle-file-missing', `${name} is missing in ${folder}`, {
        facts: { file: name },
      })
    }
    if (sha256(text) !== listed) {
      throw new BundleError(
        'bundle-digest-mismatch',
        listed === undefined
          ? `${SUMS} does not list ${name}`
          : `${name} has the digest ${sha256(text)}, ${SUMS} lists ${listed}`,
        { facts: { file: name } },
      )
    }
    texts.set(name, text)
  }
  return texts
}

function readListed(folder: string): ReadonlyMap<string, string> {
  const text = readMaybe(join(folder, SUMS))
  if (text === undefined) {
    throw new BundleError('bundle-file-missing', `${SUMS} is missing in ${folder}`, {
      facts: { file: SUMS },
    })
  }
  const lines = text.split('\n').filter((line) => line !== '')
  return new Map(
    lines.map((line) => {
      const [, digest, name] = /^([0-9a-f]{64}) [ *](.+)$/.exec(line) ?? []
      if (digest === undefined || name === undefined) {
        throw malformed(SUMS, `the line "${line.slice(0, 80)}"`)
      }
      return [name, digest]
    }),
  )
}

function readGenesis(texts: ReadonlyMap<BundleFile, string>): Genesis {
  try {
    return parseGenesis(textOf(texts, 'genesis.json'))
  } catch (error) {
    throw malformed('genesis.json', error instanceof Error ? error.message : String(error), error)
  }
}

function readBootNodes(
  texts: ReadonlyMap<BundleFile, string>,
  named: readonly string[],
): readonly string[] {
  const lines = textOf(texts, 'bootnodes.txt')
    .split('\n')
    .map((line) => line.trim())
  const listed = lines.filter((line) => line !== '' && !line.startsWith('#'))
  return [...new Set([...named, ...listed])]
}

function readShape<T>(
  texts: ReadonlyMap<BundleFile, string>,
  name: BundleFile,
  schema: z.ZodType<T, unknown>,
): T {
  return checkShape(name, schema, parseJson(name, textOf(texts, name)))
}

function checkShape<T>(name: BundleFile, schema: z.ZodType<T, unknown>, value: unknown): T {
  const parsed = schema.safeParse(value)
  if (parsed.success) return parsed.data
  const issue = parsed.error.issues[0]
  throw malformed(name, `${issue?.path.join('.') ?? ''}: ${issue?.message ?? ''}`)
}

function parseJson(name: BundleFile, text: string): unknown {
  try {
    return JSON.parse(text)
  } catch (error) {
    throw malformed(name, 'no JSON', error)
  }
}

function textOf(texts: ReadonlyMap<BundleFile, string>, name: BundleFile): string {
  return texts.get(name) ?? ''
}

function readMaybe(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8')
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined
    throw error
  }
}

function malformed(file: string, what: string, cause?: unknown): BundleError {
  return new BundleError('bundle-malformed', `${file}: ${what}`, { facts: { file }, cause })
}

function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex')
}
