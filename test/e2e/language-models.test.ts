import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { join } from 'node:path'
import { test } from 'node:test'
import { createLocalGenesis } from '@commonweal/node'
import { z } from 'zod'
import { type Asked, startModelServer } from '../model-server.ts'
import { run, withFolder } from './command.ts'
import { runModelReplicas } from './model-replicas.ts'

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
    const genesis = createLocalGenesis({ nodes: 5, seed: 'models', thinkMs: 60_000 })
    const play = (name: string, mode: string): ReturnType<typeof runModelReplicas> => {
      const model = { name, cassette: { path: tape, mode } }
      return runModelReplicas({ genesis, seed: 'models', lambdas: [0, 0, 0.6, 1, 3], model })
    }
    let recorded: string
    let model: string
    let calls: number
    {
      await using server = await startModelServer(decide)
      model = `tester@${server.url}`
      recorded = (await play(model, 'record')).digest
      calls = server.asked.length
    }
    assert.ok(calls > 60)
    assert.equal((await play(model, 'replay-only')).digest, recorded)
  }))
