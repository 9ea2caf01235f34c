import type { Agent } from '../agent.ts'
import { createCommonsScene } from './commons-scene.ts'
import type { Telling } from './commons-words.ts'
import { createDecider } from './decider.ts'
import { createGameScene } from './game/game-scene.ts'
import type { LanguageModel } from './language-model.ts'
import type { Mandate } from './mandate.ts'
import { createScenePlayer } from './scene-player.ts'

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
  const { questioner, counter } = model
  const parts = { questioner, decide: createDecider(model), isGuarded: mandate !== null }
  const commons = createScenePlayer(createCommonsScene(options, mandate), parts)
  const game = createScenePlayer(createGameScene(options, mandate), parts)
  return {
    name: `llm ${questioner.model} λ=${prosociality.lambda}`,
    usage: () => counter.read(),
    act: (situation) =>
      situation.kind === 'commons' ? commons.act(situation) : game.act(situation),
    negotiate: (situation) =>
      situation.kind === 'commons' ? commons.negotiate(situation) : game.negotiate(situation),
  }
}
