import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { join } from 'node:path'
import { test } from 'node:test'
import {
  type Agent,
  createLocalGenesis,
  createMemoryStore,
  createModelAgent,
  createNegotiationSituation,
  createNodeSigner,
  createNodeVerify,
  createSituation,
  modelConfigSchema,
} from '@commonweal/node'
import { prosocialityOfLambda } from '@commonweal/node/agent'
import {
  type AgentId,
  type AgentQuestion,
  builtInSubnets,
  type Command,
  type Ledger,
  networkIdOf,
  present,
  type ReplicaContext,
  runs,
  secretKeyOf,
} from '@commonweal/protocol'
import { z } from 'zod'
import { VirtualNetwork } from '../crash/virtual-network.ts'
import { type Asked, startModelServer } from '../model-server.ts'
import { run, withFolder } from './command.ts'

/** A tenth is on the table first; seats with an even number want less, and say it in words. */
function decide({ kind, seat, round, stock, prompt }: Asked): object | string {
  const cap = (limit: string): object => ({
    clauses: [{ at: 'submission', when: 'true', then: { primitive: 'cap', limit, over: null } }],
  })
  const move = (name: string, more: object = {}): object => ({
    move: name,
    law: null,
    words: null,
    text: null,
    ...more,
  })
  if (kind === 'law') return cap('stock / 12')
  // A model that has lost its mind for a turn.
  if (kind === 'request' && seat === 3 && round === 5) return 'I cannot decide.'
  if (kind === 'request')
    return { request: Math.floor(stock / 10) - ((seat + round) % 3), reason: null }
  if (/Terms on the table:\nnone/.test(prompt)) return move('propose', { law: cap('stock / 10') })
  if (seat % 2 === 0 && /stock \/ 10/.test(prompt)) {
    return move('propose', {
      words: 'Nobody takes more than a twelfth.',
      text: 'We should leave more.',
    })
  }
  return move(/Held by:.*you/.test(prompt) ? 'pass' : 'accept')
}

const modelSchema = z.object({
  turns: z.int(),
  choices: z.int(),
  failures: z.record(z.string(), z.int()),
  faults: z.record(z.string(), z.int()),
  calls: z.int(),
  promptTokens: z.int(),
  completionTokens: z.int(),
})

const resultSchema = z.object({
  kind: z.literal('result'),
  metrics: z.looseObject({ m: z.int(), R: z.int() }),
  rows: z.array(z.looseObject({ requests: z.array(z.int()), absent: z.array(z.boolean()) })),
  contracts: z.array(
    z.looseObject({
      id: z.string(),
      words: z.array(z.string()),
      talks: z.array(z.looseObject({ move: z.string() })),
    }),
  ),
  agents: z.array(z.looseObject({ model: modelSchema })),
})

type Result = z.infer<typeof resultSchema>

async function up(args: readonly string[], folder: string): Promise<Result> {
  const { code, stdout, stderr } = await run(['up', '--json', '--agent', 'llm', ...args], folder)
  assert.equal(code, 0, stderr)
  const line = stdout.split('\n').find((text) => text.startsWith('{"kind":"result"'))
  return resultSchema.parse(JSON.parse(line ?? '{}'))
}

/** Of all that a run came to: what was done and caught, what was agreed, what models were asked. */
function digestOfOutcome({ rows, contracts, metrics, agents }: Result): string {
  const agreed = contracts.map(({ id, talks }) => ({ id, talks }))
  const asked = agents.map(({ model }) => model)
  const whole = JSON.stringify({ rows, agreed, metrics, asked })
  return createHash('sha256').update(whole).digest('hex')
}

test('five processes negotiate a law and act twelve rounds by a model server, and again from the recording without one', () =>
  withFolder(async (folder) => {
    const tape = join(folder, 'tape.jsonl')
    let recorded: Result
    let model: string
    {
      await using server = await startModelServer(decide)
      model = `tester@${server.url}`
      recorded = await up(['--model', model, '--record', tape], folder)
      assert.deepEqual(
        [...new Set(server.asked.map(({ seat }) => seat))].toSorted(),
        [0, 1, 2, 3, 4],
      )
    }
    assert.equal(recorded.metrics.m, 12)
    const [contract] = recorded.contracts
    assert.ok(contract !== undefined)
    assert.match(contract.words.join(' '), /at most ⌊stock \/ 12⌋/)
    const moves = contract.talks.map(({ move }) => move)
    assert.ok(moves.filter((move) => move === 'propose').length >= 2, moves.join(' '))

    const models = recorded.agents.map((agent) => agent.model)
    assert.deepEqual(
      models.map(({ failures }) => failures),
      [{}, {}, {}, { 'not-json': 1 }, {}],
    )
    for (const { turns, choices, failures, calls, promptTokens } of models) {
      const failed = Object.values(failures).reduce((sum, count) => sum + count, 0)
      assert.equal(turns, choices + failed)
      assert.ok(calls >= turns && promptTokens > 1_000)
    }
    assert.deepEqual(recorded.rows[4]?.absent, [false, false, false, true, false])

    const replayed = await up(['--model', model, '--replay', tape], folder)
    assert.equal(digestOfOutcome(replayed), digestOfOutcome(recorded))
  }))

test('a server that is not there stalls no round: every turn fails, is counted, and the run comes to its end', () =>
  withFolder(async (folder) => {
    const result = await up(
      [
        '--model',
        'gone@http://127.0.0.1:9/v1',
        '--contract',
        'none',
        '--rounds',
        '2',
        '--think',
        '20',
      ],
      folder,
    )
    assert.equal(result.rows.length, 2)
    for (const { requests, absent } of result.rows) {
      assert.deepEqual(requests, [0, 0, 0, 0, 0])
      assert.ok(absent.every(Boolean))
    }
    for (const { model } of result.agents) {
      assert.deepEqual([model.choices, model.failures], [0, { 'connection-lost': 2 }])
    }
  }))

test('replicas whose agents answer from a recording come to the state digest of the recorded run', () =>
  withFolder(async (folder) => {
    const tape = join(folder, 'tape.jsonl')
    let recorded: string
    let model: string
    let calls: number
    {
      await using server = await startModelServer(decide)
      model = `tester@${server.url}`
      recorded = await runReplicas(model, { path: tape, mode: 'record' })
      calls = server.asked.length
    }
    assert.ok(calls > 60)
    assert.equal(await runReplicas(model, { path: tape, mode: 'replay-only' }), recorded)
  }))

const SEED = 'models'
const NODES = 5
const genesis = createLocalGenesis({ nodes: NODES, seed: SEED, thinkMs: 60_000 })
const networkId = networkIdOf(genesis)
const verify = createNodeVerify(64)
const RUN_MS_MAX = 600_000

/** Whole replicas on one virtual clock, to the end of a run. Result  the state digest of the ledger then, that all have. */
async function runReplicas(name: string, cassette: object): Promise<string> {
  const stop = new AbortController()
  const contexts = Array.from({ length: NODES }, (_, index): ReplicaContext => {
    const signer = createNodeSigner(secretKeyOf(SEED, index))
    return { genesis, networkId, verify, subnets: builtInSubnets, signer, votes: true, seed: SEED }
  })
  const agents = new Map<AgentId, Agent>()
  const network = new VirtualNetwork({
    answer: (agent, question, ledger) =>
      answer(present(agents.get(agent), 'every replica has an agent'), question, ledger),
  })
  for (const [index, context] of contexts.entries()) {
    const prosociality = prosocialityOfLambda([0, 0, 0.6, 1, 3][index] ?? 0)
    assert.ok(prosociality.ok)
    const agent = createModelAgent(modelConfigSchema.parse({ name, cassette }), {
      prosociality: prosociality.value,
      clock: network.clock,
      signal: stop.signal,
      environment: {},
    })
    agents.set(context.signer.agent, agent)
    network.start(context, createMemoryStore(), (error) => {
      throw error
    })
  }
  const isOver = (ledger: Ledger): boolean => runs.find(ledger, 'commons')?.status === 'ended'
  await network.run(
    'the run ends',
    () => network.members().every(({ ledger }) => isOver(ledger())),
    RUN_MS_MAX,
  )
  const [first, ...others] = network.members().map(({ stateDigest }) => stateDigest())
  for (const other of others) assert.equal(other, first)
  for (const { loop } of network.members()) loop.stop()
  return present(first, 'there are replicas')
}

async function answer(agent: Agent, question: AgentQuestion, ledger: Ledger): Promise<Command> {
  const { subnet, epoch } = question
  try {
    if (question.kind === 'act') {
      const situation = present(createSituation(ledger, question), 'agents can play a commons')
      return { kind: 'act', subnet, epoch, action: await agent.act(situation) }
    }
    const situation = present(
      createNegotiationSituation(ledger, question),
      'agents can play a commons',
    )
    const move = await agent.negotiate(situation)
    const said = move.move === 'reject' ? ({ move: 'reject', text: move.text } as const) : move
    return { kind: 'move', subnet, epoch, turn: question.turn, move: said }
  } catch {
    if (question.kind === 'act')
      return { kind: 'submit', body: { kind: 'pass', subnet }, tag: null }
    return { kind: 'move', subnet, epoch, turn: question.turn, move: { move: 'pass' } }
  }
}
