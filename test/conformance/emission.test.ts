import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import {
  type AgentId,
  checkReport,
  checkStream,
  closeLock,
  computeFlow,
  computeKellyScores,
  emissionOf,
  emissionScheduleSchema,
  isAgentId,
  LOG_TABLE_DIGEST,
  logLoss,
  logTableDigest,
  type QuestionToScore,
  type Result,
  scoreQuestion,
  shareEmission,
  usefulness,
} from '@commonweal/protocol'
import { z } from 'zod'
import { loadVectors } from './vector.ts'

const text = z.string()
const micro = text.transform(BigInt)
const bps = z.array(z.number())
/** Agents of vectors are small numbers: their ids are those numbers in 64 hex digits. */
const agent = z.int().transform((number): AgentId => {
  const id = number.toString(16).padStart(64, '0')
  assert.ok(isAgentId(id))
  return id
})
const shares = z.array(z.strictObject({ to: agent, bps: z.number() }))
const payment = z.strictObject({ source: text, agent, amountMicro: micro })
const report = z.array(z.int())

const inputSchema = z.union([
  z.strictObject({ logTable: z.literal(true) }),
  z.strictObject({ logLoss: z.array(z.int()) }),
  z.strictObject({ report: z.strictObject({ bps, outcomeCount: z.int() }) }),
  z.strictObject({ usefulness: z.strictObject({ bps, outcomeCount: z.int() }) }),
  z.strictObject({
    score: z.strictObject({
      outcomeCount: z.int(),
      outcomeIndex: z.int(),
      snapshotWeightsBps: z.array(z.int()),
      house: z.strictObject({ weightMicro: micro, reference: report }).nullable(),
      stakeMaxMicro: micro.exactOptional(),
      reporters: z.array(
        z.strictObject({
          agent,
          weightMicro: micro,
          reports: z.array(z.union([report, z.literal('withheld')]).nullable()),
        }),
      ),
    }),
  }),
  z.strictObject({
    share: z.strictObject({
      emissionMicro: micro,
      questions: z.array(
        z.strictObject({
          source: text,
          weight: micro,
          totalMicro: micro,
          earnings: z.array(z.strictObject({ agent, earningMicroBps: micro })),
          budgetMaxMicro: micro.nullable().default(null),
        }),
      ),
    }),
  }),
  z.strictObject({ close: z.strictObject({ lockedMicro: micro, weightMicro: micro }) }),
  z.strictObject({ stream: z.strictObject({ owner: agent, shares }) }),
  z.strictObject({
    flow: z.strictObject({
      payments: z.array(payment),
      streams: z.array(z.strictObject({ owner: agent, shares })),
      stepCountMax: z.int().optional(),
    }),
  }),
  z.strictObject({
    schedule: z.looseObject({ epochMicro: micro }),
    epochs: z.array(z.int()),
  }),
  z.strictObject({
    kelly: z.array(z.strictObject({ weightMicro: micro, outcomeBps: z.int() })),
  }),
])
type Input = z.infer<typeof inputSchema>

describe('the emission vectors', () => {
  for (const vector of loadVectors('emission', inputSchema, z.unknown())) {
    it(`${vector.id} ${vector.comment}`, () => {
      assert.deepEqual(written(answer(vector.input)), vector.expect)
    })
  }
})

function answer(input: Input): unknown {
  if ('logTable' in input) {
    assert.equal(logTableDigest(), LOG_TABLE_DIGEST)
    return { digest: logTableDigest() }
  }
  if ('logLoss' in input) return { losses: input.logLoss.map(logLoss) }
  if ('report' in input) return shown(checkReport(input.report.bps, input.report.outcomeCount))
  if ('usefulness' in input) {
    const { outcomeCount } = input.usefulness
    return { usefulness: input.usefulness.bps.map((k) => usefulness(k, outcomeCount)) }
  }
  if ('score' in input) return answerScore(input.score)
  if ('share' in input) return shareEmission(input.share.emissionMicro, input.share.questions)
  if ('close' in input) return closeLock(input.close)
  if ('stream' in input) return shown(checkStream(input.stream.owner, input.stream.shares))
  if ('flow' in input) {
    const streams = new Map(input.flow.streams.map((stream) => [stream.owner, stream.shares]))
    return computeFlow(input.flow.payments, streams, input.flow.stepCountMax)
  }
  if ('schedule' in input) {
    const schedule = emissionScheduleSchema.safeParse(input.schedule)
    if (!schedule.success) return { refused: true }
    return { emissionsMicro: input.epochs.map((epoch) => emissionOf(schedule.data, epoch)) }
  }
  const scores = computeKellyScores(input.kelly)
  return { scores: scores.map((score) => score?.toFixed(9) ?? null) }
}

/** Whatever the order of the reporters, the answer is the same. */
function answerScore(question: QuestionToScore): unknown {
  const scored = scoreQuestion(question)
  const reversed = { ...question, reporters: question.reporters.toReversed() }
  assert.deepEqual(scoreQuestion(reversed), scored)
  return scored
}

function shown(result: Result<unknown>): unknown {
  return result.ok ? { ok: true } : { code: result.error.code, verdict: result.error.verdict }
}

/** Amounts as decimal text, agents as the numbers that vectors use. */
function written(value: unknown): unknown {
  if (typeof value === 'bigint') return value.toString()
  if (isAgentId(value) && value.startsWith('000')) return Number.parseInt(value, 16)
  if (Array.isArray(value)) return value.map(written)
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(Object.entries(value).map(([name, item]) => [name, written(item)]))
}
