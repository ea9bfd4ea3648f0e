/** @jsxImportSource hono/jsx */
/** What Foyer writes in its own name, each as HTML and as plain text that says the same. */
import { Action, Code, Frame, Paragraph } from './layout.tsx'
import type { Letter } from './systemMail.ts'

/** To who asked for a new password. */
export function resetLetter(link: string): Letter {
  const subject = 'Choose a new password for Foyer'
  const lead = 'Somebody, hopefully you, asked for a new password for your account.'
  const until = 'The link works once, within an hour. Until then the present password stays.'
  const footer = 'If it was not you, there is nothing to do: nobody but you has this link.'
  return {
    subject,
    text: [lead, `Choose a new one here:\n${link}`, until, footer].join('\n\n'),
    html: document(
      <Frame title="Choose a new password" preview={lead} footer={footer}>
        <Paragraph>{lead}</Paragraph>
        <Paragraph>{until}</Paragraph>
        <Action href={link} label="Choose a new password" />
      </Frame>,
    ),
  }
}

/** To who is invited. @param invitation `days` is how long its link works */
export function invitationLetter(invitation: { workspace: string; by: string; link: string; days: number }): Letter {
  const { workspace, by, link, days } = invitation
  const title = `Join ${workspace}`
  const lead = `${by} invites you to answer the conversations of ${workspace} in Foyer.`
  const until = `The link is for this address alone. It works once, within ${days} days.`
  const footer = 'If you do not know who this is, you can leave this mail unanswered.'
  return {
    subject: cut(`${by} invites you to ${workspace}`),
    text: [lead, `Accept the invitation here:\n${link}`, until, footer].join('\n\n'),
    html: document(
      <Frame title={title} preview={lead} footer={footer}>
        <Paragraph>{lead}</Paragraph>
        <Paragraph>{until}</Paragraph>
        <Action href={link} label="Accept the invitation" />
      </Frame>,
    ),
  }
}

/** To an address that is to become a sender. @param minutes how long the code works */
export function codeLetter(code: string, workspace: string, minutes: number): Letter {
  const lead = `With this code, ${workspace} may write from this address in Foyer.`
  const until = `It works for ${minutes} minutes.`
  const footer = 'If you do not know what this is about, tell nobody the code: then nothing happens.'
  return {
    subject: `${code} is your code for Foyer`,
    text: [lead, code, until, footer].join('\n\n'),
    html: document(
      <Frame title="Confirm this address" preview={`${code}. ${until}`} footer={footer}>
        <Paragraph>{lead}</Paragraph>
        <Code code={code} />
        <Paragraph>{until}</Paragraph>
      </Frame>,
    ),
  }
}

/** To who tries out a mail server. */
export function testLetter(workspace: string): Letter {
  const lead = `The mail server of ${workspace} sends what Foyer gives it. This is the test you asked for.`
  const footer = 'It was sent by “Send a test” in Settings → Senders.'
  return {
    subject: 'Your mail server works with Foyer',
    text: [lead, footer].join('\n\n'),
    html: document(
      <Frame title="It works" preview={lead} footer={footer}>
        <Paragraph>{lead}</Paragraph>
      </Frame>,
    ),
  }
}

const document = (letter: { toString(): string | Promise<string> }) => `<!doctype html>${letter.toString()}`

const SUBJECT_LENGTH = 120
/** Names are up to 80 characters each; a subject of two is still one line. */
const cut = (text: string) =>
  [...text].length > SUBJECT_LENGTH ? `${[...text].slice(0, SUBJECT_LENGTH - 1).join('')}…` : text
