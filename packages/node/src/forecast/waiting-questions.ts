import { type AgentId, type Cid, type Effect, headOf, type Ledger } from '@commonweal/protocol'
import type { Signal } from '../agent/forecast/forecaster.ts'
import { type SignalInbox, sealOf } from './signal-inbox.ts'

export type AskForecast = Extract<Effect, { readonly kind: 'ask-forecast' }>

export interface WaitingQuestionsOptions {
  readonly suppliers: readonly AgentId[]
  readonly inbox: Pick<SignalInbox, 'sealed'>
  readonly ledger: () => Ledger
  /** So many heights before a snapshot closes it waits for suppliers no more. */
  readonly marginHeights: number
  /** Asks a supplier for what it has sealed: it was lost, or is not for us. */
  readonly askAgain: (supplier: AgentId) => void
}

/** What can be put to the agent, with what its suppliers said. */
export interface ReadyQuestion {
  readonly asked: AskForecast
  readonly signals: readonly Signal[]
}

/**
 * Heights for which suppliers are waited for in any case, where the window has twice as many left: whoever has just started finds
 * its suppliers first.
 */
const WAIT_HEIGHTS_MIN = 4
/**
 * Heights for which a supplier is asked again that has sealed and not shown. What it seals it shows at once, long before a block has
 * the seal; so it was lost, or it serves others only, and is not worth to miss the window for.
 */
const UNSHOWN_HEIGHTS_MAX = 3

interface Waiting {
  readonly asked: AskForecast
  /** Height from which it waits no more. */
  readonly untilHeight: number
  /** Signals with which the agent had nothing to say: it is asked again when there are more. */
  readonly saidNothingTo: number
  /** By supplier that has sealed and not shown: the height at which that was seen first. */
  readonly unshownSince: Map<AgentId, number>
}

type Place = Pick<AskForecast, 'question' | 'snapshot'>

/** The questions that the agent is asked, while they wait for its suppliers; by question and snapshot. */
export class WaitingQuestions {
  readonly #options: WaitingQuestionsOptions
  readonly #waiting = new Map<string, Waiting>()
  /** By supplier: the height at which it was asked again last. */
  readonly #askedAgain = new Map<AgentId, number>()

  constructor(options: WaitingQuestionsOptions) {
    this.#options = options
  }

  add(asked: AskForecast): void {
    const { height } = headOf(this.#options.ledger())
    const left = Math.max(0, asked.closeHeight - height)
    const waitHeights = Math.min(WAIT_HEIGHTS_MIN, Math.floor(left / 2))
    const untilHeight = Math.max(
      asked.closeHeight - this.#options.marginHeights,
      height + waitHeights,
    )
    this.#put({ asked, untilHeight, saidNothingTo: -1, unshownSince: new Map() })
  }

  /** The agent had nothing to say to these signals. Where no supplier can add one, that is its last word. */
  saidNothing({ asked, signals }: ReadyQuestion): void {
    if (signals.length >= this.#options.suppliers.length) return
    this.#put({
      asked,
      untilHeight: 0,
      saidNothingTo: signals.length,
      unshownSince: new Map(),
    })
  }

  /**
   * Takes out what need not wait, or can wait no longer; forgets what is closed.
   *
   * @param only where something came for one place alone. [all]
   */
  takeReady(only?: Place): readonly ReadyQuestion[] {
    const { height } = headOf(this.#options.ledger())
    const unshown = new Set<AgentId>()
    const ready = this.#at(only).flatMap((waiting): readonly ReadyQuestion[] => {
      const { asked, untilHeight, saidNothingTo } = waiting
      const isClosed = height >= asked.closeHeight
      if (isClosed) {
        this.#waiting.delete(keyOf(asked))
        return []
      }
      const { question, snapshot } = asked
      const signals = this.#options.inbox.sealed(this.#options.ledger(), question, snapshot)
      const isAwaiting = this.#isAwaiting(waiting, signals, unshown)
      if (signals.length <= saidNothingTo || (isAwaiting && height < untilHeight)) return []
      this.#waiting.delete(keyOf(asked))
      return [{ asked, signals }]
    })
    // Last: what they show at once comes back here.
    for (const supplier of unshown) this.#askAgain(supplier, height)
    return ready
  }

  forget(question: Cid): void {
    for (const [place, { asked }] of this.#waiting) {
      if (asked.question === question) this.#waiting.delete(place)
    }
  }

  #put(waiting: Waiting): void {
    this.#waiting.set(keyOf(waiting.asked), waiting)
  }

  #at(only: Place | undefined): readonly Waiting[] {
    if (only === undefined) return [...this.#waiting.values()]
    const waiting = this.#waiting.get(keyOf(only))
    return waiting === undefined ? [] : [waiting]
  }

  /**
   * Whether a supplier may still be heard.
   *
   * @param unshown takes those that have sealed and not shown.
   */
  #isAwaiting(
    { asked, unshownSince }: Waiting,
    signals: readonly Signal[],
    unshown: Set<AgentId>,
  ): boolean {
    const { suppliers } = this.#options
    const ledger = this.#options.ledger()
    const { height } = headOf(ledger)
    const silent = suppliers.filter((one) => !signals.some(({ author }) => author === one))
    return (
      silent.filter((supplier) => {
        if (sealOf(ledger, supplier, asked) === undefined) return true
        const since = unshownSince.get(supplier) ?? height
        unshownSince.set(supplier, since)
        if (height - since >= UNSHOWN_HEIGHTS_MAX) return false
        unshown.add(supplier)
        return true
      }).length > 0
    )
  }

  #askAgain(supplier: AgentId, height: number): void {
    if (this.#askedAgain.get(supplier) === height) return
    this.#askedAgain.set(supplier, height)
    this.#options.askAgain(supplier)
  }
}

function keyOf({ question, snapshot }: Place): string {
  return `${question}/${snapshot}`
}
