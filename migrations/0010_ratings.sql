CREATE TABLE `ratings` (
	`workspace_id` text NOT NULL,
	`conversation_id` text NOT NULL,
	`prompt` integer NOT NULL,
	`channel_id` text NOT NULL,
	`asked_by` text NOT NULL,
	`assignee_id` text,
	`asked_at` integer NOT NULL,
	`score` integer,
	`comment` text,
	`rated_at` integer,
	PRIMARY KEY(`conversation_id`, `prompt`)
);
--> statement-breakpoint
CREATE INDEX `ratings_by_time` ON `ratings` (`workspace_id`,`asked_at`);--> statement-breakpoint
ALTER TABLE `conversations` ADD `rating_score` integer;--> statement-breakpoint
ALTER TABLE `conversations` ADD `rating_source` text;