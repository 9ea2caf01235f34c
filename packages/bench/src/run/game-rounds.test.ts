import assert from 'node:assert/strict'
import { test } from 'node:test'
import {
  createAgent,
  createSituation,
  knownDraws,
  parsePolicy,
  prosocialityOfLambda,
} from '@commonweal/node/agent'
import { gameParamsSchema } from '@commonweal/protocol'
import { COMMONS, LedgerWorld } from '@commonweal/protocol/testing'
import { canonicalGame, EFFORT_NAMES, type GameOptions, splitEffort } from '../games/index.ts'
import { formatPlay, type GameRunOptions, runGame } from './game-fixtures.ts'

function dilemma(options: GameOptions = {}): object {
  return splitEffort(canonicalGame, { rounds: 3, ...options }).params
}

const STATE = { game: { form: 'hidden-state' }, rounds: 8, unitMicro: 1_000_000 }

const plays: readonly (readonly [string, readonly string[], string, number])[] = [
  ['selfish players defect', ['quantal(200) 0', 'quantal(200) 0'], 'DH,DH', -4],
  ['players with λ = 3 reach the first best', ['quantal(200) 3', 'quantal(200) 3'], 'CH,CH', 20],
  [
    'a prosocial one among selfish ones is exploited',
    ['quantal(200) 0', 'quantal(200) 3'],
    'DH,CH',
    10,
  ],
  ['a best reply to play without effort is effort', ['best-reply 1', 'always:CL'], 'CH,CL', 19],
  ['an action may be named by its base', ['always:D', 'always:C'], 'DH,CH', 10],
  ['a competitive player defects too', ['competitive', 'altruistic'], 'DH,CH', 10],
]
for (const [name, plans, expected, welfare] of plays) {
  test(`without a contract, ${name}`, async () => {
    const { rows, agreements } = await runGame(plans, { params: dilemma() })
    assert.equal(formatPlay(rows, EFFORT_NAMES)[2], expected)
    assert.equal(
      rows[2]?.payoffs.reduce((sum, payoff) => sum + payoff),
      welfare,
    )
    assert.deepEqual(agreements, [])
  })
}

test('selfish players agree on a fine for defection, and save on effort that it cannot see', async () => {
  const params = dilemma({ language: 'own-action', rounds: 200 })
  const plans = ['quantal 0', 'quantal 0']
  const { rows, agreements, creditsMicro } = await runGame(plans, { params, contract: 'law' })
  assert.equal(agreements[0]?.terms.law?.clauses[0]?.then.primitive, 'sanction')
  const played = formatPlay(rows, EFFORT_NAMES).flatMap((pair) => pair.split(','))
  const partOf = (action: string): number =>
    played.filter((one) => one === action).length / played.length
  assert.ok(partOf('DH') + partOf('DL') < 0.05, 'who defects pays')
  // With precision 20 and nobody defecting, the response h to itself solves h = 1/(1 + exp(3h − 1)): .43.
  assert.ok(Math.abs(partOf('CH') - 0.43) < 0.08, `${partOf('CH')}`)
  const fined = rows.flatMap(({ bases }) => bases).filter((base) => base === 1).length
  const takenMicro = creditsMicro.reduce((sum, micro) => sum + micro)
  assert.equal(takenMicro, -13_000_000n * BigInt(fined))
})

test('where a law may change actions, cooperation is agreed by an override, without collateral', async () => {
  const options = { params: dilemma(), contract: 'law' } as const
  const { agreements } = await runGame(['quantal 0', 'quantal 0'], options)
  assert.equal(agreements[0]?.terms.law?.clauses[0]?.then.primitive, 'override')
  assert.deepEqual(agreements[0]?.terms.collateralMicro, [0n, 0n])
})

test('a prosocial player that was exploited once agrees to a law, which caps it', async () => {
  const options = { params: dilemma({ language: 'own-action' }), contract: 'law' } as const
  const { rows } = await runGame(['quantal 0', 'quantal 3'], options)
  assert.deepEqual(formatPlay(rows, EFFORT_NAMES), ['DH,CH', 'CL,CH', 'CL,CH'])
  assert.deepEqual(rows[1]?.payoffs, [12, 7])
})

test('who signs nothing prevents a law that needs everybody', async () => {
  const options = { params: dilemma(), contract: 'law' } as const
  for (const adversary of ['hold-out', 'free-rider']) {
    const { agreements } = await runGame([adversary, 'quantal 0'], options)
    assert.deepEqual(agreements, [])
  }
})

test('with a hidden state prosocial players follow it, and sign no law that would override it', async () => {
  const options: GameRunOptions = { params: { ...STATE, language: 'own-action' }, contract: 'law' }
  const { rows, agreements } = await runGame(['quantal 1', 'quantal 1'], options)
  assert.deepEqual(agreements, [])
  for (const { enforced, state } of rows) assert.deepEqual(enforced, [state, state])
  assert.ok(new Set(rows.map(({ state }) => state)).size === 2)
})

test('selfish players bind themselves to act in every state', async () => {
  const options: GameRunOptions = { params: { ...STATE, language: 'own-action' }, contract: 'law' }
  const { rows } = await runGame(['quantal 0', 'quantal 0'], options)
  for (const { enforced } of rows) assert.deepEqual(enforced, [1, 1])
})

test('an agreement whose signer cannot set aside what it promised does not form', async () => {
  const params = dilemma({ language: 'own-action' })
  const options = { params, contract: 'law', fundsMicro: [10n ** 9n, 1n] } as const
  const { agreements } = await runGame(['quantal 0', 'quantal 0'], options)
  assert.deepEqual(agreements, [])
})

test('the same seed plays the same run, also where pairs are drawn', async () => {
  const { game } = gameParamsSchema.parse(dilemma())
  const params = { game: { ...game, matching: 'beacon' }, rounds: 4 }
  const plans = ['best-reply 0', 'best-reply 1', 'quantal 1', 'quantal 0', 'always:CL']
  const first = await runGame(plans, { params, contract: 'law' })
  assert.deepEqual(await runGame(plans, { params, contract: 'law' }), first)
})

test('on a ledger the same agents see the same and do the same', async () => {
  const options = { params: dilemma({ language: 'own-action' }), contract: 'law' } as const
  const plans = ['quantal 0', 'best-reply 3']
  const expected = await runGame(plans, options)
  const world = new LedgerWorld({ agents: 2, instance: { kind: 'game', params: options.params } })
  const agents = plans.map((plan) => {
    const [name = '', lambda = ''] = plan.split(' ')
    const policy = parsePolicy(name)
    const prosociality = prosocialityOfLambda(Number(lambda))
    assert.ok(policy.ok && prosociality.ok)
    return createAgent({
      policy: policy.value,
      prosociality: prosociality.value,
      derive: knownDraws('test'),
    })
  })
  for (const { round, actions } of expected.rows) {
    const formed = expected.agreements.find((agreement) => agreement.round === round)
    if (formed !== undefined) {
      const { rounds, law, collateralMicro } = formed.terms
      const terms = world.terms({ rounds, law, collateralMicro })
      assert.equal(world.act('0', world.agreement(terms, ['0', '1'])).code, 'ok')
    }
    const chosen = agents.map((agent, seat) => {
      const question = { kind: 'act', subnet: COMMONS, epoch: round, seat } as const
      const situation = createSituation(world.ledger, question)
      assert.ok(situation?.kind === 'game')
      assert.equal(situation.history.length, round - 1)
      const action = agent.act(situation)
      assert.ok(typeof action === 'bigint')
      return action
    })
    assert.deepEqual(chosen.map(Number), actions)
    world.playRound(chosen)
  }
})
