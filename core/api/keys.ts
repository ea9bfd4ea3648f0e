import { z } from 'zod'
import { SCOPES } from '../scopes.ts'
import { PersonName } from './accounts.ts'

export const ApiKey = z
  .strictObject({
    id: z.string(),
    name: z.string().describe('What visitors and colleagues see beside what it writes.'),
    scopes: z.array(z.enum(SCOPES)),
    hint: z.string().describe('Its first characters, to know it by.'),
    createdBy: z.string().describe('The member who made it.'),
    createdAt: z.int(),
    lastUsedAt: z.int().nullable().describe('To the minute; null until it is used.'),
  })
  .meta({ id: 'ApiKey' })
export type ApiKey = z.infer<typeof ApiKey>
export const ApiKeyList = z.strictObject({ list: z.array(ApiKey) }).meta({ id: 'ApiKeyList' })
export const ProgramList = z
  .strictObject({ list: z.array(z.strictObject({ id: z.string(), name: z.string() })) })
  .meta({
    id: 'ProgramList',
    description: 'The names of all programs that ever had a key, revoked ones too: what they wrote stays.',
  })
export type ProgramList = z.infer<typeof ProgramList>
export const NewApiKey = z
  .strictObject({
    name: PersonName,
    scopes: z
      .array(z.enum(SCOPES))
      .min(1)
      .max(SCOPES.length)
      .transform((list) => SCOPES.filter((scope) => list.includes(scope))),
  })
  .meta({ id: 'NewApiKey' })
export type NewApiKey = z.infer<typeof NewApiKey>
export const IssuedApiKey = z
  .strictObject({ key: ApiKey, secret: z.string() })
  .meta({ id: 'IssuedApiKey', description: '`secret` is shown once: only its hash is kept.' })
export type IssuedApiKey = z.infer<typeof IssuedApiKey>
