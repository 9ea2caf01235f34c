import { ask, type Question } from './ask.ts'
import type { LanguageModel } from './language-model.ts'
import { ModelFailure } from './model-failure.ts'

/** Puts one question to a model, and counts it as a choice or as a failure. */
export type Decide = <Said, Meant>(question: Question<Said, Meant>) => Promise<Meant>

export function createDecider({ questioner, counter }: LanguageModel): Decide {
  return async (question) => {
    try {
      const meant = await ask(questioner, question)
      counter.choice()
      return meant
    } catch (error) {
      if (error instanceof ModelFailure) counter.failure(error.code)
      throw error
    }
  }
}
