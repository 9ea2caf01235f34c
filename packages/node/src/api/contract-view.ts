import type { Genesis } from '@commonweal/protocol'
import {
  agreements,
  builtInSubnets,
  describeLaw,
  type Law,
  type Ledger,
  lawSchema,
} from '@commonweal/protocol'
import { z } from 'zod'
import type { StorePort } from '../ports.ts'

/** One agreement, from its forming to its end, and what it did in each round. */
export interface ContractView {
  readonly id: string
  readonly status: 'in-force' | 'ended'
  readonly formedHeight: number
  readonly endedHeight: number | null
  /** Why it ended: expired, replaced, terminated, run-ended. */
  readonly why: string | null
  /** What the terms say, a line for each clause. */
  readonly words: readonly string[]
  /** As they were signed; amounts are decimal text. */
  readonly terms: unknown
  readonly signers: readonly string[]
  readonly rounds: readonly { readonly epoch: number; readonly records: readonly unknown[] }[]
}

/** Most events that are read for one answer. */
const EVENTS_MAX = 100_000

/** All agreements that this node has seen form, in that order. */
export function viewContracts(
  store: StorePort,
  ledger: Ledger,
  genesis: Genesis,
): readonly ContractView[] {
  const contracts = new Map<string, ContractView>()
  const kinds = ['agreement-formed', 'agreement-ended', 'round-settled'] as const
  for (const { height, event } of store.events({ afterHeight: 0, kinds, countMax: EVENTS_MAX })) {
    const read = eventSchema.safeParse(event).data
    switch (read?.kind) {
      case 'agreement-formed':
        contracts.set(read.id, {
          id: read.id,
          status: agreements.find(ledger, read.id) === undefined ? 'ended' : 'in-force',
          formedHeight: height,
          endedHeight: null,
          why: null,
          words: wordsOf(read.terms, genesis),
          terms: read.terms,
          signers: read.signers,
          rounds: [],
        })
        break
      case 'agreement-ended': {
        const ended = contracts.get(read.id)
        if (ended !== undefined) {
          contracts.set(read.id, { ...ended, endedHeight: height, why: read.why })
        }
        break
      }
      case 'round-settled':
        for (const { id, records } of read.laws) {
          const { epoch } = read
          const known = contracts.get(id)
          if (known !== undefined) {
            contracts.set(id, { ...known, rounds: [...known.rounds, { epoch, records }] })
          }
        }
        break
      default:
    }
  }
  return [...contracts.values()]
}

interface Worded {
  readonly subnet: string
  readonly mode: string
  readonly text: string
  readonly law: Law | null
  readonly parties: readonly string[]
}

/** Terms in words; a text that nobody enforces stands as it was written. */
export function wordsOf(terms: Worded, genesis: Genesis): readonly string[] {
  const instance = genesis.instances.find(({ id }) => id === terms.subnet)
  const subnet = instance === undefined ? undefined : builtInSubnets.get(instance.kind)
  if (terms.law === null || instance === undefined || subnet === undefined) {
    return terms.text === '' ? [] : [terms.text]
  }
  const language = subnet.language(instance.params, terms.parties.length)
  return describeLaw(terms.law, language).split('\n')
}

const termsSchema = z.looseObject({
  subnet: z.string(),
  mode: z.string(),
  text: z.string(),
  law: lawSchema.nullable(),
  parties: z.array(z.string()),
})

const eventSchema = z.discriminatedUnion('kind', [
  z.object({
    kind: z.literal('agreement-formed'),
    id: z.string(),
    terms: termsSchema,
    signers: z.array(z.string()),
  }),
  z.object({ kind: z.literal('agreement-ended'), id: z.string(), why: z.string() }),
  z.object({
    kind: z.literal('round-settled'),
    epoch: z.number(),
    laws: z.array(z.object({ id: z.string(), records: z.array(z.unknown()) })),
  }),
])
