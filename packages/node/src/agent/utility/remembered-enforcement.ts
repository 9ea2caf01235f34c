import {
  type BoundLaw,
  enforceSettlement,
  enforceSubmission,
  type LawEnforcer,
  type LawState,
  namesRead,
  type View,
} from '@commonweal/protocol'

/** What is remembered of all laws together, some kilobytes each. When it is full all is forgotten, and begun anew. */
const REMEMBERED_MAX = 40_000

/**
 * The ledger's enforcement, which remembers what it did. Look-aheads of all seats and rounds ask the same few things of a
 * stationary law: what it does depends on its state, the requests, and the variables that its clauses read.
 *
 * A law is known by its object, and forgotten with it. An answer is the same object each time: it is read, never written.
 */
export const rememberedEnforcer: LawEnforcer = {
  enforceSubmission(bound, state, view, actions) {
    const memory = memoryOf(bound)
    const key = `${memory.numberOf(state)};${actions.join()};${describe(view, memory.submission)}`
    return memory.submissions.get(key, () =>
      memory.share(enforceSubmission(bound, state, view, actions)),
    )
  },
  enforceSettlement(bound, state, view) {
    const memory = memoryOf(bound)
    const key = `${memory.numberOf(state)};${describe(view, memory.settlement)}`
    return memory.settlements.get(key, () => memory.share(enforceSettlement(bound, state, view)))
  },
}

let memories = new WeakMap<BoundLaw, Memory>()
let rememberedCount = 0

function countRemembered(): void {
  rememberedCount += 1
  if (rememberedCount < REMEMBERED_MAX) return
  memories = new WeakMap()
  rememberedCount = 0
}

function memoryOf(bound: BoundLaw): Memory {
  const known = memories.get(bound)
  if (known !== undefined) return known
  const made = new Memory(bound)
  memories.set(bound, made)
  return made
}

class Memory {
  readonly submission: readonly string[]
  readonly settlement: readonly string[]
  readonly submissions: Answers<ReturnType<typeof enforceSubmission>> = new Answers()
  readonly settlements: Answers<ReturnType<typeof enforceSettlement>> = new Answers()
  readonly #numbers = new WeakMap<LawState, number>()
  /** By content, so that a law that has done nothing is in the state that it was in. */
  readonly #states = new Map<string, LawState>()
  #stateCount = 0

  constructor({ law }: BoundLaw) {
    this.submission = namesRead(law, 'submission')
    this.settlement = namesRead(law, 'settlement')
  }

  numberOf(state: LawState): number {
    const known = this.#numbers.get(state)
    if (known !== undefined) return known
    const first = this.#firstLike(state)
    const number = this.#numbers.get(first) ?? this.#stateCount++
    this.#numbers.set(first, number)
    this.#numbers.set(state, number)
    return number
  }

  /** The same with the state that is known already, where one is. */
  share<Answer extends { readonly state: LawState }>(answer: Answer): Answer {
    return { ...answer, state: this.#firstLike(answer.state) }
  }

  #firstLike(state: LawState): LawState {
    const content = JSON.stringify(state, (_, value: unknown) =>
      typeof value === 'bigint' ? `${value}n` : value,
    )
    const first = this.#states.get(content)
    if (first !== undefined) return first
    this.#states.set(content, state)
    countRemembered()
    return state
  }
}

class Answers<Answer> {
  readonly #byKey = new Map<string, Answer>()

  get(key: string, compute: () => Answer): Answer {
    const known = this.#byKey.get(key)
    if (known !== undefined) return known
    const made = compute()
    this.#byKey.set(key, made)
    countRemembered()
    return made
  }
}

/** What a view says under these names. */
function describe(view: View, names: readonly string[]): string {
  let text = ''
  for (const name of names) {
    const shared = view.common[name] ?? view.bySeat[name]
    const values = shared === undefined ? view.own.map((seat) => seat[name]?.toString()) : [shared]
    // A length before each, so that no text of one view is that of another.
    for (const value of values) {
      const words = String(value)
      text += `${words.length}:${words}`
    }
  }
  return text
}
