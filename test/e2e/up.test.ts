import assert from 'node:assert/strict'
import { readdir } from 'node:fs/promises'
import { test } from 'node:test'
import { configOfInstance, runRounds, seededBeacons } from '@commonweal/bench/run'
import { parsePolicy, prosocialityOfLambda } from '@commonweal/node/agent'
import { createLocalGenesis } from '@commonweal/node/local'
import { type ContractMode, networkIdOf } from '@commonweal/protocol'
import { z } from 'zod'
import { Command, isAlive, type Json, run, untilGone, withFolder } from './command.ts'

const startedSchema = z.object({
  nodes: z.array(z.object({ name: z.string(), pid: z.int(), peerId: z.string() })),
})

const resultSchema = z.object({
  metrics: z.object({ m: z.int(), R: z.int() }),
  rows: z.array(z.object({ requests: z.array(z.int()), catches: z.array(z.int()) })),
  contracts: z.array(
    z.object({
      signers: z.array(z.string()),
      talks: z.array(z.object({ move: z.string(), words: z.array(z.string()) })),
      effects: z.object({ capsApplied: z.int() }),
    }),
  ),
  counterfactuals: z.array(
    z.object({ title: z.string(), metrics: z.object({ R: z.int(), m: z.int() }) }),
  ),
})

/** Runs a network to its end and gives what it printed as JSON. */
async function up(args: readonly string[]): Promise<{
  readonly started: z.infer<typeof startedSchema>
  readonly result: z.infer<typeof resultSchema>
  readonly left: readonly string[]
}> {
  return withFolder(async (folder) => {
    const { code, stdout, stderr } = await run(['up', '--json', ...args], folder)
    assert.equal(code, 0, stderr)
    const documents = stdout
      .split('\n')
      .filter((line) => line !== '')
      .map((line): Json => JSON.parse(line))
    const find = (kind: string) => documents.find((document) => document['kind'] === kind)
    return {
      started: startedSchema.parse(find('started')),
      result: resultSchema.parse(find('result')),
      left: await readdir(folder),
    }
  })
}

interface Case {
  readonly says: string
  readonly args: readonly string[]
  readonly lambda: number
  readonly contract: ContractMode
  readonly delay: 0 | 1
  readonly law: string | null
  readonly m: number
  readonly R: number
}

const TENTH = 'stock / 10'
const cases: readonly Case[] = [
  {
    says: 'selfish agents without a contract collapse in round 1 with 100 units',
    args: ['--prosociality', '0', '--contract', 'none'],
    lambda: 0,
    contract: 'none',
    delay: 0,
    law: null,
    m: 1,
    R: 100,
  },
  {
    says: 'prosocial agents need no contract: 12 rounds, 600 units',
    args: ['--prosociality', '1', '--contract', 'none'],
    lambda: 1,
    contract: 'none',
    delay: 0,
    law: null,
    m: 12,
    R: 600,
  },
  {
    says: 'selfish agents under a cap of a tenth catch 600 units',
    args: ['--prosociality', '0', '--law', TENTH],
    lambda: 0,
    contract: 'law',
    delay: 0,
    law: TENTH,
    m: 12,
    R: 600,
  },
  {
    says: 'the same cap one round late comes too late',
    args: ['--prosociality', '0', '--law', TENTH, '--contract-delay', '1'],
    lambda: 0,
    contract: 'law',
    delay: 1,
    law: TENTH,
    m: 1,
    R: 100,
  },
]

for (const { says, args, m, R, ...rules } of cases) {
  test(`${says}, from processes as from the plain state machine`, async () => {
    const { result } = await up(args)
    assert.deepEqual({ m: result.metrics.m, R: result.metrics.R }, { m, R })
    const plain = await replay(rules)
    assert.deepEqual(
      result.rows,
      plain.rows.map(({ requests, catches }) => ({ requests, catches })),
    )
  })
}

async function replay(rules: Pick<Case, 'lambda' | 'contract' | 'delay' | 'law'>) {
  const { lambda, contract, delay, law } = rules
  const genesis = createLocalGenesis({
    nodes: 5,
    seed: '1',
    values: contract === 'none' ? 'equal' : 'seeded',
    contract,
    contractDelay: delay,
  })
  const policy = parsePolicy('utility')
  const prosociality = prosocialityOfLambda(lambda)
  const [instance] = genesis.instances
  assert(policy.ok && prosociality.ok && instance !== undefined)
  const plan = { policy: policy.value, prosociality: prosociality.value }
  return runRounds(
    configOfInstance(
      instance,
      instance.seats.map(() => plan),
      law,
    ),
    seededBeacons(networkIdOf(genesis), instance.seats, '1'),
  )
}

test('by default five processes form a law by messages, counter-proposals included, and the ledger enforces it', async () => {
  const { started, result, left } = await up([])
  assert.equal(new Set(started.nodes.map(({ pid }) => pid)).size, 5)
  assert.equal(new Set(started.nodes.map(({ peerId }) => peerId)).size, 5)
  const [contract] = result.contracts
  assert(contract !== undefined)
  assert(contract.signers.length >= 4)
  assert(contract.effects.capsApplied > 0)
  const proposals = contract.talks.filter(({ move }) => move === 'propose')
  assert(proposals.length >= 2)
  assert.notDeepEqual(proposals.at(-1)?.words, proposals[0]?.words)
  assert.deepEqual(
    result.counterfactuals.map(({ title, metrics }) => [title, metrics.m, metrics.R]),
    [
      ['no contract', 1, 100],
      ['everyone at λ*', 12, 600],
    ],
  )
  assert.deepEqual(left, [], 'nothing is left in the folder')
  assert.deepEqual(
    started.nodes.filter(({ pid }) => isAlive(pid)),
    [],
    'no process is left',
  )
})

test('Ctrl-C ends every process, and leaves nothing behind', () =>
  withFolder(async (folder) => {
    const command = new Command(['up', '--json'], folder)
    const { nodes } = startedSchema.parse(await command.document('started'))
    assert(nodes.every(({ pid }) => isAlive(pid)))
    command.signal('SIGINT')
    assert.equal(await command.exit, 130)
    assert.deepEqual(
      nodes.filter(({ pid }) => isAlive(pid)),
      [],
    )
    assert.deepEqual(await readdir(folder), [])
  }))

test('nodes stop by themselves when the command that started them is killed', () =>
  withFolder(async (folder) => {
    const command = new Command(['up', '--json'], folder)
    const { nodes } = startedSchema.parse(await command.document('started'))
    command.signal('SIGKILL')
    await command.exit
    await untilGone(nodes.map(({ pid }) => pid))
  }))

test('a node that is killed is named with the end of its log, and the others go on', () =>
  withFolder(async (folder) => {
    const command = new Command(['up', '--keep'], folder)
    await command.until(() => (command.stdout.includes('round 1/') ? true : undefined))
    const listed = await run(['ps', '--json'], folder)
    const nodes = z
      .array(z.object({ name: z.string(), pid: z.int() }))
      .parse(JSON.parse(listed.stdout))
    const victim = nodes.find(({ name }) => name === 'node-3')
    assert(victim !== undefined)
    process.kill(victim.pid, 'SIGKILL')
    await command.until(() => (command.stderr.includes('go on') ? true : undefined))
    assert.match(command.stderr, /node-3 \(process \d+\) was ended by SIGKILL. The end of its log:/)
    assert.match(command.stderr, /a block is final/)
    const settled = countRounds(command)
    await command.until(() => (countRounds(command) > settled ? true : undefined))
    command.signal('SIGINT')
    await command.exit
    await untilGone(nodes.map(({ pid }) => pid))
  }))

function countRounds(command: Command): number {
  return command.stdout.split('\n').filter((line) => line.startsWith('round ')).length
}

test('down ends a network from another terminal', () =>
  withFolder(async (folder) => {
    const command = new Command(['up', '--keep', '--json'], folder)
    const { nodes } = startedSchema.parse(await command.document('started'))
    const down = await run(['down'], folder)
    assert.equal(down.code, 0, down.stderr)
    assert.match(down.stdout, /local-1 is down/)
    assert.equal(await command.exit, 0)
    await untilGone(nodes.map(({ pid }) => pid))
  }))

test('what cannot be asked for is refused in a line that says what is accepted', async () => {
  const refusals: readonly (readonly [string, RegExp])[] = [
    ['--nodes 0', /'0' is invalid. Accepted: a whole number from 1 to 64/],
    ['--regeneration magic', /Accepted: deterministic, iid, private-signal, hysteresis/],
    ['--prosociality 0,1', /--prosociality has 2 entries for 5 nodes/],
    ['--law r/2', /--law "r\/2".*accepted: an expression such as "stock \/ 10" over round, stock/],
    ['--frequency 3', /unknown option '--frequency'/],
  ]
  await withFolder(async (folder) => {
    for (const [args, expected] of refusals) {
      const { code, stderr } = await run(['up', ...args.split(' ')], folder)
      assert.equal(code, 2)
      assert.match(stderr, expected)
    }
    assert.deepEqual(await readdir(folder), [])
  })
})
