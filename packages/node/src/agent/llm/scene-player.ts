import { type Law, lawSchema } from '@commonweal/protocol'
import type { Move, Negotiation, Situation } from '../agent.ts'
import type { ChatMessage } from './chat-model.ts'
import type { Mind } from './mind.ts'
import { checkClauses, replySchemaOf, toMove } from './negotiation-reply.ts'
import { fillPrompt, type Prompt, type Values } from './prompt.ts'
import type { Scene } from './scene.ts'

export interface ScenePlayerOptions {
  readonly mind: Mind
  /** Whether texts that repeat a peer's are left out. */
  readonly isGuarded: boolean
}

/** How a mind plays one kind of instance. Errors  ModelFailure */
export interface ScenePlayer<Seen extends Situation> {
  act(situation: Seen): Promise<bigint>
  negotiate(situation: Seen & Negotiation): Promise<Move>
}

export function createScenePlayer<Seen extends Situation>(
  scene: Scene<Seen>,
  { mind, isGuarded }: ScenePlayerOptions,
): ScenePlayer<Seen> {
  const { prompts, actName, actSchema } = scene

  function create(situation: Seen, prompt: Prompt, values: Values): ChatMessage[] {
    return [
      { role: 'system', content: fillPrompt(prompts.role, scene.describeRole(situation)) },
      { role: 'user', content: fillPrompt(prompt, values) },
    ]
  }

  function compileWords(situation: Seen, words: string, signal: AbortSignal): Promise<Law> {
    return mind.consult(
      {
        name: 'law',
        messages: create(situation, prompts.compile, {
          words: words.replaceAll('<', '‹'),
          language: scene.describeLanguage(situation),
        }),
        schema: lawSchema,
        epoch: situation.epoch,
        check: async (law) => checkClauses(situation, law),
      },
      signal,
    )
  }

  return {
    act: (situation) =>
      mind.decide({
        name: actName,
        messages: create(situation, prompts.act, scene.describeAct(situation)),
        schema: actSchema,
        epoch: situation.epoch,
        check: async (action) => scene.checkAction(situation, action),
      }),
    async negotiate(situation): Promise<Move> {
      const { params, state, contractDelay, contract, epoch, covering } = situation
      const hasRoundAtStake = state.round + contractDelay <= params.rounds
      // A network has nobody speak about a round that a contract covers; a run without one does.
      if (contract === 'none' || !hasRoundAtStake || covering !== null) return { move: 'pass' }
      return mind.decide({
        name: 'move',
        messages: create(situation, prompts.negotiate, scene.describeNegotiation(situation)),
        schema: replySchemaOf(situation),
        epoch,
        check: async (reply, signal) => {
          const compile = (words: string): Promise<Law> => compileWords(situation, words, signal)
          const meant = await toMove(situation, reply, { compile, isGuarded })
          return meant.ok ? scene.checkMove(situation, meant.value) : meant
        },
      })
    },
  }
}
