import { type AgentId, commons, termsSchema } from '@commonweal/protocol'
import { z } from 'zod'
import type { Agent, Move, NegotiationSituation, Situation } from '../agent.ts'
import type { Derive } from '../game/draw.ts'
import { checkAction, checkGameMove, listActions } from '../llm/game/game-mandate.ts'
import { checkMove, checkRequest, computeActBounds, type Mandate } from '../llm/mandate.ts'
import { textSchema } from '../llm/negotiation-reply.ts'
import type { Prosociality } from '../prosocial.ts'
import { copySituation } from './copy-situation.ts'
import { granted, refuseAnswer } from './granted.ts'
import { hasFunctions, makeBy } from './make-by.ts'
import { type AgentPluginOptions, createDraw, type Plugin } from './plugin.ts'
import { PluginError } from './plugin-error.ts'
import type { PluginWatch } from './plugin-watch.ts'

export interface PluginAgentParts {
  readonly agent: AgentId
  readonly prosociality: Prosociality
  readonly derive: Derive
  /** Null leaves it unguarded: only what no ledger takes is refused. */
  readonly mandate: Mandate | null
  /** The built-in agent: one stands behind the plug-in, and it has one to ask. */
  readonly createPolicy: () => Agent
}

/**
 * An agent that a module of the operator's own decides for. What it answers passes the checks of a language model's answers; where
 * it does not, or the module throws or is late, the policy answers.
 *
 * Errors  PluginError: the module makes no agent
 */
export function createPluginAgent(
  plugin: Plugin,
  watch: PluginWatch,
  { agent, prosociality, derive, mandate, createPolicy }: PluginAgentParts,
): Agent {
  const policy = createPolicy()
  const draw = createDraw(derive)
  const made = makeAgent(plugin, { agent, prosociality, draw, policy: createPolicy() })
  return {
    name: `${plugin.name} λ=${prosociality.lambda}`,
    usage: () => watch.usage(),
    act: (situation) =>
      watch.ask({
        question: 'act',
        ask: () => made.act(copySituation(situation)),
        check: (said) => toAction(mandate, situation, said),
        otherwise: () => policy.act(situation),
      }),
    negotiate: (situation) =>
      watch.ask({
        question: 'negotiate',
        ask: () => made.negotiate(copySituation(situation)),
        check: (said) => toMove(mandate, situation, said),
        otherwise: () => policy.negotiate(situation),
      }),
  }
}

type Made = Pick<Agent, 'act' | 'negotiate'>

/** Errors  PluginError */
function makeAgent({ path, createAgent }: Plugin, options: AgentPluginOptions): Made {
  const accepted =
    'a createAgent(options) that returns {name, act(situation), negotiate(situation)}'
  const made = makeBy(() => createAgent?.(options), { path, door: 'createAgent', accepted })
  if (isMade(made)) return made
  throw new PluginError(path, 'its createAgent returns no agent', accepted)
}

function isMade(made: unknown): made is Made {
  return hasFunctions(made, ['act', 'negotiate'])
}

/** Errors  ModelFailure */
function toAction(mandate: Mandate | null, situation: Situation, said: unknown): bigint {
  if (typeof said !== 'bigint') {
    return refuseAnswer(`an action is a bigint such as 10n, and it answered a ${typeof said}`)
  }
  if (situation.kind === 'game') {
    return granted(mandate, checkAction(listActions(mandate, situation.params), Number(said)))
  }
  if (mandate !== null) {
    return granted(mandate, checkRequest(computeActBounds(mandate, situation), Number(said)))
  }
  const actionMax = commons.actionMax(situation.params, situation.state)
  if (said >= 0n && said <= actionMax) return said
  return refuseAnswer(`the request ${said} is not from 0 to ${actionMax}`)
}

const moveSchema: z.ZodType<Move, unknown> = z.discriminatedUnion('move', [
  z.object({ move: z.literal('propose'), terms: termsSchema }),
  z.object({ move: z.enum(['accept', 'pass']) }),
  z
    .object({ move: z.literal('reject'), text: textSchema })
    .transform(({ text = '' }) => ({ move: 'reject' as const, reason: 'terms' as const, text })),
])

/** Errors  ModelFailure */
function toMove(mandate: Mandate | null, situation: NegotiationSituation, said: unknown): Move {
  const parsed = moveSchema.safeParse(said)
  if (!parsed.success) {
    const { path = [], message = '' } = parsed.error.issues[0] ?? {}
    return refuseAnswer(`its answer is no move: ${['move', ...path].join('.')}: ${message}`)
  }
  const { standing, holds, seat } = situation
  const isHeld = standing !== null && holds[seat] === standing.id
  // To accept once more what one holds changes nothing.
  if (parsed.data.move === 'accept' && isHeld) return { move: 'pass' }
  return granted(
    mandate,
    situation.kind === 'commons'
      ? checkMove(mandate, situation, parsed.data)
      : checkGameMove(mandate, situation, parsed.data),
  )
}
