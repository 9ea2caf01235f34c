import assert from 'node:assert/strict'
import { appendFileSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, it } from 'node:test'
import type { CassetteMode } from '@commonweal/node/agent'
import { LLMock } from '@copilotkit/aimock'
import type { Experiment } from '../experiment/experiment.ts'
import { parseExperiment } from '../experiment/parse-experiment.ts'
import { mergeFolders } from './merge.ts'
import { readFolder } from './read-folder.ts'
import { type RunOptions, type RunReport, runExperiment } from './run-experiment.ts'
import { parseRun } from './stored-run.ts'

const SECRET = 'sk-a-secret-of-the-operator'
const PRICE = '10/20'
const TEXT = `
name: asked
scenario: { rounds: 2 }
population: [{ policy: llm, count: 1, prosociality: 1 }, { policy: steady, count: 1 }]
seeds: 2
llm: { model: villager, price: "${PRICE}" }
sweep: { contract: [none, text, law] }
`
const LAW = {
  clauses: [{ at: 'submission', when: 'true', then: { primitive: 'cap', limit: 'stock / 4' } }],
}

const base = mkdtempSync(join(tmpdir(), 'asking-'))
let answer: (prompt: string, isRepair: boolean) => object | string
let asked = 0
const mock = new LLMock({ port: 0 })
mock.on({}, ({ messages }) => {
  asked += 1
  const prompt = String(messages[1]?.content)
  const said = answer(prompt, messages.length > 2)
  return { content: typeof said === 'string' ? said : JSON.stringify(said) }
})
before(() => mock.start())
after(async () => {
  await mock.stop()
  rmSync(base, { recursive: true })
})

function sensible(prompt: string): object {
  if (/How many units/.test(prompt)) return { request: 20 + (prompt.length % 7) }
  return /Give `law`/.test(prompt)
    ? { move: 'propose', law: LAW }
    : { move: 'propose', words: 'A quarter each.' }
}

const experiment = parseExperiment(TEXT, 'asked.yaml')

function withCassette(name: string, mode: CassetteMode, from: Experiment = experiment): Experiment {
  return { ...from, cassette: { file: join(base, `${name}.jsonl`), mode } }
}

function run(
  name: string,
  ofExperiment: Experiment,
  options: Partial<RunOptions> = {},
): Promise<RunReport> {
  return runExperiment({
    experiment: ofExperiment,
    folder: join(base, name),
    shard: null,
    isResumed: false,
    jobCount: 3,
    signal: new AbortController().signal,
    onProgress: () => undefined,
    environment: { OPENAI_BASE_URL: `${mock.url}/v1`, OPENAI_API_KEY: SECRET },
    ...options,
  })
}

function filesOf(name: string): Readonly<Record<string, string>> {
  const folder = join(base, name)
  const files = readdirSync(folder).toSorted()
  return Object.fromEntries(files.map((file) => [file, readFileSync(join(folder, file), 'utf8')]))
}

function assertSame(name: string, expected: Readonly<Record<string, string>>): void {
  const found = filesOf(name)
  assert.deepEqual(Object.keys(found), Object.keys(expected))
  for (const [file, text] of Object.entries(expected)) {
    assert.ok(found[file] === text, `${file} of ${name} differs`)
  }
}

describe('an experiment with a language model', async () => {
  before(() => {
    answer = sensible
  })

  it('counts tokens, cost and contracts, and names the model and what it answered', async () => {
    const report = await run('whole', withCassette('tape', 'record'))
    assert.deepEqual([report.doneCount, report.failedCount, report.halted], [6, 0, null])
    const { runs } = await readFolder(join(base, 'whole'))
    for (const { plan, run: stored } of runs) {
      assert.ok(stored.status === 'done')
      const { calls, promptTokens, completionTokens, cost, contracts, formation } = stored.metrics
      assert.ok(Number(calls) >= 2 && Number(promptTokens) > 100 && Number(completionTokens) > 0)
      const exact = (Number(promptTokens) * 10 + Number(completionTokens) * 20) / 1_000_000
      assert.ok(Math.abs(Number(cost) - exact) < 1e-4, `${cost} for ${exact}`)
      assert.equal(contracts, formation ?? 0)
      assert.equal(stored.metrics['costPerContract'], contracts === 0 ? null : cost)
      assert.equal(plan.condition.population[0]?.model, 'villager')
    }
    const manifest = JSON.parse(filesOf('whole')['manifest.json'] ?? '')
    assert.deepEqual(manifest.models, ['villager'])
    assert.match(manifest.cassetteDigest, /^[0-9a-f]{64}$/)
  })

  it('is replayed byte for byte without a server: alone, side by side, and in shards', async () => {
    const whole = filesOf('whole')
    const replay = withCassette('tape', 'replay-only')
    const environment = {}
    asked = 0
    for (const jobCount of [1, 6]) {
      await run(`replay-${jobCount}`, replay, { jobCount, environment })
      assertSame(`replay-${jobCount}`, whole)
    }
    const shards = [1, 2].map((index) => ({ index, count: 2 }))
    for (const shard of shards) await run(`part-${shard.index}`, replay, { shard, environment })
    await mergeFolders([join(base, 'part-2'), join(base, 'part-1')], join(base, 'merged'))
    assertSame('merged', whole)
    assert.equal(asked, 0)
  })

  it('is replayed at another price, which changes what it cost and nothing else', async () => {
    const dear = parseExperiment(TEXT.replace(PRICE, '20/40'), 'dear.yaml')
    await run('dear', withCassette('tape', 'replay-only', dear), { environment: {} })
    const runsOf = async (name: string) => (await readFolder(join(base, name))).runs
    const [cheap, other] = [await runsOf('whole'), await runsOf('dear')]
    for (const [index, { run: stored }] of cheap.entries()) {
      const twin = other[index]?.run
      assert.ok(stored.status === 'done' && twin?.status === 'done')
      assert.equal(twin.outcomeDigest, stored.outcomeDigest)
      const [cost, twice] = [Number(stored.metrics['cost']), Number(twin.metrics['cost'])]
      assert.ok(Math.abs(twice - 2 * cost) < 1e-4)
    }
  })

  it('that was stopped while it wrote goes on, and asks for nothing twice', async () => {
    const stop = new AbortController()
    const recording = withCassette('stopped', 'record')
    const stopped = await run('stopped', recording, {
      signal: stop.signal,
      jobCount: 2,
      onProgress: ({ doneCount }) => {
        if (doneCount === 2) stop.abort()
      },
    })
    assert.equal(stopped.cells, null)
    appendFileSync(join(base, 'stopped.jsonl'), '{"digest":"0123')
    appendFileSync(join(base, 'stopped', 'runs.jsonl'), '{"id":"0123')
    await run('stopped', recording, { isResumed: true })
    assertSame('stopped', filesOf('whole'))
    const linesOf = (name: string): readonly string[] =>
      readFileSync(join(base, `${name}.jsonl`), 'utf8')
        .trimEnd()
        .split('\n')
        .toSorted()
    assert.deepEqual(linesOf('stopped'), linesOf('tape'))
  })

  it('writes into no file that holds something else', async () => {
    await assert.rejects(
      run('twice', withCassette('tape', 'record')),
      /tape\.jsonl: is there already/,
    )
    appendFileSync(join(base, 'notes.jsonl'), 'my notes')
    await assert.rejects(run('notes', withCassette('notes', 'replay')), /a line of a cassette/)
    assert.equal(readFileSync(join(base, 'notes.jsonl'), 'utf8'), 'my notes')
  })

  it('keeps the key out of every file', () => {
    for (const name of readdirSync(base, { recursive: true, encoding: 'utf8' })) {
      const path = join(base, name)
      if (!/\.\w+$/.test(name)) continue
      assert.ok(!readFileSync(path, 'utf8').includes(SECRET), name)
    }
  })

  it('is not begun without its key, nor with a limit of cost and no price', async () => {
    const named = parseExperiment(TEXT.replace('villager', 'openrouter:some/model'), 'asked.yaml')
    await assert.rejects(
      run('no-key', named, { environment: {} }),
      /the model openrouter:some\/model needs OPENROUTER_API_KEY in the environment/,
    )
    const unpriced = parseExperiment(TEXT.replace(`, price: "${PRICE}"`, ''), 'asked.yaml')
    await assert.rejects(
      run('no-price', { ...unpriced, maxCost: 1 }),
      /a limit of cost needs a price/,
    )
    assert.ok(!existsSync(join(base, 'no-key')) && !existsSync(join(base, 'no-price')))
  })
})

describe('a model that fails', () => {
  it('fails the run where it has no number for its harvest, and passes where it has no words', async () => {
    answer = (prompt) => {
      const isHarvest = /How many units/.test(prompt)
      if (!isHarvest) return 'Let me think.'
      return /Round 2\./.test(prompt) && /contract in force:\nnone/.test(prompt)
        ? 'I cannot say.'
        : { request: 10 }
    }
    const report = await run('failing', withCassette('failing', 'record'))
    assert.deepEqual([report.doneCount, report.failedCount], [6, 6])
    const lines = (filesOf('failing')['runs.jsonl'] ?? '').trimEnd().split('\n')
    for (const line of lines) {
      const stored = parseRun(line)
      assert.ok(stored?.status === 'failed')
      assert.match(stored.reason, /^not-json: /)
      const { failedTurns, invalidReplies } = stored.asked ?? {}
      // Three replies a turn: the first, and two that should have been better.
      assert.equal(invalidReplies, 3 * Number(failedTurns?.['not-json']))
    }
    const talked = lines
      .map(parseRun)
      .filter((stored) => Number(stored?.asked?.failedTurns['not-json']) > 1)
    assert.equal(talked.length, 4)
    assert.match(filesOf('failing')['metrics.csv'] ?? '', /,failed,/)
    assert.equal(
      report.cells?.every(({ failedCount }) => failedCount === 2),
      true,
    )
    await run('failing-again', withCassette('failing', 'replay-only'), { environment: {} })
    assertSame('failing-again', filesOf('failing'))
  })

  it('ends the whole where nobody can answer: no run is failed by it', async () => {
    answer = sensible
    const other = parseExperiment(TEXT.replace('rounds: 2', 'rounds: 3'), 'other.yaml')
    const report = await run('not-recorded', withCassette('tape', 'replay-only', other))
    assert.match(report.halted ?? '', /^not-recorded: the cassette has no answer/)
    assert.deepEqual([report.doneCount, report.cells], [0, null])
  })
})

describe('a seat with a model', () => {
  it('speaks for a whole law without being asked, and turns into an adversary like any other', async () => {
    answer = (prompt) => {
      assert.match(prompt, /How many units do you request/)
      return { request: 20 }
    }
    const text = `
scenario: { rounds: 4 }
population: [{ policy: llm, count: 3, model: villager }]
contract: law
law: ${JSON.stringify(LAW)}
adversaries: [{ kind: over-harvester, count: 1, fromRound: 3 }]
seeds: 1
`
    await run('told', parseExperiment(text, 'told.yaml'))
    const [scored] = (await readFolder(join(base, 'told'))).runs
    assert.ok(scored?.run.status === 'done')
    assert.deepEqual([scored.run.metrics['formation'], scored.run.metrics['m']], [1, 4])
    // Three seats in two rounds, two in the others.
    assert.equal(scored.run.metrics['calls'], 3 * 2 + 2 * 2)
  })
})

describe('a server that is not there', () => {
  it('ends the whole at once, and it goes on when there is one', async () => {
    const nowhere = { OPENAI_BASE_URL: 'http://127.0.0.1:9/v1' }
    const recording = withCassette('nowhere', 'record')
    const report = await run('nowhere', recording, { environment: nowhere })
    assert.match(report.halted ?? '', /^connection-lost: /)
    assert.equal(report.doneCount, 0)
    answer = sensible
    assert.equal((await run('nowhere', recording, { isResumed: true })).halted, null)
    assertSame('nowhere', filesOf('whole'))
  })

  it('or refuses the key ends the whole, and nothing of it is kept', async () => {
    const refusing = new LLMock({ port: 0 })
    refusing.on({}, () => ({ error: { message: 'no such key' }, status: 401 }))
    await refusing.start()
    const environment = { OPENAI_BASE_URL: `${refusing.url}/v1`, OPENAI_API_KEY: SECRET }
    const recording = withCassette('refused', 'record')
    const report = await run('refused', recording, { environment })
    await refusing.stop()
    assert.match(report.halted ?? '', /^unauthorized: /)
    assert.deepEqual([report.doneCount, existsSync(join(base, 'refused.jsonl'))], [0, false])
  })
})

describe('a limit of cost', () => {
  it('holds for all runs together, and what is left is done when there is more to spend', async () => {
    answer = sensible
    const limited = { ...withCassette('limited', 'record'), maxCost: 0.25 }
    const first = await run('limited', limited)
    assert.match(first.halted ?? '', /^over-budget: the next call could cost .* of \$0\.25 /)
    assert.equal(first.cells, null)
    const journal = readFileSync(join(base, 'limited', 'spending.log'), 'utf8')
      .trimEnd()
      .split('\n')
    const spent = journal.reduce((sum, line) => sum + Number(line), 0)
    assert.ok(spent > 0 && spent <= 250_000, `${spent} spent`)
    // What was spent before counts when it goes on.
    const again = await run('limited', limited, { isResumed: true })
    assert.match(again.halted ?? '', /^over-budget/)
    const last = await run('limited', { ...limited, maxCost: 50 }, { isResumed: true })
    assert.equal(last.halted, null)
    assertSame('limited', filesOf('whole'))
  })
})
