import assert from 'node:assert/strict'
import { it } from 'node:test'
import type { GameRow } from '@commonweal/protocol'
import * as fc from 'fast-check'
import type { GameNegotiation } from '../../agent.ts'
import { describeToAssistant } from '../../assistant/test-description.ts'
import { prosocialityOfLambda } from '../../prosocial.ts'
import { createLlmAgent } from '../llm-agent.ts'
import { createMandate } from '../mandate.ts'
import { modelConfigSchema } from '../model-config.ts'
import { scriptedModel } from '../test-situation.ts'
import { DILEMMA, fine, gameOf, governed, heard, STATES, withDeposit } from './test-game.ts'

/*
 * Two worlds that differ only in what a game hides must look alike. What others care about and what they have sealed is in
 * no situation at all: test/e2e/model-games.test.ts compares networks that differ in it.
 */

const { mandate } = modelConfigSchema.parse({ name: 'm' })

/** Everything that differs between the two worlds, drawn twice. */
interface Hidden {
  readonly rounds: number
  readonly epochOffset: number
  readonly signalState: number
}

const hidden: fc.Arbitrary<Hidden> = fc.record({
  rounds: fc.integer({ min: 12, max: 40 }),
  epochOffset: fc.nat({ max: 90 }),
  signalState: fc.integer({ min: 0, max: 1 }),
})

const open = fc.record({
  form: fc.constantFrom('matrix', 'drawn', 'states'),
  language: fc.constantFrom('own-action', 'base-actions', 'full'),
  lambda: fc.constantFrom(0, 0.6, 3, Number.POSITIVE_INFINITY),
  round: fc.integer({ min: 2, max: 11 }),
  actions: fc.array(fc.array(fc.nat({ max: 1 }), { minLength: 4, maxLength: 4 }), {
    minLength: 1,
    maxLength: 10,
  }),
  law: fc.constantFrom(fine('base != 0', 7), fine('round > 3', '2 * base + self')),
  depositMicro: fc.nat({ max: 100 }),
  isInForce: fc.boolean(),
})
type Open = typeof open extends fc.Arbitrary<infer T> ? T : never

function world(seen: Open, unseen: Hidden): GameNegotiation {
  const { form, language, round } = seen
  const isStates = form === 'states'
  const matching = form === 'drawn' ? 'beacon' : 'fixed'
  const game = isStates ? STATES : { ...DILEMMA, matching }
  const history = seen.actions.map(
    (actions, index): GameRow => ({
      round: index + 1,
      actions,
      enforced: actions.map((action) => (index === 3 ? 0 : action)),
      absent: actions.map((action) => action === 1 && index === 2),
      partners: isStates ? [0, 1, 2, 3] : [1, 0, 3, 2],
      payoffs: actions.map((action, seat) => action * 3 - seat),
      bases: actions,
      state: isStates ? index % 2 : null,
      status: 'open',
    }),
  )
  const situation = gameOf({
    params: { game, language, rounds: unseen.rounds },
    seatCount: 4,
    round,
    epoch: round + unseen.epochOffset,
    history,
    signalState: isStates ? unseen.signalState : null,
  })
  const roundsLeft = BigInt(unseen.rounds - round + 1)
  const terms = withDeposit(situation, seen.law, BigInt(seen.depositMicro) * roundsLeft)
  return heard(seen.isInForce ? governed(situation, terms) : situation, terms)
}

/** Every request that an agent makes of its model in this world. */
async function promptsIn(
  seen: Open,
  situation: GameNegotiation,
  isActing: boolean,
): Promise<string> {
  const prosociality = prosocialityOfLambda(seen.lambda)
  assert.ok(prosociality.ok && mandate !== null)
  const model = scriptedModel(() => (isActing ? '{"action": 0}' : '{"move": "pass"}'))
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

it('no prompt of a game has anything of the horizon, nor of a state that nobody has been told: worlds that differ in these look alike', async () => {
  await fc.assert(
    fc.asyncProperty(open, hidden, hidden, async (seen, one, other) => {
      const worlds = [world(seen, one), world(seen, other)] as const
      assert.equal(await promptsIn(seen, worlds[0], false), await promptsIn(seen, worlds[1], false))
      // The state is for those who act.
      const { signalState } = worlds[0]
      assert.equal(
        await promptsIn(seen, worlds[0], true),
        await promptsIn(seen, { ...worlds[1], signalState }, true),
      )
    }),
  )
})

it('nor has what an assistant may look at while nothing is asked of it', () => {
  fc.assert(
    fc.property(open, hidden, hidden, (seen, one, other) => {
      const words = describeToAssistant(seen.lambda, world(seen, one))
      assert.match(words, /^Round.*Actions that may be chosen/s)
      assert.equal(words, describeToAssistant(seen.lambda, world(seen, other)))
    }),
  )
})

it('the test can fail: whoever acts sees the state, and everybody the round', async () => {
  await fc.assert(
    fc.asyncProperty(open, hidden, async (drawn, unseen) => {
      const seen = { ...drawn, form: 'states' as const }
      const other = { ...unseen, signalState: 1 - unseen.signalState }
      assert.notEqual(
        await promptsIn(seen, world(seen, unseen), true),
        await promptsIn(seen, world(seen, other), true),
      )
      const later = { ...seen, round: seen.round + 1 }
      assert.notEqual(
        await promptsIn(seen, world(seen, unseen), false),
        await promptsIn(seen, world(later, unseen), false),
      )
    }),
    { numRuns: 20 },
  )
})
