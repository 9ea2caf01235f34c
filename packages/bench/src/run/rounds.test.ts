import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Agent } from '@commonweal/node/agent'
import {
  type CommonsParams,
  type CommonsRow,
  type CommonsState,
  commons,
  computeMetrics,
  type Digest,
  digestOf,
  type Law,
  settleRound,
  type Terms,
} from '@commonweal/protocol'
import { withEveryoneProsocial, withoutContract } from './counterfactual.ts'
import { type RunResult, runRounds } from './rounds.ts'
import {
  beaconsOf,
  configOf,
  formatMetrics,
  type RunOptions,
  repeat,
  run,
  TENTH,
  unequalValues,
} from './rounds-fixtures.ts'

const COLLAPSED = 'm 1 R 100 u 1.0000 e 1.0000 o 1.0000'
const FIRST_BEST = 'm 12 R 600 u 1.0000 e 1.0000 o 0.0000'
const PRUDENT = 'm 12 R 300 u 0.5000 e 1.0000 o 0.0000'

const tables: readonly (readonly [string, readonly string[], RunOptions, string])[] = [
  ['5 fair-share', repeat(5, 'fair-share'), {}, COLLAPSED],
  ['5 greedy under the cap S/10', repeat(5, 'greedy'), TENTH, FIRST_BEST],
  ['5 steady', repeat(5, 'steady'), {}, FIRST_BEST],
  ['5 escapement(50)', repeat(5, 'escapement(50)'), {}, FIRST_BEST],
  ['5 greedy under the cap 5', repeat(5, 'greedy'), { contract: 'law', law: '5' }, PRUDENT],
  ['5 fair-share under the cap 5', repeat(5, 'fair-share'), { contract: 'law', law: '5' }, PRUDENT],
  ['5 steady under the cap 5', repeat(5, 'steady'), { contract: 'law', law: '5' }, PRUDENT],
  [
    '4 steady and 1 greedy under the cap S/10',
    [...repeat(4, 'steady'), 'greedy'],
    TENTH,
    FIRST_BEST,
  ],
  ['5 at λ = 1', repeat(5, 'utility 1'), {}, FIRST_BEST],
  ['5 at λ* = 0.6', repeat(5, 'utility 0.6'), {}, FIRST_BEST],
  ['5 at λ = 0 under the cap S/10', repeat(5, 'utility 0'), TENTH, FIRST_BEST],
]
for (const [name, plans, options, expected] of tables) {
  test(`${name}: ${expected}`, async () => {
    assert.equal(formatMetrics(await run(plans, options)), expected)
  })
}

// k steady, the others fair-share, no contract.
const doseResponse = [
  'm 1 R 100 u 1.0000 e 1.0000 o 1.0000',
  'm 2 R 108 u 1.0000 e 0.9111 o 1.0000',
  'm 4 R 131 u 0.6550 e 0.8443 o 1.0000',
  'm 7 R 179 u 0.5114 e 0.8190 o 1.0000',
  'm 12 R 314 u 0.5233 e 0.8624 o 0.6667',
  'm 12 R 600 u 1.0000 e 1.0000 o 0.0000',
]
doseResponse.forEach((expected, k) => {
  test(`${k} steady and ${5 - k} fair-share: ${expected}`, async () => {
    const plans = [...repeat(k, 'steady'), ...repeat(5 - k, 'fair-share')]
    assert.equal(formatMetrics(await run(plans)), expected)
  })
})

// Rows whose division of the stock is drawn: everything but e is exact.
const SEEDS = 200
const rationed: readonly (readonly [string, readonly string[], RunOptions, number])[] = [
  ['5 greedy without contract', repeat(5, 'greedy'), {}, 0.899],
  ['5 greedy under words', repeat(5, 'greedy'), { contract: 'text' }, 0.899],
  ['5 greedy, cap S/10 one round late', repeat(5, 'greedy'), { ...TENTH, contractDelay: 1 }, 0.899],
  ['5 at λ = 0', repeat(5, 'utility 0'), {}, 0.899],
  ['5 at λ = 0.59', repeat(5, 'utility 0.59'), {}, 0.899],
  ['4 steady and 1 greedy', [...repeat(4, 'steady'), 'greedy'], {}, 0.6],
]
for (const [name, plans, options, equality] of rationed) {
  test(`${name}: m 1 R 100 u 1 o 1, and a mean e of ${equality}`, async () => {
    let sum = 0
    for (let seed = 0; seed < SEEDS; seed++) {
      const { metrics } = await run(plans, { ...options, seed })
      const { m, R, u, o } = metrics
      assert.deepEqual({ m, R, u, o }, { m: 1, R: 100, u: 1, o: 1 })
      sum += metrics.e
    }
    // e of one run has a standard deviation of about 0.03: this is three of the mean's.
    assert.ok(Math.abs(sum / SEEDS - equality) < 0.006, `mean e ${sum / SEEDS}`)
  })
}

test('iid, 5 escapement(40): R 500.0 u .889 o .271 over all 4096 sequences of rates', () => {
  const params = commons.paramsSchema.parse({ regeneration: { mode: 'iid' } })
  const runs = playAllRates(params, ({ stock }) => Math.max(0, Math.floor((stock - 40) / 5)))
  assert.equal(runs.length, 4096)
  const metrics = runs.map((rows) => computeMetrics(params, 5, rows))
  const mean = (pick: (index: number) => number): number =>
    metrics.reduce((sum, _, index) => sum + pick(index), 0) / metrics.length
  assert.equal(mean((index) => metrics[index]?.R ?? 0).toFixed(1), '500.0')
  assert.equal(mean((index) => metrics[index]?.u ?? 0).toFixed(3), '0.889')
  assert.equal(mean((index) => metrics[index]?.o ?? 0).toFixed(3), '0.271')
})

/** Every sequence of the two rates, each as likely as any other. */
function playAllRates(
  params: CommonsParams,
  request: (state: CommonsState) => number,
): readonly (readonly CommonsRow[])[] {
  const beacons = [beaconWithRate(params, 150), beaconWithRate(params, 250)]
  const runs: (readonly CommonsRow[])[] = []
  const extend = (state: CommonsState, rows: readonly CommonsRow[]): void => {
    if (commons.isEnded(params, state)) {
      runs.push(rows)
      return
    }
    const seat = { action: BigInt(request(state)), absent: false }
    const actions = [seat, seat, seat, seat, seat]
    for (const beacon of beacons) {
      const randomness = { beacon, signal: null }
      const settled = settleRound(commons, { params, state, actions, laws: [], randomness })
      extend(settled.state, [...rows, settled.row])
    }
  }
  extend(commons.start(params, 5), [])
  return runs
}

function beaconWithRate(params: CommonsParams, ratePercent: number): Digest {
  for (let index = 0; ; index++) {
    const beacon = digestOf(Uint8Array.of(index))
    const state = commons.start(params, 1)
    const settled = settleRound(commons, {
      params,
      state,
      actions: [{ action: 0n, absent: false }],
      laws: [],
      randomness: { beacon, signal: null },
    })
    if (settled.row.ratePercent === ratePercent) return beacon
  }
}

test('the same seed gives the same run, another seed another one', async () => {
  const options: RunOptions = { ...TENTH, params: { regeneration: { mode: 'iid' } } }
  const plans = ['utility 0', 'utility 0', 'utility 0.6', 'utility 1', 'utility 3']
  const first = await run(plans, options)
  assert.deepEqual(await run(plans, options), first)
  assert.notDeepEqual((await run(plans, { ...options, seed: 2 })).rows, first.rows)
})

function proposalsOf({ negotiations }: RunResult): readonly string[] {
  const [first] = negotiations
  return (first?.turns ?? []).flatMap(({ move }) =>
    move.move === 'propose' ? [move.terms.text] : [],
  )
}

for (const seed of [1, 2, 3, 4, 5]) {
  test(`with unequal values (seed ${seed}) agents counter-propose, and agree on other terms than the first`, async () => {
    const plans = ['utility 0', 'utility 0', 'utility 0.6', 'utility 1', 'utility 3']
    const result = await run(plans, { contract: 'law', params: unequalValues(seed, 5), seed })
    const [agreement] = result.agreements
    assert.ok(agreement !== undefined)
    assert.ok(agreement.holders.length >= 4)
    assert.ok(new Set(proposalsOf(result)).size >= 2, proposalsOf(result).join(' | '))
    assert.notEqual(agreement.terms.text, proposalsOf(result)[0])
    assert.equal(result.laws.length, 12)
    assert.equal(formatMetrics(result).split(' u ')[0], 'm 12 R 600')
  })
}

for (const count of [1, 2, 3, 4, 6, 7, 10]) {
  test(`${count} selfish agents find a law that keeps the stock`, async () => {
    const params = unequalValues(count, count)
    const result = await run(repeat(count, 'utility 0'), { contract: 'law', params })
    assert.equal(result.metrics.m, 12)
    assert.ok(result.metrics.u12 > 0.95, formatMetrics(result))
  })
}

test('a law in force is kept as long as nothing better is in sight', async () => {
  const result = await run(repeat(5, 'utility 0'), { contract: 'law' })
  assert.equal(result.agreements.length, 1)
  const later = result.negotiations.slice(1).flatMap(({ turns }) => turns)
  assert.ok(later.length > 0)
  for (const { move } of later) assert.equal(move.move, 'pass')
})

test('a law says round by round whom it held back', async () => {
  const { laws, agreements } = await run(repeat(5, 'greedy'), TENTH)
  const [first] = laws
  assert.equal(first?.agreement, agreements[0]?.id)
  const caps = first?.records.filter(({ kind }) => kind === 'action') ?? []
  assert.deepEqual(
    caps.map((record) => ('before' in record ? [record.before, record.after] : [])),
    [
      [100n, 10n],
      [100n, 10n],
      [100n, 10n],
      [100n, 10n],
      [100n, 10n],
    ],
  )
})

test('one round late, a law is agreed for the second round and the first has none', async () => {
  const plans = repeat(5, 'steady')
  const { agreements, laws } = await run(plans, { ...TENTH, contractDelay: 1 })
  assert.deepEqual(agreements[0]?.terms.rounds, [2, 12])
  assert.deepEqual(
    laws.map(({ round }) => round),
    [2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12],
  )
})

test('without its contract the mixed population collapses; with everyone at λ* it needs none', async () => {
  const config = configOf(['utility 0', 'utility 0', 'utility 0.6', 'utility 1', 'utility 3'], {
    contract: 'law',
  })
  const beacons = beaconsOf(config, 1)
  const { metrics } = await runRounds(withoutContract(config), beacons)
  assert.deepEqual([metrics.m, metrics.R], [1, 100])
  assert.equal(formatMetrics(await runRounds(withEveryoneProsocial(config), beacons)), FIRST_BEST)
})

test('everyone at its own λ* keeps the stock also where values are unequal', async () => {
  for (const seed of [1, 2, 3, 4, 5]) {
    const config = configOf(repeat(5, 'utility 0'), { params: unequalValues(seed, 5) })
    const result = await runRounds(withEveryoneProsocial(config), beaconsOf(config, seed))
    assert.equal(formatMetrics(result), FIRST_BEST)
  }
})

test('worth is catch times value', async () => {
  const params = { valuesPercent: [50, 100, 150] }
  const result = await run(repeat(3, 'steady'), { params })
  assert.deepEqual(
    result.values,
    result.catches.map((caught, seat) => caught * (0.5 + 0.5 * seat)),
  )
})

test('an agent that answers later, as a model does, plays the same game', async () => {
  const agents = repeat(5, 'greedy').map(
    (): Agent => ({
      name: 'slow',
      act: () => Promise.resolve(10n),
      negotiate: () => Promise.resolve({ move: 'pass' }),
    }),
  )
  const result = await run(repeat(5, 'greedy'), { agents, contract: 'law' })
  assert.equal(formatMetrics(result), FIRST_BEST)
})

test('a request out of range counts as absence', async () => {
  const wild: Agent = { name: 'wild', act: () => -1n, negotiate: () => ({ move: 'pass' }) }
  const result = await run(['greedy'], { agents: [wild] })
  assert.deepEqual(result.rows[0]?.absent, [true])
  assert.equal(result.metrics.R, 0)
})

/** Speaks a law with a price: who requests more than 10 pays a token for it, and 0.5 go to seat 0. */
function priceAgent(request: bigint): Agent {
  const when = 'requests[self] > 10'
  const law: Law = {
    clauses: [
      { at: 'submission', when, then: { primitive: 'sanction', amount: '1000000' } },
      { at: 'submission', when, then: { primitive: 'transfer', to: '0', amount: '500000' } },
    ],
  }
  return {
    name: 'price',
    act: () => request,
    negotiate: ({ standing, seats, quorum, params, covering }) => {
      if (covering !== null) return { move: 'pass' }
      if (standing !== null) return { move: 'accept' }
      const terms: Terms = {
        parties: seats,
        quorum,
        subnet: 'commons',
        rounds: [1, params.rounds],
        mode: 'law',
        text: '',
        law,
        collateralMicro: seats.map(() => 10_000_000n),
        replaces: null,
      }
      return { move: 'propose', terms }
    },
  }
}

test('credits are what a law moved for good: fines and payments, not collateral that came back', async () => {
  const agents = [10n, 11n, 10n, 10n, 8n].map(priceAgent)
  const params = { rounds: 3 }
  const result = await run(repeat(5, 'greedy'), { agents, contract: 'law', params })
  assert.deepEqual(result.creditsMicro, [1_500_000n, -4_500_000n, 0n, 0n, 0n])
  assert.equal(result.burnedMicro, 3_000_000n)
})

test('terms that could not bind are passed over', async () => {
  const [model] = [priceAgent(10n)]
  assert.ok(model !== undefined)
  const agents = repeat(5, 'greedy').map(
    (): Agent => ({
      ...model,
      negotiate: async (situation) => {
        const move = await model.negotiate(situation)
        return move.move === 'propose' ? { ...move, terms: { ...move.terms, quorum: 3 } } : move
      },
    }),
  )
  const { negotiations, agreements } = await run(repeat(5, 'greedy'), { agents, contract: 'law' })
  assert.deepEqual(agreements, [])
  assert.deepEqual(
    negotiations[0]?.turns.map(({ move }) => move.move),
    repeat(5, 'pass'),
  )
})
