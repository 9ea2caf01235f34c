import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { type GameRow, game, gameParamsSchema, isDigest, settleRound } from '@commonweal/protocol'
import { z } from 'zod'
import { loadVectors } from './vector.ts'

const digest = z.string().refine(isDigest)
const roundSchema = z.strictObject({
  actions: z.array(z.int().nullable()),
  beacon: digest,
  signal: digest.optional(),
})
const inputSchema = z.union([
  z.strictObject({ params: z.unknown(), rounds: z.array(roundSchema) }),
  z.strictObject({ params: z.unknown(), bond: z.literal(true) }),
  z.strictObject({ params: z.unknown(), language: z.int() }),
  z.strictObject({ params: z.unknown() }),
])
const expectSchema = z.record(z.string(), z.unknown())

describe('game.json', () => {
  for (const { id, comment, input, expect } of loadVectors('game', inputSchema, expectSchema)) {
    it(`${id} ${comment}`, () => {
      assert.deepEqual(answer(input), expect)
    })
  }
})

function answer(input: z.infer<typeof inputSchema>): unknown {
  if ('rounds' in input) return { rows: play(input.params, input.rounds).map(describeRow) }
  if ('bond' in input) {
    return { sealBondMicro: String(game.sealBondMicro(gameParamsSchema.parse(input.params))) }
  }
  if ('language' in input) {
    const language = game.language(gameParamsSchema.parse(input.params), input.language)
    return {
      submission: Object.keys(language.submission).toSorted(),
      settlement: Object.keys(language.settlement).toSorted(),
      primitives: language.primitives?.toSorted() ?? null,
    }
  }
  return { refused: !gameParamsSchema.safeParse(input.params).success }
}

function play(given: unknown, rounds: readonly z.infer<typeof roundSchema>[]): readonly GameRow[] {
  const params = gameParamsSchema.parse(given)
  const rows: GameRow[] = []
  let state = game.start(params, rounds[0]?.actions.length ?? 0)
  for (const { actions, beacon, signal } of rounds) {
    assert.ok(!game.isEnded(params, state), 'the run lasts as long as the vector says')
    const settled = settleRound(game, {
      params,
      state,
      actions: actions.map((action) => ({
        action: action === null ? game.defaultAction(params, state) : BigInt(action),
        absent: action === null,
      })),
      laws: [],
      randomness: { beacon, signal: signal ?? null },
    })
    state = settled.state
    rows.push(settled.row)
  }
  return rows
}

function describeRow(row: GameRow): unknown {
  const { round, bases, absent, partners, payoffs, state, status } = row
  return { round, bases, absent, partners, payoffs, state, status }
}
