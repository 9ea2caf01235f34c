import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import {
  type Cid,
  cidOf,
  compareAgents,
  computeChainTotals,
  type DataRecord,
  datasetRoot,
  encode,
  present,
  proveRecord,
  type QuestionBody,
  type Resolver,
  type Statement,
  type TransactionBody,
} from '@commonweal/protocol'
import { agentOf, ForecastWorld, RECORDS } from '@commonweal/protocol/testing'
import { z } from 'zod'
import { loadVectors } from './vector.ts'

/** Tests the scenarios of `vectors/forecast.json`: each is played on a ledger with a market. */
export function testForecasts(): void {
  describe('the forecast vectors', () => {
    for (const vector of loadVectors('forecast', scenarioSchema, outcomeSchema)) {
      it(`${vector.id} ${vector.comment}`, () => {
        const stage = new ForecastStage(vector.input)
        for (const step of vector.input.steps) stage.play(step)
        assert.deepEqual(stage.outcome(vector.expect), vector.expect)
      })
    }
  })
}

/** Amounts in micro-tokens: a whole number, or decimal text. */
const amountSchema = z
  .union([z.int(), z.string().regex(/^\d+$/)])
  .transform((value) => BigInt(value))
const agentSchema = z.string()
/** Questions have names; one that was never asked is unknown. */
const questionSchema = z.string()
const namedIntsSchema = z.array(z.tuple([z.string(), z.int()]))

const resolverSchema = z.union([
  z.literal('schelling'),
  z.strictObject({ index: z.int(), column: z.string() }),
  z.strictObject({ index: z.int(), columns: z.array(z.string()), expression: z.string() }),
])

/** Defaults are said in vectors/README.md. */
const wordingSchema = z.strictObject({
  do: z.literal('question'),
  name: questionSchema,
  outcomes: z.array(z.string()).default(['a', 'b']),
  reference: z.array(z.int()).default([1_000, 9_000]),
  weight: z.int().default(1),
  open: z.int(),
  snapshots: z.array(z.tuple([z.int(), z.int()])).optional(),
  resolve: z.int().optional(),
  resolver: resolverSchema.default({ index: 0, column: 'outcome' }),
})

const statementShape = {
  question: questionSchema,
  snapshot: z.int().default(0),
  report: z.array(z.int()).nullable(),
  findings: namedIntsSchema.default([]),
  /** What this agent would send, sent by another. */
  of: agentSchema.optional(),
}
const verdictShape = {
  question: questionSchema,
  outcome: z.int(),
  round: z.int().default(1),
  of: agentSchema.optional(),
}

const bodySchema = z.discriminatedUnion('do', [
  z.strictObject({ do: z.literal('transfer'), to: agentSchema, amount: amountSchema }),
  z.strictObject({ do: z.literal('bond'), amount: amountSchema }),
  z.strictObject({ do: z.literal('unbond'), amount: amountSchema }),
  z.strictObject({ do: z.literal('lock'), amount: amountSchema }),
  z.strictObject({ do: z.literal('close-lock') }),
  wordingSchema,
  z.strictObject({ do: z.literal('admit'), question: questionSchema }),
  z.strictObject({ do: z.literal('seal-statement'), ...statementShape }),
  z.strictObject({ do: z.literal('reveal-statement'), ...statementShape }),
  /** In the order of their ids, or against it. */
  z.strictObject({
    do: z.literal('stream'),
    shares: namedIntsSchema,
    order: z.enum(['up', 'down']).default('up'),
  }),
  /** `columns`: of a record that is in no data set. `proof`: the index whose proof is sent. */
  z.strictObject({
    do: z.literal('resolve'),
    question: questionSchema,
    record: z.int().default(0),
    proof: z.int().optional(),
    columns: namedIntsSchema.optional(),
  }),
  z.strictObject({ do: z.literal('assert'), question: questionSchema, outcome: z.int() }),
  z.strictObject({ do: z.literal('dispute'), question: questionSchema, outcome: z.int() }),
  z.strictObject({ do: z.literal('seal-verdict'), ...verdictShape }),
  z.strictObject({ do: z.literal('reveal-verdict'), ...verdictShape }),
])
type Body = z.infer<typeof bodySchema>

const actSchema = z.strictObject({ by: agentSchema, act: bodySchema })
type Act = z.infer<typeof actSchema>

const stepSchema = z.union([
  actSchema,
  z.strictObject({ block: z.array(actSchema) }),
  /** These blocks, so many times. A question that is asked again is another one. */
  z.strictObject({ repeat: z.array(actSchema), times: z.int() }),
  /** Empty blocks until this height is in the chain. */
  z.strictObject({ height: z.int() }),
])
type Step = z.infer<typeof stepSchema>

const scenarioSchema = z.strictObject({
  agents: z.int().default(5),
  /** Fields of the market; null for a network without one. */
  market: z.record(z.string(), z.unknown()).nullable().default({}),
  genesis: z.record(z.string(), z.unknown()).default({}),
  locks: z.array(amountSchema).default([1_000_000n, 1_000_000n, 1_000_000n, 1_000_000n]),
  steps: z.array(stepSchema),
})
type Scenario = z.infer<typeof scenarioSchema>

const perAgent = <T>(item: z.ZodType<T>) => z.record(agentSchema, item)

/** What it comes to; what is not named is not asked. */
const outcomeSchema = z.strictObject({
  codes: z.array(z.string()),
  accounts: perAgent(
    z.strictObject({ balance: amountSchema.optional(), bond: amountSchema.optional() }),
  ).default({}),
  locks: perAgent(z.strictObject({ locked: amountSchema, weight: amountSchema })).default({}),
  house: amountSchema.optional(),
  burned: amountSchema.optional(),
  issued: amountSchema.optional(),
  height: z.int().optional(),
  epoch: z.int().optional(),
  /** The stage of every question that was asked; null of one that has left the ledger. */
  stages: z.record(questionSchema, z.string().nullable()).optional(),
  /** What came true, of the questions that are settled; null: void. */
  outcomes: z.record(questionSchema, z.int().nullable()).optional(),
  /** By question, each agent's weight at stake before and after. */
  scored: z.record(questionSchema, perAgent(z.tuple([amountSchema, amountSchema]))).optional(),
  /** What agents kept of the last emission, and what of it was not minted. */
  paid: perAgent(amountSchema).optional(),
  unminted: amountSchema.optional(),
  /** By name. */
  slashed: z.array(z.tuple([agentSchema, z.string(), amountSchema])).optional(),
  /** Each jury by name, in order. */
  juries: z.array(z.array(agentSchema)).optional(),
})
type Outcome = z.infer<typeof outcomeSchema>

class ForecastStage {
  readonly #world: ForecastWorld
  readonly #codes: string[] = []
  readonly #questions = new Map<string, Cid>()

  constructor({ agents, market, genesis, locks }: Scenario) {
    const openers = [agentOf(0)]
    const forecast = { openers, houseWeightMicro: 1_000_000n, ...market }
    const withoutMarket = market === null ? { forecast: null } : {}
    this.#world = new ForecastWorld({
      agents,
      locksMicro: locks,
      forecast,
      genesis: { ...genesis, ...withoutMarket },
    })
  }

  play(step: Step): void {
    if ('block' in step) this.#block(step.block)
    else if ('repeat' in step) {
      for (let time = 0; time < step.times; time += 1) {
        for (const act of step.repeat) this.#block([act])
      }
    } else if ('height' in step) this.#world.advanceTo(step.height)
    else this.#block([step])
  }

  #block(acts: readonly Act[]): void {
    const counts = new Map<string, number>()
    const envelopes = acts.map(({ by, act }) => {
      const ahead = counts.get(by) ?? 0
      counts.set(by, ahead + 1)
      const { envelope, id } = this.#world.sign(by, this.#bodyOf(by, act), {}, ahead)
      if (act.do === 'question') this.#questions.set(act.name, id)
      return envelope
    })
    const executed = this.#world.execute(envelopes)
    assert.ok(executed.ok, 'the blocks of these scenarios are valid')
    this.#codes.push(...executed.value.receipts.map(({ code }) => code))
  }

  #bodyOf(by: string, act: Body): TransactionBody {
    const world = this.#world
    switch (act.do) {
      case 'transfer':
        return { kind: act.do, to: agentOf(act.to), amountMicro: act.amount }
      case 'bond':
      case 'unbond':
      case 'lock':
        return { kind: act.do, amountMicro: act.amount }
      case 'close-lock':
        return { kind: act.do }
      case 'question':
        return { kind: act.do, ...wordingOf(act) }
      case 'admit':
        return { kind: act.do, question: this.#idOf(act.question) }
      case 'seal-statement': {
        const { of, question, snapshot } = act
        return world.sealStatement(of ?? by, this.#idOf(question), statementOf(act), snapshot)
      }
      case 'reveal-statement': {
        const { of, question, snapshot } = act
        return world.openStatement(of ?? by, this.#idOf(question), statementOf(act), snapshot)
      }
      case 'stream': {
        const shares = act.shares
          .map(([name, bps]) => ({ to: agentOf(name), bps }))
          .toSorted((a, b) => compareAgents(a.to, b.to))
        return { kind: act.do, shares: act.order === 'up' ? shares : shares.toReversed() }
      }
      case 'resolve':
        return {
          kind: act.do,
          question: this.#idOf(act.question),
          record: recordOf(act),
          proof: proveRecord(RECORDS, act.proof ?? act.record),
        }
      case 'assert':
      case 'dispute':
        return { kind: act.do, question: this.#idOf(act.question), outcome: act.outcome }
      case 'seal-verdict':
        return world.sealVerdict(act.of ?? by, this.#idOf(act.question), act.outcome, act.round)
      case 'reveal-verdict':
        return world.openVerdict(act.of ?? by, this.#idOf(act.question), act.outcome, act.round)
    }
  }

  #idOf(name: string): Cid {
    return this.#questions.get(name) ?? cidOf(encode(name))
  }

  #nameOf(id: Cid): string {
    const [name] = [...this.#questions].find(([, question]) => question === id) ?? []
    return present(name, 'the question was asked')
  }

  /** As much of what came of it as the vector asks for. */
  outcome(wanted: Outcome): unknown {
    const world = this.#world
    const { burnedMicro, issuedMicro } = computeChainTotals(world.ledger)
    const all = {
      codes: this.#codes,
      accounts: mapNames(wanted.accounts, (name, asked) => {
        const { balanceMicro, bondMicro } = world.account(name)
        return pick({ balance: balanceMicro, bond: bondMicro }, asked)
      }),
      locks: mapNames(wanted.locks, (name) => {
        const { lockedMicro, weightMicro } = world.lock(name)
        return { locked: lockedMicro, weight: weightMicro }
      }),
      ...(wanted.house === undefined ? {} : { house: world.market.houseWeightMicro }),
      burned: burnedMicro,
      issued: issuedMicro,
      height: world.head.height,
      epoch: world.head.epoch,
      ...this.#told(),
    }
    return pick(all, wanted)
  }

  /** What the events tell. */
  #told() {
    const world = this.#world
    const settled = world.events.filter((event) => event.kind === 'question-settled')
    const emission = world.events.findLast((event) => event.kind === 'emission-settled')
    const stages = [...this.#questions].map(([name, id]) => {
      return [name, world.hasQuestion(id) ? world.question(id).stage.at : null] as const
    })
    const paid = new Map<string, bigint>()
    for (const { agent, amountMicro } of emission?.nets ?? []) {
      const name = world.nameOf(agent)
      paid.set(name, (paid.get(name) ?? 0n) + amountMicro)
    }
    return {
      stages: Object.fromEntries(stages),
      outcomes: Object.fromEntries(
        settled.map(({ question, outcome }) => [this.#nameOf(question), outcome]),
      ),
      scored: Object.fromEntries(
        settled.map(({ question, weights }) => [
          this.#nameOf(question),
          Object.fromEntries(
            weights.map(({ agent, beforeMicro, afterMicro }) => [
              world.nameOf(agent),
              [beforeMicro, afterMicro],
            ]),
          ),
        ]),
      ),
      paid: Object.fromEntries(paid),
      unminted: emission?.unmintedMicro,
      slashed: world.events
        .filter((event) => event.kind === 'slashed')
        .map(({ agent, offence, amountMicro }) => [world.nameOf(agent), offence, amountMicro])
        .toSorted(([a], [b]) => compareText(`${a}`, `${b}`)),
      juries: world.events
        .filter((event) => event.kind === 'jury-drawn')
        .map(({ jurors }) => jurors.map((agent) => world.nameOf(agent)).toSorted()),
    }
  }
}

function wordingOf(given: z.infer<typeof wordingSchema>): QuestionBody {
  const { outcomes, reference, weight, open } = given
  const snapshots = given.snapshots ?? [[open + 7, 10_000]]
  const lastClose = snapshots.at(-1)?.[0] ?? open
  return {
    text: given.name,
    topic: '',
    outcomes,
    resolver: resolverOf(given.resolver),
    referenceBps: reference,
    weight,
    openHeight: open,
    snapshots: snapshots.map(([closeHeight, weightBps]) => ({ closeHeight, weightBps })),
    resolveHeight: given.resolve ?? lastClose + 1,
  }
}

function resolverOf(given: z.infer<typeof resolverSchema>): Resolver {
  if (given === 'schelling') return { kind: given }
  const root = datasetRoot(RECORDS)
  return 'column' in given
    ? { kind: 'dataset', root, ...given }
    : { kind: 'function', root, ...given }
}

function recordOf({ record, columns }: Extract<Body, { do: 'resolve' }>): DataRecord {
  if (columns === undefined) return present(RECORDS[record], 'the record is there')
  return { key: 'made up', columns: columns.map(([name, value]) => ({ name, value })) }
}

function statementOf({
  report,
  findings,
}: Extract<Body, { do: 'seal-statement' | 'reveal-statement' }>): Statement {
  const named = findings.map(([name, value]) => ({ name, value }))
  return { report, findings: named, parents: [], reasoning: '', hypotheses: [] }
}

function mapNames<T, U>(
  given: Readonly<Record<string, T>>,
  change: (name: string, item: T) => U,
): Record<string, U> {
  return Object.fromEntries(Object.entries(given).map(([name, item]) => [name, change(name, item)]))
}

function compareText(a: string, b: string): number {
  return a < b ? -1 : Number(a > b)
}

/** The fields that are asked for. */
function pick(all: object, asked: object): Record<string, unknown> {
  return Object.fromEntries(Object.entries(all).filter(([field]) => field in asked))
}
