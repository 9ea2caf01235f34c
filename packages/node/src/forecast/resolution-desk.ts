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

/** What was sent and has not changed the question after so many heights is sent again. */
const RESEND_HEIGHTS = 20

interface Sent {
  readonly kind: ForecastBody['kind']
  readonly height: number
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
    const { ledger, onCommand } = this.#options
    const { height } = headOf(ledger())
    const sent = new Map<Cid, Sent>()
    for (const [id, question] of questions.entries(ledger())) {
      const before = this.#sent.get(id)
      if (before !== undefined) sent.set(id, before)
      const body = this.#bodyFor(id, question, height)
      if (body === null) continue
      if (before?.kind === body.kind && height < before.height + RESEND_HEIGHTS) continue
      sent.set(id, { kind: body.kind, height })
      if (this.#canBond(id)) onCommand({ kind: 'submit', body, tag: null })
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

  #canBond(question: Cid): boolean {
    const { ledger, agent, bondMicro, log } = this.#options
    const { balanceMicro } = accountOf(ledger(), agent)
    if (balanceMicro > bondMicro) return true
    log.warn({ question, balanceMicro, bondMicro }, 'the agent cannot bond for what it has seen')
    return false
  }
}
