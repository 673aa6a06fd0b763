import { ColloquyError } from '../src/index.js'

/** The error that a promise fails with, which has to be a `ColloquyError`. */
export async function failureOf(promise: Promise<unknown>): Promise<ColloquyError> {
  try {
    await promise
  } catch (error) {
    if (error instanceof ColloquyError) return error
    throw error
  }
  throw new Error('The promise was fulfilled')
}
