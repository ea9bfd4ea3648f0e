CREATE TABLE `senders` (
	`id` text PRIMARY KEY NOT NULL,
	`workspace_id` text NOT NULL,
	`address` text NOT NULL,
	`verified_at` integer,
	`code_hash` text NOT NULL,
	`code_expires_at` integer NOT NULL,
	`tries_left` integer NOT NULL,
	`created_at` integer NOT NULL
);
--> statement-breakpoint
CREATE UNIQUE INDEX `senders_by_workspace_and_address` ON `senders` (`workspace_id`,`address`);--> statement-breakpoint
CREATE TABLE `smtp_servers` (
	`workspace_id` text PRIMARY KEY NOT NULL,
	`host` text NOT NULL,
	`port` integer NOT NULL,
	`security` text NOT NULL,
	`user` text NOT NULL,
	`password` text NOT NULL,
	`changed_at` integer NOT NULL
);
