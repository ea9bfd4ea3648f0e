CREATE TABLE `policies` (
	`workspace_id` text NOT NULL,
	`channel_id` text NOT NULL,
	`version` integer NOT NULL,
	`settings` text NOT NULL,
	PRIMARY KEY(`workspace_id`, `channel_id`)
);
--> statement-breakpoint
ALTER TABLE `changes` ADD `what` text DEFAULT 'rights' NOT NULL;--> statement-breakpoint
ALTER TABLE `conversations` ADD `former_assignees` text DEFAULT '[]' NOT NULL;