import assert from 'node:assert/strict'
import { test } from 'node:test'
import { decode, encode } from '../../codec/cbor.ts'
import { digestOf } from '../../codec/digest.ts'
import { createLawState } from '../../contract/enforcement.ts'
import { checkLaw } from '../../contract/law.ts'
import type { Clause } from '../../contract/terms.ts'
import { type SettledRound, settleRound } from '../settle.ts'
import type { RoundRandomness } from '../subnet.ts'
import { game } from './game.ts'
import { signalState } from './hidden-state.ts'
import type { GameParams } from './params.ts'
import type { GameOutcome, GameRow, GameState } from './state.ts'

/** High and low effort of two base actions: the instance (12, −6, 20, 0). */
const ROW = [
  [10, 7, -8, -8],
  [12, 6, -12, -12],
  [18, 18, -2, 0],
  [16, 16, -4, -6],
]
const MATRIX = { form: 'matrix', row: ROW, cells: [0, 0, 1, 1], matching: 'fixed' }

function digestNumber(seed: number): RoundRandomness['beacon'] {
  return digestOf(Uint8Array.of(seed & 0xff, seed >> 8))
}

function settle(
  params: GameParams,
  actions: readonly number[],
  options: { state?: GameState; clauses?: readonly Clause[]; seed?: number } = {},
): SettledRound<GameState, GameOutcome, GameRow> {
  const { state = game.start(params, actions.length), clauses = [], seed = 1 } = options
  const law = checkLaw({ clauses }, game.language(params, actions.length))
  assert.ok(law.ok)
  const everybody = actions.map(() => true)
  const bound = { law: law.value, signer: everybody, bound: everybody }
  const laws = [{ bound, state: createLawState(actions.map(() => 1_000_000n)) }]
  return settleRound(game, {
    params,
    state,
    actions: actions.map((action) => ({ action: BigInt(action), absent: false })),
    laws: clauses.length === 0 ? [] : laws,
    randomness: { beacon: digestNumber(seed), signal: digestNumber(seed) },
  })
}

function seedOfState(params: GameParams, state: number): number {
  const seed = Array.from({ length: 100 }, (_, index) => index).find(
    (index) => signalState(params, digestNumber(index)) === state,
  )
  assert.ok(seed !== undefined)
  return seed
}

const params = game.paramsSchema.parse({ game: MATRIX })

test('each of a pair gets the payoff of its own action against the other', () => {
  assert.deepEqual(settle(params, [0, 1]).outcome.payoffs, [7, 12])
  assert.deepEqual(settle(params, [2, 0, 3, 3]).outcome.payoffs, [18, -8, -6, -6])
})

test('two matrices make a game that is not symmetric', () => {
  const unequal = game.paramsSchema.parse({
    game: {
      form: 'matrix',
      row: [
        [1, 2],
        [3, 4],
      ],
      column: [
        [5, 6],
        [7, 8],
      ],
      matching: 'fixed',
    },
  })
  assert.deepEqual(settle(unequal, [1, 0]).outcome.payoffs, [3, 7])
})

test('the odd seat out meets nobody and gets nothing', () => {
  const { partners, payoffs } = settle(params, [0, 0, 2]).outcome
  assert.deepEqual(
    [partners, payoffs],
    [
      [1, 0, 2],
      [10, 10, 0],
    ],
  )
})

test('pairs of the beacon follow it alone, and everybody meets everybody in time', () => {
  const drawn = game.paramsSchema.parse({ game: { ...MATRIX, matching: 'beacon' } })
  const met = new Map<number, number>()
  for (let seed = 0; seed < 600; seed++) {
    const { partners } = settle(drawn, [0, 1, 2, 3], { seed }).outcome
    assert.deepEqual(settle(drawn, [3, 2, 1, 0], { seed }).outcome.partners, partners)
    partners.forEach((partner, seat) => assert.equal(partners[partner], seat))
    met.set(partners[0] ?? 0, (met.get(partners[0] ?? 0) ?? 0) + 1)
  }
  // A third of 600, with a standard deviation of 11.5.
  for (const seat of [1, 2, 3]) assert.ok(Math.abs((met.get(seat) ?? 0) - 200) < 58)
})

test('a run lasts its rounds, each pays alike, and states and records survive encoding', () => {
  const twice = game.paramsSchema.parse({ game: MATRIX, rounds: 2 })
  const first = settle(twice, [2, 0])
  assert.deepEqual([first.state.round, first.state.status], [2, 'open'])
  const second = settle(twice, [2, 0], { state: first.state })
  assert.deepEqual(second.outcome.payoffs, first.outcome.payoffs)
  assert.deepEqual([second.state.round, second.state.status], [2, 'finished'])
  assert.ok(game.isEnded(twice, second.state))
  for (const value of [second.state, second.row]) {
    const decoded = decode(encode(value), 4096)
    assert.ok(decoded.ok)
    assert.deepEqual(decoded.value, value)
  }
})

test('a hidden state comes from the signal with its chance, and decides what acting is worth', () => {
  const hidden = game.paramsSchema.parse({
    game: { form: 'hidden-state', chancePercent: 30, harm: 4 },
  })
  const count = Array.from({ length: 1000 }, (_, seed) => signalState(hidden, digestNumber(seed)))
  const ones = count.filter((state) => state === 1).length
  assert.ok(Math.abs(ones - 300) < 73, `${ones} of 1000`) // five standard deviations
  const high = settle(hidden, [1, 1, 0], { seed: seedOfState(hidden, 1) })
  assert.deepEqual([high.outcome.state, high.outcome.payoffs], [1, [3, 3, 10]])
  const low = settle(hidden, [1, 1, 0], { seed: seedOfState(hidden, 0) })
  assert.deepEqual([low.outcome.state, low.outcome.payoffs], [0, [-5, -5, -8]])
  assert.deepEqual(low.outcome.partners, [0, 1, 2])
})

test('certain states are certain', () => {
  for (const state of [0, 1]) {
    const sure = game.paramsSchema.parse({
      game: { form: 'hidden-state', chancePercent: 100 * state },
    })
    for (let seed = 0; seed < 200; seed++) {
      assert.equal(signalState(sure, digestNumber(seed)), state)
    }
  }
})

test('only a game with a hidden state has a signal, and it is there once the signal is', () => {
  const hidden = game.paramsSchema.parse({ game: { form: 'hidden-state' } })
  assert.deepEqual([game.hasSignal(params), game.hasSignal(hidden)], [false, true])
  assert.equal(signalState(hidden, null), undefined)
  assert.equal(signalState(params, digestNumber(1)), undefined)
})

test('the seal bond is the most that a seat can change of its own payoff', () => {
  // Against the first action: from 10 to 18; against the last: from 0 down to −12.
  assert.equal(game.sealBondMicro(params), 1_200_000n)
  const hidden = game.paramsSchema.parse({
    game: { form: 'hidden-state', costs: [-7, 2] },
    unitMicro: 3,
  })
  assert.equal(game.sealBondMicro(hidden), 21n)
})

test('a fine counts in micro-tokens, and payoffs stay what they were', () => {
  const own = game.paramsSchema.parse({ game: MATRIX, language: 'own-action' })
  const fine: Clause = {
    at: 'submission',
    when: 'base == 1',
    then: { primitive: 'sanction', amount: '300000' },
  }
  const settled = settle(own, [2, 1], { clauses: [fine] })
  assert.deepEqual(settled.burnedMicro, 300_000n)
  assert.deepEqual(settled.laws[0]?.state.collateralMicro, [700_000n, 1_000_000n])
  assert.deepEqual(settled.outcome.payoffs, [18, -12])
})

test('a law that sees actions may change them, and no law makes an action that does not exist', () => {
  const override = (action: string): Clause => ({
    at: 'submission',
    when: 'actions[self] == 1',
    then: { primitive: 'override', action },
  })
  const { row } = settle(params, [1, 2], { clauses: [override('0')] })
  assert.deepEqual(
    [row.actions, row.enforced, row.payoffs],
    [
      [1, 2],
      [0, 2],
      [-8, 18],
    ],
  )
  const beyond = settle(params, [1, 2], { clauses: [override('99')] })
  assert.deepEqual(beyond.row.enforced, [3, 2])
})

test('parameters out of range are refused, unknown ones too', () => {
  const square = (size: number): number[][] =>
    Array.from({ length: size }, () => Array.from({ length: size }, () => 1))
  const bad: unknown[] = [
    {},
    { game: { form: 'chess' } },
    { game: { form: 'matrix', row: square(1) } },
    { game: { form: 'matrix', row: square(17) } },
    { game: { form: 'matrix', row: [[1, 2]] } },
    { game: { form: 'matrix', row: square(2), column: square(3) } },
    { game: { form: 'matrix', row: square(2), cells: [0] } },
    { game: { form: 'matrix', row: square(2), cells: [0, 16] } },
    {
      game: {
        form: 'matrix',
        row: [
          [1, 1],
          [1, 1_000_001],
        ],
      },
    },
    { game: { form: 'matrix', row: square(2) }, defaultAction: 2 },
    { game: { form: 'matrix', row: square(2) }, rounds: 0 },
    { game: { form: 'matrix', row: square(2) }, rounds: 1001 },
    { game: { form: 'matrix', row: square(2) }, language: 'stock-cap' },
    { game: { form: 'matrix', row: square(2) }, unitMicro: 10n ** 12n + 1n },
    { game: { form: 'matrix', row: square(2), dice: 1 } },
    { game: { form: 'hidden-state', chancePercent: 101 } },
    { game: { form: 'hidden-state', costs: [1] } },
    { game: { form: 'hidden-state', benefit: -1 } },
  ]
  for (const given of bad) {
    assert.equal(game.paramsSchema.safeParse(given).success, false, JSON.stringify(given, String))
  }
  const edge = { form: 'matrix', row: square(16), cells: Array.from({ length: 16 }, () => 15) }
  const whole = { game: edge, rounds: 1000, defaultAction: 15, unitMicro: 10n ** 12n }
  assert.ok(game.paramsSchema.safeParse(whole).success)
})
