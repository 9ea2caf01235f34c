import type { ChainEvent } from '../chain/event.ts'
import {
  type Lock,
  locks,
  type Market,
  marketOf,
  type Question,
  questions,
} from '../chain/forecast/market.ts'
import { statementDigest } from '../chain/forecast/statement.ts'
import { verdictDigest } from '../chain/forecast/verdict.ts'
import type { Receipt } from '../chain/receipt.ts'
import type { Cid } from '../codec/cid.ts'
import { invariant, present } from '../invariant.ts'
import type { DataRecord, QuestionBody, Statement } from '../message/forecast.ts'
import type { TransactionBody } from '../message/transaction.ts'
import { datasetRoot, proveRecord } from '../resolution/dataset.ts'
import { agentOf, LedgerWorld, signerOf, type WorldChoice } from './ledger-world.ts'

/** What a test varies of a world that forecasts. */
export interface ForecastChoice extends WorldChoice {
  /** Fields of the genesis's market. */
  readonly forecast?: Readonly<Record<string, unknown>>
  /** Tokens that the first agents have locked, in micro-tokens; a million each for all unless given. */
  readonly locksMicro?: readonly bigint[]
}

/** The data set of a world: record `i` says that outcome `i mod 2` came true. */
export const RECORDS: readonly DataRecord[] = Array.from({ length: 8 }, (_, index) => ({
  key: `day-${index}`,
  columns: [{ name: 'outcome', value: index % 2 }],
}))

const NOTHING_SAID: Statement = {
  report: null,
  findings: [],
  parents: [],
  reasoning: '',
  hypotheses: [],
}

/** A statement that is only a report, on two outcomes: basis points of the first. */
export function reporting(firstBps: number): Statement {
  return { ...NOTHING_SAID, report: [firstBps, 10_000 - firstBps] }
}

/**
 * A ledger with a forecasting market, and whoever acts on it: for tests. Agent 0 may ask questions; there is no other subnet.
 * As in every {@link LedgerWorld}, value is counted after every block.
 */
export class ForecastWorld extends LedgerWorld {
  constructor(choice: ForecastChoice = {}) {
    const count = choice.agents ?? 5
    const lockedMicro = choice.locksMicro ?? Array.from({ length: count }, () => 1_000_000n)
    super({
      ...choice,
      genesis: {
        instances: [],
        forecast: {
          schedule: { epochMicro: 1_000_000n, halvingEpochs: 1_000 },
          houseWeightMicro: 500_000n,
          openers: [agentOf(0)],
          locks: lockedMicro.map((micro, index) => ({ agent: agentOf(index), lockedMicro: micro })),
          revealHeightsMax: 8,
          resolveHeightsMax: 40,
          juryHeightsMax: 8,
          jurySizes: [3, 5],
          disputeEpochs: 1,
          ...choice.forecast,
        },
        ...choice.genesis,
      },
    })
  }

  get market(): Market {
    return marketOf(this.ledger)
  }

  lock(name: string | number): Lock {
    return present(locks.find(this.ledger, agentOf(name)), 'the agent has a lock')
  }

  question(id: Cid): Question {
    return present(questions.find(this.ledger, id), 'the question is not settled')
  }

  hasQuestion(id: Cid): boolean {
    return questions.find(this.ledger, id) !== undefined
  }

  /** A question that opens with the next block, takes seals for eight, and is answered by record 0: the first outcome. */
  wording(given: Partial<QuestionBody> = {}): QuestionBody {
    const openHeight = given.openHeight ?? this.head.height + 2
    return {
      text: 'Which?',
      topic: 'test',
      outcomes: ['first', 'second'],
      resolver: { kind: 'dataset', root: datasetRoot(RECORDS), index: 0, column: 'outcome' },
      referenceBps: [5_000, 5_000],
      weight: 1,
      openHeight,
      snapshots: [{ closeHeight: openHeight + 7, weightBps: 10_000 }],
      resolveHeight: openHeight + 8,
      ...given,
    }
  }

  /** Asks a question in a block of its own. */
  ask(name: string | number, given: Partial<QuestionBody> = {}): Cid {
    const receipt = this.act(name, { kind: 'question', ...this.wording(given) })
    invariant(receipt.code === 'ok', `the question is asked: ${receipt.code}`)
    return receipt.id
  }

  sealStatement(
    name: string | number,
    question: Cid,
    statement: Statement,
    snapshot = 0,
  ): TransactionBody {
    const salt = saltOf(name, question, snapshot)
    const author = agentOf(name)
    const digest = statementDigest({ author, question, snapshot, statement, salt })
    return { kind: 'seal-statement', question, snapshot, digest }
  }

  openStatement(
    name: string | number,
    question: Cid,
    statement: Statement,
    snapshot = 0,
  ): TransactionBody {
    const salt = saltOf(name, question, snapshot)
    return { kind: 'reveal-statement', question, snapshot, statement, salt }
  }

  resolution(question: Cid): TransactionBody {
    const { resolver } = this.question(question)
    invariant(resolver.kind !== 'schelling', 'a record resolves it')
    const record = present(RECORDS[resolver.index], 'the record is there')
    return { kind: 'resolve', question, record, proof: proveRecord(RECORDS, resolver.index) }
  }

  sealVerdict(name: string | number, question: Cid, outcome: number, round = 1): TransactionBody {
    const [author, salt] = [agentOf(name), saltOf(name, question, round)]
    const digest = verdictDigest({ author, question, round, outcome, salt })
    return { kind: 'seal-verdict', question, digest }
  }

  openVerdict(name: string | number, question: Cid, outcome: number, round = 1): TransactionBody {
    return { kind: 'reveal-verdict', question, outcome, salt: saltOf(name, question, round) }
  }

  /** Empty blocks to this height. */
  advanceTo(height: number): void {
    while (this.head.height < height) this.block()
  }

  /** Empty blocks to the end of the epoch. */
  endEpoch(): void {
    const { epoch } = this.head
    while (this.head.epoch === epoch) this.block()
  }

  /** Empty blocks until a question is where a test wants it. */
  advanceToStage(question: Cid, at: Question['stage']['at']): void {
    for (let count = 0; count < 1_000; count += 1) {
      if (this.question(question).stage.at === at) return
      this.block()
    }
    invariant(false, 'every stage comes within a thousand heights')
  }

  /**
   * A whole question, from its asking to the end of the epoch in which it is settled.
   *
   * @param said by name: basis points on the first outcome, or null for a seal that is never opened.
   */
  playQuestion(
    said: Readonly<Record<string, number | null>>,
    given: Partial<QuestionBody> = {},
  ): Cid {
    const id = this.ask(0, given)
    this.advanceTo(this.question(id).openHeight - 1)
    const names = Object.entries(said)
    this.block(
      ...names.map(
        ([name, bps]) => [name, this.sealStatement(name, id, reporting(bps ?? 5_000))] as const,
      ),
    )
    this.advanceToStage(id, names.length > 0 ? 'revealing' : 'waiting')
    const opened = names.flatMap(([name, bps]) =>
      bps === null ? [] : [[name, this.openStatement(name, id, reporting(bps))] as const],
    )
    this.block(...opened)
    this.advanceToStage(id, 'waiting')
    this.advanceTo(this.question(id).resolveHeight - 1)
    invariant(this.act(0, this.resolution(id)).code === 'ok', 'the record resolves it')
    if (this.hasQuestion(id)) this.endEpoch()
    return id
  }

  /** The last event of a kind. */
  lastEvent<K extends ChainEvent['kind']>(kind: K): Extract<ChainEvent, { readonly kind: K }> {
    const event = this.events.findLast(
      (one): one is Extract<ChainEvent, { readonly kind: K }> => one.kind === kind,
    )
    return present(event, `there was an event ${kind}`)
  }

  /** What became of one act. */
  codeOf(name: string | number, body: TransactionBody): Receipt['code'] {
    return this.act(name, body).code
  }
}

function saltOf(name: string | number, question: Cid, place: number): Uint8Array {
  return signerOf(name).derive(`${question}/${place}`)
}
