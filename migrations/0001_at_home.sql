CREATE TABLE `changes` (
	`id` text PRIMARY KEY NOT NULL,
	`workspace_id` text NOT NULL,
	`member_id` text NOT NULL,
	`disabled` integer,
	`created_at` integer NOT NULL
);
--> statement-breakpoint
CREATE TABLE `read_markers` (
	`workspace_id` text NOT NULL,
	`member_id` text NOT NULL,
	`conversation_id` text NOT NULL,
	`seen_public` integer NOT NULL,
	`seen_visitor` integer NOT NULL,
	`unread` integer NOT NULL,
	PRIMARY KEY(`member_id`, `conversation_id`)
);
--> statement-breakpoint
ALTER TABLE `channels` ADD `colour` text DEFAULT '#1d5fc4' NOT NULL;--> statement-breakpoint
ALTER TABLE `channels` ADD `greeting` text DEFAULT '' NOT NULL;--> statement-breakpoint
ALTER TABLE `conversations` ADD `collaborators` text DEFAULT '[]' NOT NULL;--> statement-breakpoint
CREATE INDEX `conversations_by_device` ON `conversations` (`device_id`);--> statement-breakpoint
ALTER TABLE `members` ADD `available` integer DEFAULT true NOT NULL;--> statement-breakpoint
ALTER TABLE `members` ADD `unread_from` integer DEFAULT 0 NOT NULL;