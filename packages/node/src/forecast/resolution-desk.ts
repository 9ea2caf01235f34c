import {
  type AgentId,
  accountOf,
  type Cid,
  type Command,
  type ForecastBody,
  headOf,
  type Ledger,
  type Question,
  questions,
} from '@commonweal/protocol'
import type { OpenQuestion, Witness } from '../agent/forecast/forecaster.ts'
import type { LogPort } from '../ports.ts'
import { checkedVerdict } from './checked-answer.ts'

export interface ResolutionDeskOptions {
  readonly witness: Witness
  readonly agent: AgentId
  /** What either side of a dispute bonds. */
  readonly bondMicro: bigint
  readonly ledger: () => Ledger
  readonly log: LogPort
  readonly onCommand: (command: Command) => void
  /** The witness failed, or named no outcome: nothing is sent. */
  readonly onFault: (error: unknown) => void
}

/** What was sent and has not changed the question after so many heights is sent again, and who cannot bond is told of again. */
const RESEND_HEIGHTS = 20

interface Sent {
  readonly kind: ForecastBody['kind']
  readonly height: number
  /** False where it could not be bonded for. */
  readonly isSent: boolean
}

/** Bonds for what its agent has seen come true, of questions that no data set answers: asserts it, or disputes another outcome. */
export class ResolutionDesk {
  readonly #options: ResolutionDeskOptions
  /** What was last sent about each question that is not settled. */
  #sent: ReadonlyMap<Cid, Sent> = new Map()

  constructor(options: ResolutionDeskOptions) {
    this.#options = options
  }

  /** After a block became final. */
  act(): void {
    const { ledger, agent, bondMicro, log, onCommand } = this.#options
    const { height } = headOf(ledger())
    const sent = new Map<Cid, Sent>()
    for (const [id, question] of questions.entries(ledger())) {
      const before = this.#sent.get(id)
      if (before !== undefined) sent.set(id, before)
      const body = this.#bodyFor(id, question, height)
      if (body === null) continue
      const { balanceMicro } = accountOf(ledger(), agent)
      const isSent = balanceMicro > bondMicro
      const isRecent = before?.kind === body.kind && height < before.height + RESEND_HEIGHTS
      // Disputes are possible for a few heights alone: who can bond by now does.
      if (isRecent && (before.isSent || !isSent)) continue
      sent.set(id, { kind: body.kind, height, isSent })
      if (isSent) onCommand({ kind: 'submit', body, tag: null })
      else log.warn({ question: id, balanceMicro, bondMicro }, CANNOT_BOND)
    }
    this.#sent = sent
  }

  #bodyFor(id: Cid, question: Question, height: number): ForecastBody | null {
    const { stage, resolver, resolveHeight } = question
    const { agent, witness } = this.#options
    const { patienceHeights } = witness
    if (resolver.kind !== 'schelling') return null
    const isDue = height + 1 >= resolveHeight + patienceHeights
    const isAsserted = stage.at === 'asserted'
    // Whoever sees it otherwise by now has two bonds in one dispute, and loses one for certain.
    if (isAsserted && stage.asserter === agent) return null
    if (!isAsserted && !(stage.at === 'waiting' && isDue)) return null
    const outcome = this.#look({ ...question, id })
    if (outcome === null) return null
    if (!isAsserted) return { kind: 'assert', question: id, outcome }
    return outcome === stage.outcome ? null : { kind: 'dispute', question: id, outcome }
  }

  #look(question: OpenQuestion): number | null {
    const { witness, onFault } = this.#options
    try {
      return checkedVerdict(witness.saw(question), question.outcomes.length)
    } catch (error) {
      onFault(error)
      return null
    }
  }
}

const CANNOT_BOND = 'the agent cannot bond for what it has seen'
