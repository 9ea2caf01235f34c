import assert from 'node:assert/strict'
import { test } from 'node:test'
import { SEATTLE_WEATHER } from '@commonweal/bench/forecast'
import { createLocalForecastGenesis } from '@commonweal/node/local'
import { TOKEN_MICRO } from '@commonweal/protocol'
import { z } from 'zod'
import { LocalNetwork, type LocalNode } from './local-network.ts'
import { until } from './until.ts'

const SEED = 'jury'
/** Who asks, who lies, who disputes, and jurors enough for three seats. */
const NAMES = ['asker', 'liar', 'watcher', 'juror-1', 'juror-2', 'juror-3', 'juror-4']
/** It was dry in Seattle on that day: of the outcomes `rain` and `dry`, the second. */
const DAY = '2014-01-01'
const [RAIN, DRY] = [0, 1]
const LOCKED_MICRO = 100n * TOKEN_MICRO

const eventsSchema = z.object({
  events: z.array(z.object({ height: z.int(), event: z.looseObject({ kind: z.string() }) })),
})
const ledgerSchema = z.object({
  isConserved: z.boolean(),
  accounts: z.array(
    z.object({ name: z.string(), balanceMicro: z.coerce.bigint(), bondMicro: z.coerce.bigint() }),
  ),
})
const marketSchema = z.object({
  height: z.int(),
  locks: z.array(z.object({ agent: z.string(), weightMicro: z.coerce.bigint() })),
  questions: z.array(
    z.object({
      id: z.string(),
      resolveHeight: z.int(),
      stage: z.looseObject({ at: z.string() }),
    }),
  ),
})
const settledSchema = z.object({
  outcome: z.int().nullable(),
  weights: z.array(z.object({ beforeMicro: z.coerce.bigint(), afterMicro: z.coerce.bigint() })),
})
const emissionSchema = z.object({
  payments: z.array(z.object({ source: z.string(), amountMicro: z.coerce.bigint() })),
})
const submittedSchema = z.object({ receipt: z.object({ code: z.string() }) })

test('over a running network a jury settles a dispute, the liar loses its bond, and no weight moves and nothing is paid before', {
  timeout: 240_000,
}, async () => {
  await using network = new LocalNetwork(
    { nodes: NAMES.length, seed: SEED },
    {
      genesis: createLocalForecastGenesis({
        seed: SEED,
        nodes: NAMES.map((name) => ({
          name,
          lockedMicro: name === 'asker' ? LOCKED_MICRO : 0n,
          isOpener: name === 'asker',
        })),
      }),
      agent: () => ({
        weather: {
          // All forecast, but who asks has all the weight; none bonds for an outcome by itself; as jurors all look the day up.
          role: 'signal:climatology',
          series: SEATTLE_WEATHER,
          first: DAY,
          asks: null,
          suppliers: [],
          marginHeights: 4,
        },
      }),
    },
  )
  await network.start()
  const [asker, liar, watcher] = network.nodes
  assert.ok(asker !== undefined && liar !== undefined && watcher !== undefined)

  const openHeight = (await marketOf(asker)).height + 4
  await submit(asker, {
    kind: 'question',
    text: `Does it rain in Seattle on ${DAY}?`,
    topic: `seattle/${DAY}/rain`,
    outcomes: ['rain', 'dry'],
    resolver: { kind: 'schelling' },
    referenceBps: [5_000, 5_000],
    weight: 1,
    openHeight,
    snapshots: [{ closeHeight: openHeight + 30, weightBps: 10_000 }],
    resolveHeight: openHeight + 31,
  })
  const [asked] = (await marketOf(asker)).questions
  assert.ok(asked !== undefined)
  const question = asked.id
  const stageAt = async (node: LocalNode): Promise<string> => {
    const { questions } = await marketOf(node)
    return questions.find(({ id }) => id === question)?.stage.at ?? 'settled'
  }

  await until('it waits for its outcome', async () => {
    const { height } = await marketOf(liar)
    return (await stageAt(liar)) === 'waiting' && height >= openHeight + 31
  })
  const before = await bondsOf(asker)
  await submit(liar, { kind: 'assert', question, outcome: RAIN })
  await submit(watcher, { kind: 'dispute', question, outcome: DRY })
  const seen = new Map<string, ReadonlySet<bigint>>()
  await until('it is settled', async () => {
    const { questions, locks } = await marketOf(asker)
    const stage = questions.find(({ id }) => id === question)?.stage.at
    if (stage === undefined) return true
    const weights = locks.map(({ weightMicro }) => weightMicro)
    seen.set(stage, new Set([...(seen.get(stage) ?? []), ...weights]))
    return false
  })
  assert.ok(seen.has('disputed') || seen.has('jury'))
  for (const [stage, weights] of seen) assert.deepEqual([...weights], [LOCKED_MICRO], stage)

  const { events } = eventsSchema.parse(await asker.get('/forecast/events'))
  const find = (kind: string) => events.find(({ event }) => event.kind === kind)
  assert.equal(find('jury-drawn')?.event['round'], 1)
  assert.deepEqual(
    [find('jury-tallied')?.event['result'], find('jury-tallied')?.event['outcome']],
    ['decided', DRY],
  )
  const settled = find('question-settled')
  assert.ok(settled !== undefined && settled.height >= (find('jury-tallied')?.height ?? Infinity))
  const { outcome, weights } = settledSchema.parse(settled.event)
  assert.equal(outcome, DRY)
  // In winter it is likelier to rain than the house said: who asks was wrong, and loses weight to it.
  const [weight] = weights
  assert.ok(weights.length === 1 && weight?.beforeMicro === LOCKED_MICRO)
  assert.ok(weight.afterMicro < LOCKED_MICRO)
  assert.equal((await marketOf(asker)).locks[0]?.weightMicro, weight.afterMicro)
  const paid = events.flatMap(({ height, event }) =>
    event.kind === 'emission-settled'
      ? emissionSchema.parse(event).payments.map(({ source }) => ({ source, height }))
      : [],
  )
  assert.deepEqual(paid, [{ source: question, height: settled.height }])

  const after = await bondsOf(asker)
  // A bond is 50 tokens: the liar loses it, the watcher wins half of it; fees are far below a token.
  const change = (name: string): number => Number(after.get(name)) - Number(before.get(name))
  assert.ok(change('liar') < -50 && change('liar') > -51)
  assert.ok(change('watcher') > 24 && change('watcher') <= 25)
})

async function submit(node: LocalNode, body: object): Promise<void> {
  const submitted = submittedSchema.parse(await node.post('/transactions?wait=true', body))
  assert.equal(submitted.receipt.code, 'ok')
}

async function marketOf(node: LocalNode): Promise<z.infer<typeof marketSchema>> {
  return marketSchema.parse(await node.get('/forecast'))
}

/** Tokens of each account, by name: balance and bond. */
async function bondsOf(node: LocalNode): Promise<ReadonlyMap<string, number>> {
  const { accounts, isConserved } = ledgerSchema.parse(await node.get('/ledger'))
  assert.ok(isConserved)
  return new Map(
    accounts.map(({ name, balanceMicro, bondMicro }) => [
      name,
      Number(balanceMicro + bondMicro) / Number(TOKEN_MICRO),
    ]),
  )
}
