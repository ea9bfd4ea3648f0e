/** Equal to the API's rule by type: `accounts.ts` itself would bring the validator into the browser. */
export const PASSWORD_MIN: typeof import('../../../core/api/accounts.ts').PASSWORD_MIN = 10

export function passwordFault(password: string): string | undefined {
  return password.length < PASSWORD_MIN ? `Choose a password of at least ${PASSWORD_MIN} characters.` : undefined
}

/** Only what certainly is no address; the server judges the rest. */
export function emailFault(email: string): string | undefined {
  return /^\S+@\S+\.\S+$/.test(email.trim()) ? undefined : 'Enter an email address, like ana@example.com.'
}

/** The faults that are there, by the path of their field. */
export function faultsIn(checks: Readonly<Record<string, string | false | undefined>>): Record<string, string> {
  return Object.fromEntries(Object.entries(checks).flatMap(([path, fault]) => (fault ? [[path, fault]] : [])))
}
