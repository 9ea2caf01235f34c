import { type Law, lawSchema } from '@commonweal/protocol'
import { z } from 'zod'
import { OperationalError } from '../../errors.ts'
import type {
  Agent,
  CommonsNegotiation,
  CommonsSituation,
  Move,
  NegotiationSituation,
  Situation,
} from '../agent.ts'
import { ask, type Question } from './ask.ts'
import type { ChatMessage } from './chat-model.ts'
import {
  describeAct,
  describeLanguage,
  describeNegotiation,
  describeRole,
  type Telling,
  type Values,
} from './commons-words.ts'
import type { LanguageModel } from './language-model.ts'
import { checkMove, checkRequest, computeActBounds, type Mandate } from './mandate.ts'
import { ModelFailure } from './model-failure.ts'
import { checkClauses, replySchemaOf, toMove } from './negotiation-reply.ts'
import { fillPrompt, loadPrompt, type Prompt } from './prompt.ts'

export interface LlmAgentOptions extends Telling {
  readonly model: LanguageModel
  /** Null leaves the model unguarded: for measuring what the guard is worth. */
  readonly mandate: Mandate | null
}

/**
 * An agent that a language model decides for. The model sees words and gives an answer in a form; what is signed is what
 * passed the checks and the mandate, and the key is never near it.
 *
 * Errors  ModelFailure: there is no such answer. The node then passes; it is counted as a failure, never as a choice.
 */
export function createLlmAgent(options: LlmAgentOptions): Agent {
  const { model, mandate, prosociality } = options
  const prompts = loadPrompts()
  const { questioner, counter } = model

  async function decide<Said, Meant>(question: Question<Said, Meant>): Promise<Meant> {
    try {
      const meant = await ask(questioner, question)
      counter.choice()
      return meant
    } catch (error) {
      if (error instanceof ModelFailure) counter.failure(error.code)
      throw error
    }
  }

  function compileWords(
    situation: CommonsNegotiation,
    words: string,
    signal: AbortSignal,
  ): Promise<Law> {
    return ask(
      { ...questioner, signal },
      {
        name: 'law',
        messages: create(situation, prompts.compile, {
          words: words.replaceAll('<', '‹'),
          language: describeLanguage(situation),
        }),
        schema: lawSchema,
        epoch: situation.epoch,
        check: async (law) => checkClauses(situation, law),
      },
    )
  }

  function create(situation: CommonsSituation, prompt: Prompt, values: Values): ChatMessage[] {
    return [
      { role: 'system', content: fillPrompt(prompts.role, describeRole(situation, options)) },
      { role: 'user', content: fillPrompt(prompt, values) },
    ]
  }

  return {
    name: `llm ${questioner.model} λ=${prosociality.lambda}`,
    usage: () => counter.read(),
    async act(given: Situation): Promise<bigint> {
      const situation = requireCommons(given)
      const bounds = computeActBounds(mandate, situation)
      return decide({
        name: 'request',
        messages: create(situation, prompts.act, describeAct(situation, options, bounds)),
        schema: requestSchema,
        epoch: situation.epoch,
        check: async ({ request }) => checkRequest(bounds, request),
      })
    },
    async negotiate(given: NegotiationSituation): Promise<Move> {
      const situation = requireCommons(given)
      const { params, state, contractDelay, contract, epoch, covering } = situation
      const hasRoundAtStake = state.round + contractDelay <= params.rounds
      // A network has nobody speak about a round that a contract covers; a run without one does.
      if (contract === 'none' || !hasRoundAtStake || covering !== null) return { move: 'pass' }
      return decide({
        name: 'move',
        messages: create(situation, prompts.negotiate, describeNegotiation(situation, options)),
        schema: replySchemaOf(situation),
        epoch,
        check: async (reply, signal) => {
          const compile = (words: string): Promise<Law> => compileWords(situation, words, signal)
          const meant = await toMove(situation, reply, { compile, isGuarded: mandate !== null })
          return meant.ok ? checkMove(mandate, situation, meant.value) : meant
        },
      })
    },
  }
}

/** There are words for a commons and for no other subnet. Errors  OperationalError, which makes the node pass */
function requireCommons<T extends { readonly kind: string }>(
  situation: T,
): Extract<T, { readonly kind: 'commons' }> {
  if (isCommons(situation)) return situation
  throw new OperationalError('no-situation', `no language model can play a ${situation.kind}`)
}

function isCommons<T extends { readonly kind: string }>(
  situation: T,
): situation is Extract<T, { readonly kind: 'commons' }> {
  return situation.kind === 'commons'
}

const requestSchema: z.ZodType<{ request: number; reason?: string }, unknown> = z.strictObject({
  request: z.int().min(0),
  reason: z.exactOptional(z.string().max(1_000)),
})

function loadPrompts(): Readonly<Record<'role' | 'act' | 'negotiate' | 'compile', Prompt>> {
  return {
    role: loadPrompt('commons-role.v1'),
    act: loadPrompt('commons-act.v1'),
    negotiate: loadPrompt('commons-negotiate.v1'),
    compile: loadPrompt('commons-compile.v1'),
  }
}
