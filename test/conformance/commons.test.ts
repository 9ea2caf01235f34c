import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import {
  type CommonsParams,
  type CommonsRow,
  commons,
  commonsParamsSchema,
  computeMetrics,
  computeSustainableShare,
  createStream,
  isDigest,
  seededValuesPercent,
  settleRound,
} from '@commonweal/protocol'
import { z } from 'zod'
import { loadVectors } from './vector.ts'

const integers = z.array(z.int())
const digest = z.string().refine(isDigest)

const roundSchema = z.strictObject({
  requests: integers,
  beacon: digest,
  signal: digest.optional(),
})
const runSchema = z.strictObject({
  params: z.unknown(),
  seatCount: z.int(),
  rounds: z.array(roundSchema),
})
const drawSchema = z.strictObject({
  digest,
  domain: z.enum(['rationing', 'regeneration', 'values']),
  bound: z.int(),
  count: z.int(),
})
const inputSchema = z.union([
  runSchema,
  drawSchema,
  z.strictObject({ params: z.unknown() }),
  z.strictObject({ stock: z.int(), ratePercent: z.int(), seatCount: z.int() }),
  z.strictObject({ seed: digest, seatCount: z.int() }),
])
const expectSchema = z.record(z.string(), z.unknown())

describe('commons.json', () => {
  for (const { id, comment, input, expect } of loadVectors('commons', inputSchema, expectSchema)) {
    it(`${id} ${comment}`, () => {
      assert.deepEqual(answer(input), expect)
    })
  }
})

function answer(input: z.infer<typeof inputSchema>): unknown {
  if ('rounds' in input) return answerRun(input)
  if ('domain' in input) {
    const stream = createStream(input.digest, input.domain)
    return { draws: Array.from({ length: input.count }, () => stream.below(input.bound)) }
  }
  if ('params' in input) {
    return { refused: !commonsParamsSchema.safeParse(input.params).success }
  }
  if ('seed' in input) return { valuesPercent: seededValuesPercent(input.seed, input.seatCount) }
  return { share: computeSustainableShare(input.stock, input.ratePercent, input.seatCount) }
}

function answerRun({ params: given, seatCount, rounds }: z.infer<typeof runSchema>): unknown {
  const params = commonsParamsSchema.parse(given)
  const rows: CommonsRow[] = []
  let state = commons.start(params, seatCount)
  for (const { requests, beacon, signal } of rounds) {
    assert.ok(!commons.isEnded(params, state), 'the run lasts as long as the vector says')
    const settled = settleRound(commons, {
      params,
      state,
      actions: requests.map((request) => ({ action: BigInt(request), absent: false })),
      laws: [],
      randomness: { beacon, signal: signal ?? null },
    })
    state = settled.state
    rows.push(settled.row)
  }
  return { rows: rows.map(describeRow), metrics: describeMetrics(params, seatCount, rows) }
}

function describeRow(row: CommonsRow): unknown {
  const { stockBefore, catches, stockLeft, ratePercent, stockAfter, regime, status } = row
  return { stockBefore, catches, stockLeft, ratePercent, stockAfter, regime, status }
}

function describeMetrics(
  params: CommonsParams,
  seatCount: number,
  rows: readonly CommonsRow[],
): unknown {
  const { m, q, R, u, u12, e, o } = computeMetrics(params, seatCount, rows)
  return { m, q: fixed(q), R, u: fixed(u), u12: fixed(u12), e: fixed(e), o: fixed(o) }
}

function fixed(metric: number): string {
  return metric.toFixed(6)
}
