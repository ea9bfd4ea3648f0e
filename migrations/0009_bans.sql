CREATE TABLE `bans` (
	`id` text PRIMARY KEY NOT NULL,
	`workspace_id` text NOT NULL,
	`scope` text NOT NULL,
	`target` text NOT NULL,
	`kind` text NOT NULL,
	`reason` text NOT NULL,
	`email` text,
	`expires_at` integer,
	`lifted_at` integer,
	`created_at` integer NOT NULL,
	`created_by` text NOT NULL,
	`changed_by` text NOT NULL,
	`conversation_id` text,
	`version` integer NOT NULL
);
--> statement-breakpoint
CREATE UNIQUE INDEX `bans_by_workspace_and_target` ON `bans` (`workspace_id`,`target`);