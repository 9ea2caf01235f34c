import { type Agent, createPoolingForecaster, prosocialityOfLambda } from '@commonweal/node/agent'
import {
  type AgentId,
  createDataset,
  type ForecastBody,
  headOf,
  type Ledger,
  present,
  type Question,
  type QuestionBody,
  questions,
} from '@commonweal/protocol'
import { RECORDS, reporting } from '@commonweal/protocol/testing'

type Part = Pick<Agent, 'forecaster' | 'opener'>

const DATASET = createDataset(RECORDS)
/** Of three questions, one is answered by whoever asserts; and it is asserted wrongly, so that a jury must sit. */
const DISPUTED = 2
const LEAD_HEIGHTS = 10
const WINDOW_HEIGHTS = 14
/** What was sent and has changed nothing after so many heights is sent again. */
const RESEND_HEIGHTS = 20

/** What came true: of the record that the question names, or would name. */
function truthOf(topic: string): number {
  return (Number(topic) % RECORDS.length) % 2
}

/** Asks one question after the other, and resolves it; asserts what is wrong where it has no record. */
export function createAsker(): Part {
  let askedCount = 0
  const once = createOnce()
  return {
    opener: {
      onAsked: (topic) => {
        askedCount = Math.max(askedCount, Number(topic) + 1)
      },
      chooseActs: (ledger) => {
        const { height } = headOf(ledger)
        const [open] = [...questions.entries(ledger)]
        if (open === undefined)
          return once(`ask ${askedCount}`, height, () => ask(askedCount, height))
        const [question, { stage, topic, resolver, resolveHeight }] = open
        if (stage.at !== 'waiting' || height + 1 < resolveHeight) return []
        return once(question, height, (): ForecastBody => {
          if (resolver.kind === 'schelling') {
            return { kind: 'assert', question, outcome: 1 - truthOf(topic) }
          }
          const record = present(RECORDS[resolver.index], 'it names a record')
          return { kind: 'resolve', question, record, proof: DATASET.prove(resolver.index) }
        })
      },
    },
  }
}

/** Disputes what is wrong. */
export function createWatcher(): Part {
  const once = createOnce()
  const isWrong = ([, { stage, topic }]: readonly [unknown, Question]): boolean =>
    stage.at === 'asserted' && stage.outcome !== truthOf(topic)
  return {
    opener: {
      onAsked: () => {},
      chooseActs: (ledger: Ledger) =>
        [...questions.entries(ledger)].filter(isWrong).flatMap(([question, { topic }]) =>
          once(question, headOf(ledger).height, () => ({
            kind: 'dispute',
            question,
            outcome: truthOf(topic),
          })),
        ),
    },
  }
}

/** Gives so much to what comes true. */
export function createSupplier(rightBps: number): Part {
  return {
    forecaster: {
      name: 'supplier',
      suppliers: [],
      forecast: ({ question: { topic } }) =>
        reporting(truthOf(topic) === 0 ? rightBps : 10_000 - rightBps),
      learn: () => {},
      chooseStreams: () => null,
      serves: () => true,
    },
  }
}

export function createBuyer(agent: AgentId, suppliers: readonly AgentId[]): Part {
  const prosociality = prosocialityOfLambda(0)
  if (!prosociality.ok) throw new TypeError('λ may be 0')
  return {
    forecaster: createPoolingForecaster({ agent, suppliers, prosociality: prosociality.value }),
  }
}

function ask(number: number, height: number): ForecastBody {
  const openHeight = height + LEAD_HEIGHTS
  const closeHeight = openHeight + WINDOW_HEIGHTS - 1
  const index = number % RECORDS.length
  const resolver: QuestionBody['resolver'] =
    number % 3 === DISPUTED
      ? { kind: 'schelling' }
      : { kind: 'dataset', root: DATASET.root, index, column: 'outcome' }
  return {
    kind: 'question',
    text: `Which of the two, for the ${number}th time?`,
    topic: String(number),
    outcomes: ['first', 'second'],
    resolver,
    referenceBps: [5_000, 5_000],
    weight: 1,
    openHeight,
    snapshots: [{ closeHeight, weightBps: 10_000 }],
    resolveHeight: closeHeight + 1,
  }
}

function createOnce() {
  const sentHeight = new Map<string, number>()
  return (key: string, height: number, act: () => ForecastBody): readonly ForecastBody[] => {
    const sent = sentHeight.get(key)
    if (sent !== undefined && height < sent + RESEND_HEIGHTS) return []
    sentHeight.set(key, height)
    return [act()]
  }
}
