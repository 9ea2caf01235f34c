import { z } from 'zod'
import type { Cid } from '../codec/cid.ts'
import type { Digest } from '../codec/digest.ts'
import type { AgentId } from '../identity/agent-id.ts'
import {
  agentIdSchema,
  amountSchema,
  bytes32Schema,
  cidSchema,
  digestSchema,
  naturalSchema,
  textSchema,
} from '../schema/atoms.ts'

/** Outcomes that a question has at most. [EMI-2] */
export const OUTCOME_COUNT_MAX = 64
/** Snapshots that a question has at most. [EMI-4] */
export const SNAPSHOT_COUNT_MAX = 32
/** Findings and parents of a statement, receivers of a stream. [FOR-7] */
export const STATEMENT_LIST_MAX = 32
/** Columns of a record of a data set, and hashes that prove its place. [RES-1] */
export const RECORD_COLUMNS_MAX = 32
export const PROOF_LENGTH_MAX = 32

/** A named whole number that one agent tells another: an observation, or something derived from observations. */
export interface Finding {
  readonly name: string
  readonly value: number
}

/**
 * What an agent says about a question in one snapshot: sealed first, sent to those who pay for it, then open to all. [FOR-7]
 *
 * The words are for people and are never trusted; they are data to whoever reads them.
 */
export interface Statement {
  /** Basis points on each outcome; null where the agent only hands on findings. */
  readonly report: readonly number[] | null
  readonly findings: readonly Finding[]
  /** Digests of the sealed statements that this one was made from. */
  readonly parents: readonly Digest[]
  readonly reasoning: string
  readonly hypotheses: readonly string[]
}

/** One line of a data set: whole numbers by column, in the order of the names. [RES-1] */
export interface DataRecord {
  readonly key: string
  readonly columns: readonly Finding[]
}

/**
 * Who says what came true. [RES-2]
 *
 * `dataset`: the column of the record at `index` of the data set with this root is the outcome. `function`: a CEL expression
 * over the columns of that record is. `schelling`: whoever asserts it, and where that is disputed, juries.
 */
export type Resolver =
  | {
      readonly kind: 'dataset'
      readonly root: Digest
      readonly index: number
      readonly column: string
    }
  | {
      readonly kind: 'function'
      readonly root: Digest
      readonly index: number
      readonly columns: readonly string[]
      readonly expression: string
    }
  | { readonly kind: 'schelling' }

/** A question, as its opener words it; the id of its transaction is the question's. [FOR-3] */
export interface QuestionBody {
  readonly text: string
  /** For programs: what it is about, such as `seattle/2014-03-02/rain`. */
  readonly topic: string
  readonly outcomes: readonly string[]
  readonly resolver: Resolver
  /** What the house reports. Basis points. */
  readonly referenceBps: readonly number[]
  /** Its part of an epoch's emission, relative to the others that become final in it: 1 … 1 000. */
  readonly weight: number
  /** First height at which statements may be sealed. */
  readonly openHeight: number
  /** In order; after its `closeHeight` a snapshot takes no seal. */
  readonly snapshots: readonly { readonly closeHeight: number; readonly weightBps: number }[]
  /** First height at which it may be resolved. */
  readonly resolveHeight: number
}

/** What a transaction of the forecasting market does. [FOR-1] */
export type ForecastBody =
  /** Turns balance into forecasting weight, or adds to it. */
  | { readonly kind: 'lock'; readonly amountMicro: bigint }
  /** Gives all forecasting weight up, and gets back what is left of the lock. */
  | { readonly kind: 'close-lock' }
  | ({ readonly kind: 'question' } & QuestionBody)
  /** A validator admits a question of an opener that the genesis does not name. */
  | { readonly kind: 'admit'; readonly question: Cid }
  | {
      readonly kind: 'seal-statement'
      readonly question: Cid
      readonly snapshot: number
      readonly digest: Digest
    }
  | {
      readonly kind: 'reveal-statement'
      readonly question: Cid
      readonly snapshot: number
      readonly statement: Statement
      readonly salt: Uint8Array
    }
  /** Whom the author passes on what of everything that it earns, for questions that open later. */
  | {
      readonly kind: 'stream'
      readonly shares: readonly { readonly to: AgentId; readonly bps: number }[]
    }
  /** Opens a record that a data set holds, and so resolves the question. */
  | {
      readonly kind: 'resolve'
      readonly question: Cid
      readonly record: DataRecord
      readonly proof: readonly Digest[]
    }
  | { readonly kind: 'assert'; readonly question: Cid; readonly outcome: number }
  | { readonly kind: 'dispute'; readonly question: Cid; readonly outcome: number }
  | { readonly kind: 'seal-verdict'; readonly question: Cid; readonly digest: Digest }
  | {
      readonly kind: 'reveal-verdict'
      readonly question: Cid
      readonly outcome: number
      readonly salt: Uint8Array
    }

export type ForecastKind = ForecastBody['kind']

const bps = z.int().min(0).max(10_000)
const list = <T>(item: z.ZodType<T, unknown>, min: number, max: number) =>
  z.array(item).min(min).max(max)

const findingSchema: z.ZodType<Finding, unknown> = z.strictObject({
  name: textSchema(64),
  value: z.int(),
})

export const statementSchema: z.ZodType<Statement, unknown> = z.strictObject({
  report: list(bps, 2, OUTCOME_COUNT_MAX).nullable(),
  findings: list(findingSchema, 0, STATEMENT_LIST_MAX),
  parents: list(digestSchema, 0, STATEMENT_LIST_MAX),
  reasoning: textSchema(1_024),
  hypotheses: list(textSchema(256), 0, 8),
})

export const recordSchema: z.ZodType<DataRecord, unknown> = z.strictObject({
  key: textSchema(64),
  columns: list(findingSchema, 1, RECORD_COLUMNS_MAX),
})

export const resolverSchema: z.ZodType<Resolver, unknown> = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z.literal('dataset'),
    root: digestSchema,
    index: naturalSchema,
    column: textSchema(64),
  }),
  z.strictObject({
    kind: z.literal('function'),
    root: digestSchema,
    index: naturalSchema,
    columns: list(textSchema(64), 1, RECORD_COLUMNS_MAX),
    expression: textSchema(1_024),
  }),
  z.strictObject({ kind: z.literal('schelling') }),
])

type Shapes = {
  readonly [K in ForecastKind]: {
    readonly [Field in Exclude<keyof Extract<ForecastBody, { kind: K }>, 'kind'>]: z.ZodType<
      Extract<ForecastBody, { kind: K }>[Field],
      unknown
    >
  }
}

/** The fields of each kind, beside those of every transaction. */
export const forecastShapes: Shapes = {
  lock: { amountMicro: amountSchema },
  'close-lock': {},
  question: {
    text: textSchema(1_024),
    topic: textSchema(128),
    outcomes: list(textSchema(64), 2, OUTCOME_COUNT_MAX),
    resolver: resolverSchema,
    referenceBps: list(bps, 2, OUTCOME_COUNT_MAX),
    weight: z.int().min(1).max(1_000),
    openHeight: naturalSchema,
    snapshots: list(
      z.strictObject({ closeHeight: naturalSchema, weightBps: bps }),
      1,
      SNAPSHOT_COUNT_MAX,
    ),
    resolveHeight: naturalSchema,
  },
  admit: { question: cidSchema },
  'seal-statement': { question: cidSchema, snapshot: naturalSchema, digest: digestSchema },
  'reveal-statement': {
    question: cidSchema,
    snapshot: naturalSchema,
    statement: statementSchema,
    salt: bytes32Schema,
  },
  stream: {
    shares: list(z.strictObject({ to: agentIdSchema, bps }), 0, STATEMENT_LIST_MAX),
  },
  resolve: {
    question: cidSchema,
    record: recordSchema,
    proof: list(digestSchema, 0, PROOF_LENGTH_MAX),
  },
  assert: { question: cidSchema, outcome: naturalSchema },
  dispute: { question: cidSchema, outcome: naturalSchema },
  'seal-verdict': { question: cidSchema, digest: digestSchema },
  'reveal-verdict': { question: cidSchema, outcome: naturalSchema, salt: bytes32Schema },
}

/** A question as events show it. */
export const questionSchema: z.ZodType<QuestionBody, unknown> = z.strictObject(
  forecastShapes.question,
)

export const FORECAST_KINDS: readonly ForecastKind[] = Object.keys(
  forecastShapes,
) as readonly ForecastKind[]
