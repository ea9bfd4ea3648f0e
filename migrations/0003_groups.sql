CREATE TABLE `group_members` (
	`workspace_id` text NOT NULL,
	`group_id` text NOT NULL,
	`member_id` text NOT NULL,
	PRIMARY KEY(`member_id`, `group_id`)
);
--> statement-breakpoint
CREATE INDEX `group_members_by_workspace` ON `group_members` (`workspace_id`);--> statement-breakpoint
CREATE TABLE `groups` (
	`workspace_id` text NOT NULL,
	`id` text NOT NULL,
	`name` text NOT NULL,
	`rights` text NOT NULL,
	`created_at` integer NOT NULL,
	PRIMARY KEY(`workspace_id`, `id`)
);
