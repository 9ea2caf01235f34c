import assert from 'node:assert/strict'
import { join } from 'node:path'
import { test } from 'node:test'
import { z } from 'zod'
import { Command, run, untilGone, withFolder } from './command.ts'

const DAYS = 2

const startedSchema = z.object({
  nodes: z.array(z.object({ name: z.string(), role: z.string(), pid: z.int() })),
})
const resultSchema = z.object({
  resolvedCount: z.int(),
  withheldCount: z.int(),
  emissionMicro: z.coerce.bigint(),
  paidMicro: z.coerce.bigint(),
  unmintedMicro: z.coerce.bigint(),
  faults: z.array(z.unknown()),
  kinds: z.array(z.object({ skills: z.array(z.object({ name: z.string() })) })),
})
const bundleSchema = z.object({ folder: z.string() })

test('a chain of depth three forecasts real days, every payment can be followed, and a newcomer is heard', {
  timeout: 280_000,
}, async () => {
  await withFolder(async (folder) => {
    const args = ['up', '--scenario', 'forecast', '--days', String(DAYS), '--keep', '--json']
    const up = new Command(args, folder)
    try {
      await checkResult(up)
      await checkViews(folder)
      await checkNewcomer(up, folder)
    } finally {
      up.signal('SIGINT')
      await up.exit
    }
    const { nodes } = startedSchema.parse(await up.document('started'))
    await untilGone(nodes.map(({ pid }) => pid))
  })
})

async function checkResult(up: Command): Promise<void> {
  const { nodes } = startedSchema.parse(await up.document('started'))
  assert.ok(nodes.length >= 8)
  const result = resultSchema.parse(await up.document('result'))
  assert.equal(result.resolvedCount, 2 * DAYS)
  assert.equal(result.withheldCount, 0)
  assert.equal(result.paidMicro + result.unmintedMicro, result.emissionMicro)
  assert.deepEqual(result.faults, [])
  assert.ok(result.kinds.every(({ skills }) => skills.length >= 4))
}

/** What was said rests on signals, and they on others, down to who measured; and everything can be looked at. */
async function checkViews(folder: string): Promise<void> {
  const explained = await run(['forecast', 'explain', 'seattle/2014-01-01/rain', '--json'], folder)
  assert.equal(explained.code, 0, explained.stderr)
  const { statements } = explanationSchema.parse(JSON.parse(explained.stdout))
  assert.ok(depthOf(statements) >= 4, 'data, feature, signal, forecaster')
  for (const args of [
    ['forecast', 'leaderboard'],
    ['forecast', 'questions'],
    ['emissions', 'trace', 'signal-markov'],
    ['emissions', 'trace', '--dot'],
  ]) {
    const shown = await run(args, folder)
    assert.equal(shown.code, 0, `${args.join(' ')}: ${shown.stderr}`)
    assert.ok(shown.stdout.length > 100)
  }
  const trace = await run(['emissions', 'trace'], folder)
  assert.match(trace.stdout, /adds up to the last micro-unit/)
}

async function checkNewcomer(up: Command, folder: string): Promise<void> {
  const { folder: bundle } = bundleSchema.parse(await up.document('bundle'))
  const args = ['join', bundle, '--data', join(folder, 'joined'), '--role', 'forecaster', '--json']
  const newcomer = new Command(args, folder)
  try {
    const heard = await newcomer.document('step', ({ step }) => step === 'heard')
    assert.match(String(heard['what']), /^seattle\/2014-\d\d-\d\d\/(rain|class): spoke/)
  } finally {
    newcomer.signal('SIGINT')
    assert.equal(await newcomer.exit, 0)
  }
}

test(
  'who bonds for what is false loses its bond by a jury, and is named',
  {
    timeout: 240_000,
  },
  () =>
    withFolder(async (folder) => {
      const args = ['--scenario', 'forecast', '--days', '1', '--resolution', 'disputed', '--json']
      const up = new Command(['up', ...args], folder)
      try {
        const { disputes, ...result } = disputedSchema.parse(await up.document('result'))
        assert.deepEqual(result, { resolvedCount: 2, voidCount: 0, faults: [] })
        assert.equal(disputes.length, 2)
        for (const { title, outcomes, asserted, disputed, dispute, juries, gains } of disputes) {
          // It was dry and sunny.
          const truth = title === 'rain on 2014-01-01' ? 'dry' : 'sun'
          const claims = [asserted, disputed]
          const liar = claims.find(({ outcome }) => outcomes[outcome] !== truth)
          const honest = claims.find(({ outcome }) => outcomes[outcome] === truth)
          assert.ok(liar !== undefined && honest !== undefined)
          assert.equal(outcomes[dispute.outcome ?? -1], truth)
          assert.deepEqual(juries.at(-1)?.result, 'decided')
          const gainOf = new Map(gains.map(({ agent, gainMicro }) => [agent, gainMicro]))
          assert.equal(gainOf.get(liar.agent), -50_000_000n)
          assert.equal(gainOf.get(honest.agent), 25_000_000n)
        }
      } finally {
        await up.exit
      }
    }),
)

const claimSchema = z.object({ agent: z.string(), outcome: z.int() })
const disputedSchema = z.object({
  resolvedCount: z.int(),
  voidCount: z.int(),
  faults: z.array(z.unknown()),
  disputes: z.array(
    z.object({
      title: z.string(),
      outcomes: z.array(z.string()),
      asserted: claimSchema,
      disputed: claimSchema,
      dispute: z.object({ outcome: z.int().nullable() }),
      juries: z.array(z.object({ result: z.string().nullable() })),
      gains: z.array(z.object({ agent: z.string(), gainMicro: z.coerce.bigint() })),
    }),
  ),
})

test('flags of another scenario are refused, and what is accepted is named', () =>
  withFolder(async (folder) => {
    const wrong = await run(['up', '--scenario', 'forecast', '--rounds', '3'], folder)
    assert.equal(wrong.code, 2)
    assert.match(
      wrong.stderr,
      /--rounds is for --scenario commons; --scenario forecast takes --days/,
    )
    const late = await run(['up', '--scenario', 'forecast', '--first', '2015-12-30'], folder)
    assert.equal(late.code, 2)
    assert.match(late.stderr, /goes past the end; accepted: days from 2013-01-01 to 2015-12-31/)
  }))

interface Explained {
  readonly parents: readonly { readonly statement?: Explained | undefined }[]
}

const explainedSchema: z.ZodType<Explained, unknown> = z.object({
  parents: z.array(z.lazy(() => z.object({ statement: explainedSchema.optional() }))),
})

const explanationSchema = z.object({ statements: z.array(explainedSchema) })

/** How many statements stand one on another, at the most. */
function depthOf(statements: readonly (Explained | undefined)[]): number {
  const depths = statements.map((one) =>
    one === undefined ? 0 : 1 + depthOf(one.parents.map(({ statement }) => statement)),
  )
  return Math.max(0, ...depths)
}
