import assert from 'node:assert/strict'
import { join } from 'node:path'
import { test } from 'node:test'
import { z } from 'zod'
import { type Asked, startModelServer } from '../model-server.ts'
import { run, withFolder } from './command.ts'

const DAYS = 3

/** The mean of what suppliers report; and it pays the third of them. */
function decide({ kind, prompt }: Asked): object | string {
  if (kind === 'credit') return { shares: [{ supplier: 2, bps: 400 }], reason: null }
  // A model that has lost its mind for a question.
  if (/The question: .*rain.*2014-01-02/i.test(prompt)) return 'I cannot decide.'
  const reports = [...prompt.matchAll(/^- supplier \d+ \([^)]*\): ([\d ]+);/gm)].map(
    ([, report = '']) => report.split(' ').map(Number),
  )
  const outcomeCount = Number(/(\d+) whole numbers/.exec(prompt)?.[1])
  const means = Array.from({ length: outcomeCount }, (_, outcome) => {
    const sum = reports.reduce((total, report) => total + (report[outcome] ?? 0), 0)
    return Math.floor(sum / reports.length)
  })
  const missing = 10_000 - means.reduce((sum, bps) => sum + bps, 0)
  return {
    report: means.with(0, (means[0] ?? 0) + missing),
    used: reports.map((_, supplier) => supplier),
    reasoning: 'The mean of all reports.',
    hypotheses: null,
  }
}

const resultSchema = z.object({
  kind: z.literal('result'),
  resolvedCount: z.int(),
  withheldCount: z.int(),
  faults: z.array(z.unknown()),
  kinds: z.array(
    z.object({
      skills: z.array(
        z.looseObject({ name: z.string(), questionCount: z.int(), logLoss: z.number() }),
      ),
    }),
  ),
  agents: z.array(
    z.looseObject({
      name: z.string(),
      questionCount: z.int(),
      model: z
        .object({
          turns: z.int(),
          choices: z.int(),
          failures: z.record(z.string(), z.int()),
          calls: z.int(),
          promptTokens: z.int(),
        })
        .nullable(),
    }),
  ),
})
type Result = z.infer<typeof resultSchema>

async function up(args: readonly string[], folder: string): Promise<Result> {
  const scenario = ['--scenario', 'forecast', '--days', String(DAYS), '--prosociality', '0,1']
  const model = ['--agent', 'llm,utility', '--think', '4', ...args]
  const { code, stdout, stderr } = await run(['up', '--json', ...scenario, ...model], folder)
  assert.equal(code, 0, stderr)
  const line = stdout.split('\n').find((text) => text.startsWith('{"kind":"result"'))
  return resultSchema.parse(JSON.parse(line ?? '{}'))
}

/** What the forecaster with the model said, by its scores, and what it asked. */
function outcomeOf({ kinds, agents }: Result): object {
  const own = agents.find(({ name }) => name === 'forecaster-1')
  const skills = kinds.map((kind) => kind.skills.find(({ name }) => name === 'forecaster-1'))
  return { skills, model: own?.model, questionCount: own?.questionCount }
}

test(
  'a model forecasts real days on a network of processes, and again from the recording without a server',
  {
    timeout: 280_000,
  },
  () =>
    withFolder(async (folder) => {
      const tape = join(folder, 'tape.jsonl')
      let recorded: Result
      let model: string
      {
        await using server = await startModelServer(decide)
        model = `tester@${server.url}`
        recorded = await up(['--model', model, '--record', tape], folder)
        const credit = server.asked.filter(({ kind }) => kind === 'credit')
        assert.equal(credit.length, 1)
        assert.match(credit[0]?.prompt ?? '', /supplier 2 \(signal-logistic\): credit /)
      }
      assert.deepEqual([recorded.resolvedCount, recorded.withheldCount], [2 * DAYS, 0])
      assert.deepEqual(recorded.faults, [])
      const [own, other] = recorded.agents.filter(({ name }) => name.startsWith('forecaster'))
      assert.equal(other?.model, null)
      // Who fails a question says nothing on it: nothing is made up.
      assert.equal(own?.questionCount, 2 * DAYS - 1)
      const { turns, choices, failures, calls, promptTokens } = own.model ?? {}
      assert.deepEqual([turns, choices, failures, calls], [7, 6, { 'not-json': 1 }, 9])
      assert.ok((promptTokens ?? 0) > 1_000)

      const replayed = await up(['--model', model, '--replay', tape], folder)
      assert.deepEqual(outcomeOf(replayed), outcomeOf(recorded))
    }),
)
