import { ask, type Question } from './ask.ts'
import type { LanguageModel } from './language-model.ts'
import { ModelFailure } from './model-failure.ts'
import type { ModelUsage } from './model-usage.ts'

/** Whoever decides for an agent that is told things in words: a language model that is asked, or an assistant that asks. */
export interface Mind {
  /** For logs and tables: `llm gpt-5-mini`. */
  readonly name: string
  /** What it was asked, and what came of it. */
  usage(): ModelUsage
  /** Errors  ModelFailure: no answer that passes every check. It is counted as a failure, never as a choice. */
  decide<Said, Meant>(question: Question<Said, Meant>): Promise<Meant>
  /** A question within one that is being decided, and over with its signal: it is not counted by itself. Errors  ModelFailure */
  consult<Said, Meant>(question: Question<Said, Meant>, signal: AbortSignal): Promise<Meant>
}

/** A language model as the one who decides. */
export function mindOf({ questioner, counter }: LanguageModel): Mind {
  return {
    name: `llm ${questioner.model}`,
    usage: () => counter.read(),
    async decide(question) {
      try {
        const meant = await ask(questioner, question)
        counter.choice()
        return meant
      } catch (error) {
        if (error instanceof ModelFailure) counter.failure(error.code)
        throw error
      }
    },
    consult: (question, signal) => ask({ ...questioner, signal }, question),
  }
}
