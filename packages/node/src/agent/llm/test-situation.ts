import {
  type BoundLaw,
  checkLaw,
  commons,
  createLawState,
  createNobleSigner,
  type Law,
  secretKeyOf,
  type Terms,
  termsCid,
} from '@commonweal/protocol'
import type { CommonsNegotiation, LawInForce, Standing } from '../agent.ts'
import { composeTerms } from '../utility/bargaining.ts'
import { capLaw } from '../utility/candidate.ts'
import type { Questioner } from './ask.ts'
import type { ChatReply, ChatRequest } from './chat-model.ts'
import type { LanguageModel } from './language-model.ts'
import { UsageCounter } from './model-usage.ts'
import { scripted } from './scripted-chat.ts'
import { TestClock } from './test-clock.ts'

const SEATS = Array.from(
  { length: 5 },
  (_, seat) => createNobleSigner(secretKeyOf('test', seat)).agent,
)

export type Given = Partial<Omit<CommonsNegotiation, 'params' | 'state'>> & {
  readonly params?: object
  readonly stock?: number
  readonly round?: number
}

/** A commons of five seats, as seen from seat 1, in the first turn of the first round unless another is given. */
export function situationOf(given: Given = {}): CommonsNegotiation {
  const { params: asked = {}, stock, round = 1, ...rest } = given
  const params = commons.paramsSchema.parse(asked)
  return {
    kind: 'commons',
    subnet: 'commons',
    params,
    state: { ...commons.start(params, SEATS.length), round, stock: stock ?? params.capacity },
    history: [],
    epoch: round,
    seat: 1,
    seats: SEATS,
    contract: 'law',
    contractDelay: 0,
    law: null,
    agreed: null,
    signalRatePercent: null,
    turn: 0,
    turnsMax: 10,
    quorum: 4,
    standing: null,
    holds: SEATS.map(() => null),
    covering: null,
    transcript: [],
    ...rest,
  }
}

export function termsOf(
  situation: CommonsNegotiation,
  law: Law | string,
  change: Partial<Terms> = {},
): Terms {
  const clauses = typeof law === 'string' ? capLaw(law) : law
  return { ...composeTerms(situation, { law: clauses, text: '' }), ...change }
}

/** The situation after another seat has proposed these terms. */
export function withProposal(
  situation: CommonsNegotiation,
  terms: Terms,
  by = 0,
): CommonsNegotiation & { readonly standing: Standing } {
  const id = termsCid(terms)
  const { turn } = situation
  return {
    ...situation,
    turn: turn + 1,
    standing: { id, terms, holders: [by] },
    holds: situation.holds.with(by, id),
    transcript: [...situation.transcript, { turn, seat: by, move: { move: 'propose', terms } }],
  }
}

export function inForce(situation: CommonsNegotiation, terms: Terms): CommonsNegotiation {
  const { params, seats } = situation
  const checked = checkLaw(terms.law ?? { clauses: [] }, commons.language(params, seats.length))
  if (!checked.ok) throw new TypeError(checked.error.code)
  const everybody = seats.map(() => true)
  const bound: BoundLaw = { law: checked.value, signer: everybody, bound: everybody }
  const id = termsCid(terms)
  const law: LawInForce = { id, terms, bound, state: createLawState(seats.map(() => 0n)) }
  return { ...situation, law, agreed: terms, covering: { id, terms } }
}

/** A model by a script, put together for an agent. */
export function scriptedModel(
  script: (request: ChatRequest, index: number) => string | Partial<ChatReply>,
): LanguageModel & { readonly requests: readonly ChatRequest[] } {
  const chat = scripted((request, index) => {
    const said = script(request, index)
    return typeof said === 'string' ? { text: said } : said
  })
  const counter = new UsageCounter('scripted')
  const questioner: Questioner = {
    chat,
    model: 'scripted',
    parameters: { temperature: null, tokensMax: 500, seed: null },
    clock: new TestClock(),
    deadlineMs: 1_000,
    signal: new AbortController().signal,
    onFault: (code) => counter.fault(code),
  }
  return { questioner, counter, requests: chat.requests }
}
