import assert from 'node:assert/strict'
import { test } from 'node:test'
import { capLaw } from '@commonweal/node/agent'
import {
  type BoundLaw,
  checkLaw,
  commons,
  createLawState,
  digestOf,
  settleRound,
} from '@commonweal/protocol'
import { repeat, run, TENTH } from './rounds-fixtures.ts'

const params = commons.paramsSchema.parse({})
const beacon = digestOf(Uint8Array.of(1))

test('a hold-out among four that sign is bound all the same and catches what a signer does', async () => {
  const honest = await run(repeat(5, 'greedy'), TENTH)
  for (let place = 0; place < 5; place++) {
    const plans = repeat(5, 'greedy').map((plan, seat) => (seat === place ? 'hold-out' : plan))
    const attacked = await run(plans, TENTH)
    assert.ok(!attacked.agreements[0]?.holders.includes(place))
    assert.equal(attacked.catches[place], honest.catches[place])
  }
})

test('a hold-out among four bargainers prevents no law and gains nothing over signing', async () => {
  for (let place = 0; place < 5; place++) {
    const plans = repeat(5, 'utility 0').map((plan, seat) => (seat === place ? 'hold-out' : plan))
    const attacked = await run(plans, { contract: 'law' })
    assert.equal(attacked.metrics.m, 12)
    assert.ok(!attacked.agreements.some(({ holders }) => holders.includes(place)))
    assert.ok((attacked.catches[place] ?? 0) <= 120, `${place}: ${attacked.catches.join(', ')}`)
  }
})

test('two hold-outs of five prevent every law', async () => {
  const plans = [...repeat(3, 'utility 0'), ...repeat(2, 'hold-out')]
  const { agreements, metrics } = await run(plans, { contract: 'law' })
  assert.deepEqual(agreements, [])
  assert.equal(metrics.m, 1)
})

// Whatever a hold-out may request, by dynamic programming over stock and round.
const bindings = [
  ['members', 120],
  ['signers', 203],
] as const
for (const [binding, expected] of bindings) {
  test(`the best that a hold-out among four capped at S/10 can do under ${binding} is ${expected}`, () => {
    assert.equal(computeBestHoldOut(binding), expected)
  })
}

function computeBestHoldOut(binding: 'members' | 'signers'): number {
  const checked = checkLaw(capLaw('stock / 10'), commons.language(params, 5))
  assert.ok(checked.ok)
  const signer = [true, true, true, true, false]
  const bound = binding === 'members' ? signer.map(() => true) : signer
  const law: BoundLaw = { law: checked.value, signer, bound }

  const choices = new Map<number, readonly (readonly [got: number, stock: number])[]>()
  const choicesAt = (stock: number): readonly (readonly [number, number])[] => {
    const known = choices.get(stock)
    if (known !== undefined) return known
    const found = new Map<string, readonly [number, number]>()
    for (let request = 0; request <= stock; request++) {
      const [got, next] = playOnce(law, stock, request)
      // Beyond what the others leave, luck would decide: what rationing gives is never more than all they leave.
      found.set(`${got}/${next}`, [got, next])
    }
    choices.set(stock, [...found.values()])
    return [...found.values()]
  }

  let best: number[] = Array.from({ length: 101 }, () => 0)
  for (let round = params.rounds; round >= 1; round--) {
    best = best.map((_, stock) => {
      if (stock < params.collapseBelow) return 0
      return Math.max(...choicesAt(stock).map(([got, next]) => got + (best[next] ?? 0)))
    })
  }
  return best[100] ?? 0
}

/** The hold-out's catch and the stock of the next round, the four others taking what the law leaves them. */
function playOnce(law: BoundLaw, stock: number, request: number): readonly [number, number] {
  const others = 4 * Math.floor(stock / 10)
  const asked = Math.min(request, stock - others)
  const state = { ...commons.start(params, 5), stock }
  const settled = settleRound(commons, {
    params,
    state,
    actions: [stock, stock, stock, stock, asked].map((action) => ({
      action: BigInt(action),
      absent: false,
    })),
    laws: [{ bound: law, state: createLawState([0n, 0n, 0n, 0n, 0n]) }],
    randomness: { beacon, signal: null },
  })
  const isOver = settled.state.status === 'collapsed'
  return [settled.outcome.catches[4] ?? 0, isOver ? 0 : settled.state.stock]
}
