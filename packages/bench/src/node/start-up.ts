import { type ChildProcess, fork } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { createLocalGenesis, formatGenesis, TOKEN_FILE } from '@commonweal/node'
import { medianOf } from './median.ts'

const NODES = 5
const SEED = 'bench'
const PAIRS = 5

export interface StartUpFigure {
  readonly nodes: number
  /** From the first spawn until every process is connected to every other, in ms, the medians. */
  readonly bareMs: number
  readonly nodeMs: number
  /** Of nodeMs to bareMs, the median over pairs measured in turn. */
  readonly ratio: number
}

/** Starts five nodes, and five bare libp2p processes, in turn. */
export async function measureStartUp(): Promise<StartUpFigure> {
  const pairs: { bareMs: number; nodeMs: number }[] = []
  for (let pair = 0; pair <= PAIRS; pair += 1) {
    pairs.push({ bareMs: await startBare(), nodeMs: await startNodes() })
  }
  const counted = pairs.slice(1)
  return {
    nodes: NODES,
    bareMs: medianOf(counted.map(({ bareMs }) => bareMs)),
    nodeMs: medianOf(counted.map(({ nodeMs }) => nodeMs)),
    ratio: medianOf(counted.map(({ bareMs, nodeMs }) => nodeMs / bareMs)),
  }
}

const bareProcess = fileURLToPath(new URL('bare-process.ts', import.meta.url))
const nodeProcess = fileURLToPath(import.meta.resolve('@commonweal/node/process'))

async function startBare(): Promise<number> {
  const startMs = performance.now()
  const children = Array.from({ length: NODES }, () => fork(bareProcess, { stdio: 'ignore' }))
  const told = await Promise.all(
    children.map((child) => messageOf<{ addresses: string[] }>(child, 'addresses')),
  )
  const connected = children.map((child) => messageOf(child, 'connected'))
  for (const [index, child] of children.entries()) {
    const dial = told.slice(index + 1).flatMap(({ addresses }) => addresses)
    child.send({ dial, peers: NODES - 1 })
  }
  await Promise.all(connected)
  const elapsedMs = performance.now() - startMs
  await Promise.all(children.map(end))
  return elapsedMs
}

interface ReadyNode {
  readonly addresses: readonly string[]
  readonly api: string
}

async function startNodes(): Promise<number> {
  const folder = mkdtempSync(join(tmpdir(), 'commonweal-bench-'))
  const genesis = join(folder, 'genesis.json')
  writeFileSync(genesis, formatGenesis(createLocalGenesis({ nodes: NODES, seed: SEED })))
  const startMs = performance.now()
  const children = Array.from({ length: NODES }, (_, index) => {
    const config = join(folder, `${index}.json`)
    const dataFolder = join(folder, String(index))
    const key = { seed: SEED, index }
    writeFileSync(config, JSON.stringify({ dataFolder, genesis, key, seed: SEED }))
    return fork(nodeProcess, ['--config', config], { stdio: 'ignore' })
  })
  const ready = await Promise.all(children.map((child) => messageOf<ReadyNode>(child, 'ready')))
  const told = Promise.all(
    ready.map(async ({ api }, index) => {
      const token = readFileSync(join(folder, String(index), TOKEN_FILE), 'utf8').trim()
      // Each is told of all others, as the launcher does: which of two dials is the nodes' business.
      const addresses = ready
        .filter((_, other) => other !== index)
        .flatMap((other) => other.addresses)
      await fetch(`${api}/peers`, {
        method: 'POST',
        headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
        body: JSON.stringify({ addresses }),
      })
    }),
  )
  await Promise.all(ready.map(({ api }) => untilConnected(api)))
  const elapsedMs = performance.now() - startMs
  await told
  await Promise.all(children.map(end))
  rmSync(folder, { recursive: true, force: true })
  return elapsedMs
}

async function untilConnected(api: string): Promise<void> {
  for (;;) {
    const response = await fetch(`${api}/status`)
    const status = (await response.json()) as { peers: readonly unknown[] }
    if (status.peers.length >= NODES - 1) return
    await new Promise((resolve) => setTimeout(resolve, 5))
  }
}

/** The first message of a child that has this field. */
function messageOf<T>(child: ChildProcess, field: string): Promise<T> {
  const { promise, resolve, reject } = Promise.withResolvers<T>()
  child.on('message', (message: T & object) => {
    if (field in message) resolve(message)
  })
  child.once('exit', (code) => reject(new Error(`a process ended before its ${field}: ${code}`)))
  return promise
}

async function end(child: ChildProcess): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>()
  child.removeAllListeners('exit')
  child.once('exit', () => resolve())
  child.kill('SIGTERM')
  await promise
}
