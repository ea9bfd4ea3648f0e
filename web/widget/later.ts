/** What is not needed to greet somebody. Asked for as soon as the greeting stands, so that it is here when the network is not. */
export { ConversationList } from './ConversationList.tsx'
export { EmailCard } from './EmailCard.tsx'
export { EndDialog } from './EndDialog.tsx'
export { Timeline } from './Timeline.tsx'
