import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { appendFile, cp, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { createLocalGenesis, readBundle, writeBundle } from '@commonweal/node/local'
import { z } from 'zod'
import { Command, isAlive, run, untilGone, withFolder } from './command.ts'

const bundleSchema = z.object({ folder: z.string() })
const stepSchema = z.object({ step: z.string(), status: z.literal('done'), what: z.string() })
const runSchema = z.object({ run: z.int(), seats: z.int(), metrics: z.object({ m: z.int() }) })
const psSchema = z.array(z.object({ pid: z.int() }))

/** A network that runs on, and the bundle that it hands out. */
interface Kept {
  readonly command: Command
  readonly folder: string
  readonly bundle: string
}

async function keepUp(folder: string): Promise<Kept> {
  const command = new Command(['up', '--keep', '--json', '--rounds', '4'], folder)
  const { folder: bundle } = bundleSchema.parse(await command.document('bundle'))
  return { command, folder, bundle }
}

let kept: Kept
let release: () => void
let over: Promise<void>
before(async () => {
  const ready = Promise.withResolvers<void>()
  const released = Promise.withResolvers<void>()
  release = released.resolve
  over = withFolder(async (folder) => {
    kept = await keepUp(folder)
    ready.resolve()
    await released.promise
    kept.command.signal('SIGINT')
    await kept.command.exit
  })
  await Promise.race([ready.promise, over])
})
after(async () => {
  release()
  await over
})

test('a newcomer shakes hands, verifies a certified snapshot, follows, is funded, takes a seat and plays a run to its end', () =>
  withFolder(async (folder) => {
    // The bundle of the first run's end holds a checkpoint: from then on there is a chain to verify.
    await kept.command.document('result')
    const newcomer = new Command(
      ['join', kept.bundle, '--data', join(folder, 'node'), '--prosociality', '1', '--json'],
      folder,
    )
    const played = stepSchema.parse(
      await newcomer.document('step', (document) => document['step'] === 'run'),
    )
    const steps = newcomer.stdout
      .split('\n')
      .filter((line) => line !== '')
      .map((line) => stepSchema.parse(JSON.parse(line)))
    assert.deepEqual(
      steps.map(({ step }) => step),
      [
        'bundle',
        'key',
        'handshake',
        'snapshot',
        'catching-up',
        'funded',
        'bonded',
        'seated',
        'run',
      ],
    )
    assert.match(
      steps[3]?.what ?? '',
      /^verified: epoch \d+, height \d+, \d+ epochs after the checkpoint$/,
    )
    assert.match(steps[5]?.what ?? '', /by the faucet: 200.00 tokens/)

    // The network itself tells of the same run, with six seats.
    const number = Number(/run (\d+) settled/.exec(played.what)?.[1])
    const told = runSchema.parse(
      await kept.command.document('run', (document) => document['run'] === number),
    )
    assert.equal(told.seats, 6)
    assert.equal(told.metrics.m, 4)

    // Leaving gives the seat back: a later run has five seats again.
    const listed = await run(['ps', '--data', join(folder, 'node'), '--json'], folder)
    const pids = psSchema.parse(JSON.parse(listed.stdout)).map(({ pid }) => pid)
    assert(pids.every(isAlive))
    newcomer.signal('SIGINT')
    assert.equal(await newcomer.exit, 0)
    await untilGone(pids)
    await kept.command.document(
      'run',
      (document) => Number(document['run']) > number && document['seats'] === 5,
    )
  }))

test('a node that has joined goes on from its own data when it is started again', () =>
  withFolder(async (folder) => {
    const args = ['join', kept.bundle, '--data', join(folder, 'node'), '--json']
    const first = new Command(args, folder)
    await first.document('step', ({ step }) => step === 'funded')
    first.signal('SIGINT')
    await first.exit
    const second = new Command(args, folder)
    const funded = await second.document('step', ({ step }) => step === 'funded')
    assert.match(String(funded['what']), /holds \d+\.\d\d tokens already/)
    assert.match(second.stdout, /goes on from its own data/)
    assert.match(second.stdout, /the one of this data folder/)
    second.signal('SIGINT')
    await second.exit
  }))

test('a bundle that was changed is refused, and the file is named', () =>
  withFolder(async (folder) => {
    await cp(kept.bundle, join(folder, 'bundle'), { recursive: true })
    await appendFile(join(folder, 'bundle', 'genesis.json'), ' ')
    const { code, stderr } = await run(['join', 'bundle'], folder)
    assert.equal(code, 1)
    assert.match(stderr, /error: bundle: bundle-digest-mismatch: genesis.json has the digest/)
  }))

test('a network that is not the one of the bundle refuses the newcomer at the handshake', () =>
  withFolder(async (folder) => {
    const { bootNodes } = readBundle(kept.bundle, Date.now())
    const genesis = createLocalGenesis({ nodes: 5, seed: 'another' })
    writeBundle(join(folder, 'bundle'), {
      name: genesis.name,
      genesis,
      bootNodes,
      checkpointAddresses: [],
      expiresAtMs: null,
      checkpoint: null,
    })
    const { code, stderr } = await run(['join', 'bundle', '--data', 'node'], folder)
    assert.equal(code, 1)
    assert.match(stderr, /error: handshake: foreign-network:/)
  }))

test('where no boot node answers, joining says so', () =>
  withFolder(async (folder) => {
    const { bootNodes, ...bundle } = readBundle(kept.bundle, Date.now())
    // Port 1 of this machine: nobody listens there.
    const unreachable = bootNodes.map((address) => address.replace(/tcp\/\d+/, 'tcp/1'))
    writeBundle(join(folder, 'bundle'), { ...bundle, bootNodes: unreachable })
    const { code, stderr } = await run(['join', 'bundle', '--data', 'node'], folder)
    assert.equal(code, 1)
    assert.match(stderr, /error: handshake: .*0 peers told their heads/)
  }))

test('a checkpoint of another history is refused', () =>
  withFolder(async (folder) => {
    await kept.command.document('result')
    const { checkpoint, ...bundle } = readBundle(kept.bundle, Date.now())
    assert(checkpoint !== null)
    const stateDigest = 'ab'.repeat(32)
    writeBundle(join(folder, 'bundle'), { ...bundle, checkpoint })
    const path = join(folder, 'bundle', 'checkpoint.json')
    const text = await readFile(path, 'utf8')
    await writeFile(path, text.replace(checkpoint.stateDigest, stateDigest))
    await resum(join(folder, 'bundle'), 'checkpoint.json')
    const { code, stderr } = await run(['join', 'bundle', '--data', 'node'], folder)
    assert.equal(code, 1)
    assert.match(stderr, /error: handshake: .*no peer has the block .* of the checkpoint/)
  }))

/** Lists the digest that a file of a bundle has, as a forger would. */
async function resum(bundle: string, name: string): Promise<void> {
  const digest = createHash('sha256')
    .update(await readFile(join(bundle, name)))
    .digest('hex')
  const sums = await readFile(join(bundle, 'SHA256SUMS'), 'utf8')
  const lines = sums.split('\n').map((line) => (line.endsWith(name) ? `${digest}  ${name}` : line))
  await writeFile(join(bundle, 'SHA256SUMS'), lines.join('\n'))
}
