import assert from 'node:assert/strict'
import { it } from 'node:test'
import type { CommonsRow, Regeneration, Terms } from '@commonweal/protocol'
import * as fc from 'fast-check'
import type { CommonsNegotiation } from '../agent.ts'
import { describeToAssistant } from '../assistant/test-description.ts'
import { prosocialityOfLambda } from '../prosocial.ts'
import { createLlmAgent } from './llm-agent.ts'
import { createMandate } from './mandate.ts'
import { modelConfigSchema } from './model-config.ts'
import { inForce, scriptedModel, situationOf, termsOf, withProposal } from './test-situation.ts'

/*
 * Two worlds that differ only in what a scenario hides must look alike: then no prompt has anything of it, in any form.
 */

const { mandate } = modelConfigSchema.parse({ name: 'm' })
const MODES = ['iid', 'private-signal', 'hysteresis'] as const

/** The numbers behind a renewal whose rates are not announced. */
function renewal(mode: (typeof MODES)[number], base: number): Regeneration {
  if (mode !== 'hysteresis') return { mode, ratesPercent: [base, base + 100] }
  return {
    mode,
    healthyPercent: base + 50,
    degradedPercent: base,
    windowRounds: 3,
    degradeAt: base % 60,
    degradeChancePercent: base % 100,
    degradeScale: base,
    recoverBelow: base % 40,
    recoverChancePercent: base % 90,
  }
}

/** Everything that differs between the two worlds, drawn twice. */
interface Hidden {
  readonly base: number
  readonly ratePercent: number
  readonly stockAfter: number
  readonly catchOfOther: number
  readonly signalRatePercent: number
  readonly rounds: number
  readonly epochOffset: number
}

const hidden: fc.Arbitrary<Hidden> = fc.record({
  base: fc.integer({ min: 110, max: 300 }),
  ratePercent: fc.integer({ min: 100, max: 999 }),
  stockAfter: fc.nat({ max: 100 }),
  catchOfOther: fc.nat({ max: 60 }),
  signalRatePercent: fc.integer({ min: 100, max: 999 }),
  rounds: fc.integer({ min: 12, max: 40 }),
  epochOffset: fc.nat({ max: 90 }),
})

const open = fc.record({
  mode: fc.constantFrom(...MODES),
  lambda: fc.constantFrom(0, 0.6, 3, Number.POSITIVE_INFINITY),
  stock: fc.integer({ min: 5, max: 100 }),
  round: fc.integer({ min: 2, max: 11 }),
  requests: fc.array(fc.array(fc.nat({ max: 99 }), { minLength: 5, maxLength: 5 }), {
    minLength: 1,
    maxLength: 10,
  }),
  limit: fc.constantFrom('stock / 10', '7', '[3, 2, 2, 2, 1][self] * stock / 20'),
  isInForce: fc.boolean(),
})
type Open = typeof open extends fc.Arbitrary<infer T> ? T : never

function world(seen: Open, unseen: Hidden): CommonsNegotiation {
  const history = seen.requests.map(
    (requests, index): CommonsRow => ({
      round: index + 1,
      requests,
      absent: requests.map((request) => request === 13),
      catches: requests.map((request, seat) => (seat === 1 ? request : unseen.catchOfOther)),
      enforced: requests.map((request, seat) => (seat === 1 ? request : unseen.catchOfOther)),
      stockBefore: 90 - index,
      catchTotal: unseen.catchOfOther,
      stockLeft: 50 - index,
      ratePercent: unseen.ratePercent,
      stockAfter: unseen.stockAfter,
      regime: 'healthy',
      status: 'open',
    }),
  )
  const base = situationOf({
    params: { regeneration: renewal(seen.mode, unseen.base), rounds: unseen.rounds },
    stock: seen.stock,
    round: seen.round,
    epoch: seen.round + unseen.epochOffset,
    history,
    signalRatePercent: seen.mode === 'private-signal' ? unseen.signalRatePercent : null,
  })
  const state = { ...base.state, recentCatches: [unseen.catchOfOther], requests: seen.requests }
  const situation = { ...base, state }
  const terms: Terms = termsOf(situation, seen.limit)
  return withProposal(seen.isInForce ? inForce(situation, terms) : situation, terms)
}

/** Every request that an agent makes of its model in this world. */
async function promptsIn(
  seen: Open,
  situation: CommonsNegotiation,
  isActing: boolean,
): Promise<string> {
  const prosociality = prosocialityOfLambda(seen.lambda)
  assert.ok(prosociality.ok && mandate !== null)
  const model = scriptedModel(() => (isActing ? '{"request": 0}' : '{"move": "pass"}'))
  const agent = createLlmAgent({
    model,
    mandate: createMandate(mandate),
    prosociality: prosociality.value,
    memoryTokensMax: 200,
    showsHorizon: false,
  })
  // Under a contract that covers the round at stake nobody speaks.
  await (isActing ? agent.act(situation) : agent.negotiate({ ...situation, covering: null }))
  assert.ok(model.requests.length > 0)
  return JSON.stringify(model.requests)
}

it('no prompt has anything of the rates, the horizon, or what others got: worlds that differ in these look alike', async () => {
  await fc.assert(
    fc.asyncProperty(open, hidden, hidden, async (seen, one, other) => {
      const worlds = [world(seen, one), world(seen, other)] as const
      assert.equal(await promptsIn(seen, worlds[0], false), await promptsIn(seen, worlds[1], false))
      // What a private signal announces is for those who harvest.
      const signalRatePercent = worlds[0].signalRatePercent
      const acting = worlds.map((situation) => ({ ...situation, signalRatePercent }))
      const [first, second] = acting
      assert.ok(first !== undefined && second !== undefined)
      assert.equal(await promptsIn(seen, first, true), await promptsIn(seen, second, true))
    }),
  )
})

it('nor has what an assistant may look at, whose signal is for those who are asked how much to harvest', () => {
  fc.assert(
    fc.property(open, hidden, hidden, (seen, one, other) => {
      const words = describeToAssistant(seen.lambda, world(seen, one))
      assert.match(words, /^Round/)
      assert.equal(words, describeToAssistant(seen.lambda, world(seen, other)))
    }),
  )
})

it('the test can fail: a stock that differs shows', async () => {
  await fc.assert(
    fc.asyncProperty(open, hidden, async (seen, unseen) => {
      const other = { ...seen, stock: seen.stock === 100 ? 99 : seen.stock + 1 }
      assert.notEqual(
        await promptsIn(seen, world(seen, unseen), true),
        await promptsIn(seen, world(other, unseen), true),
      )
    }),
    { numRuns: 20 },
  )
})
