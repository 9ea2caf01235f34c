import {
  type AgentId,
  agentIdSchema,
  type Cid,
  cidSchema,
  forecastShapes,
  type QuestionBody,
  type QuestionStage,
} from '@commonweal/protocol'
import { z } from 'zod'
import { COMMAND } from '../invocation.ts'
import { ApiError, type NodeApi } from '../node-api.ts'
import { amount, check } from '../node-view.ts'
import { CommandError } from '../usage-error.ts'

/** `GET /forecast`: the market as it is. */
export interface MarketView {
  readonly height: number
  readonly epoch: number
  readonly houseWeightMicro: bigint
  readonly questions: readonly LiveQuestion[]
  readonly locks: readonly {
    readonly agent: AgentId
    readonly lockedMicro: bigint
    readonly weightMicro: bigint
  }[]
}

/** A question that is not settled. */
export interface LiveQuestion extends QuestionBody {
  readonly id: Cid
  readonly author: AgentId
  readonly stage: { readonly at: QuestionStage }
  /** Height after which the stage ends by itself; null where something else ends it. */
  readonly dueHeight: number | null
  readonly sealCount: number
  readonly openedCount: number
}

const natural = z.int().nonnegative()

const viewSchema: z.ZodType<MarketView, unknown> = z.object({
  height: natural,
  epoch: natural,
  houseWeightMicro: amount,
  questions: z.array(
    z.object({
      ...forecastShapes.question,
      id: cidSchema,
      author: agentIdSchema,
      stage: z.object({
        at: z.enum([
          'proposed',
          'open',
          'revealing',
          'waiting',
          'asserted',
          'disputed',
          'jury',
          'final',
        ]),
      }),
      dueHeight: natural.nullable(),
      sealCount: natural,
      openedCount: natural,
    }),
  ),
  locks: z.array(z.object({ agent: agentIdSchema, lockedMicro: amount, weightMicro: amount })),
})

/** Errors  CommandError, also where the network has no market. */
export async function getMarket(api: NodeApi): Promise<MarketView> {
  const answer = await api.get('/forecast').catch((error: unknown) => {
    if (!(error instanceof ApiError) || error.status !== 404) throw error
    throw new CommandError(
      `this network has no forecasting market; start one with «${COMMAND} up --scenario forecast --keep»`,
      { cause: error },
    )
  })
  return check(viewSchema, '/forecast', answer)
}
