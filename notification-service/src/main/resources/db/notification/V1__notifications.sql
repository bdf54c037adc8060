-- Users are compared byte by byte everywhere, so that rows are locked in one order whatever the language of the database.

-- The sequencer: whoever holds a user's row decides what comes next in notifications:<user>.
-- Half of each page stays free, so that the counters are updated in place.
CREATE TABLE notification.topic (
  user_id     text COLLATE "C" PRIMARY KEY,
  epoch       text    NOT NULL DEFAULT replace(gen_random_uuid()::text, '-', ''),
  last_offset bigint  NOT NULL DEFAULT 0,
  -- Everything up to this offset is read, whatever its own row says.
  read_up_to  bigint  NOT NULL DEFAULT 0,
  unread      integer NOT NULL DEFAULT 0 CHECK (unread >= 0)
) WITH (fillfactor = 50);

CREATE TABLE notification.notification (
  user_id        text COLLATE "C" NOT NULL,
  at_offset      bigint      NOT NULL,
  id             uuid        NOT NULL,
  title          text        NOT NULL,
  message        text        NOT NULL,
  type           text        NOT NULL,
  data           text,
  created_at     timestamptz NOT NULL,
  -- Seen by itself; one below its topic's read_up_to is seen too.
  is_read        boolean     NOT NULL DEFAULT false,
  -- How many were unread with it: what the event said, and says again when it is read later.
  unread_after   integer     NOT NULL,
  sender         text COLLATE "C" NOT NULL,
  command_id     text COLLATE "C" NOT NULL,
  PRIMARY KEY (user_id, at_offset)
);
CREATE UNIQUE INDEX notification_by_id ON notification.notification (id);
CREATE INDEX notification_by_command ON notification.notification (sender, command_id);
CREATE INDEX notification_not_read ON notification.notification (user_id, at_offset) WHERE NOT is_read;

-- The user has seen one notification, or everything up to an offset: the other events of the topic.
CREATE TABLE notification.reading (
  user_id         text COLLATE "C" NOT NULL,
  at_offset       bigint      NOT NULL,
  notification_id uuid,
  up_to           bigint,
  created_at      timestamptz NOT NULL,
  unread_after    integer     NOT NULL,
  command_id      text COLLATE "C" NOT NULL,
  PRIMARY KEY (user_id, at_offset),
  CHECK (num_nonnulls(notification_id, up_to) = 1)
);
CREATE INDEX reading_by_command ON notification.reading (user_id, command_id);

-- Every sending that was carried out, for ever: a repeat is known even if all its receivers have muted the type.
CREATE TABLE notification.sending (
  sender         text COLLATE "C" NOT NULL,
  command_id     text COLLATE "C" NOT NULL,
  arguments_hash bytea NOT NULL,
  PRIMARY KEY (sender, command_id)
);

-- Every "mark all" of the last seven days with what it came to.
CREATE TABLE notification.marked_all (
  user_id        text COLLATE "C" NOT NULL,
  command_id     text COLLATE "C" NOT NULL,
  arguments_hash bytea       NOT NULL,
  up_to          bigint      NOT NULL,
  unread_after   integer     NOT NULL,
  -- The event it made; null when nothing was left to read.
  at_offset      bigint,
  recorded_at    timestamptz NOT NULL,
  PRIMARY KEY (user_id, command_id)
);
CREATE INDEX marked_all_by_age ON notification.marked_all (recorded_at);

CREATE TABLE notification.preference (
  user_id text COLLATE "C" NOT NULL,
  type    text NOT NULL,
  enabled boolean NOT NULL,
  PRIMARY KEY (user_id, type)
);

-- Both kinds of events as they were published.
CREATE VIEW notification.entry AS
  SELECT n.user_id, n.at_offset, n.created_at, n.unread_after, n.command_id,
         n.id, n.title, n.message, n.type, n.data, false AS is_read, NULL::bigint AS up_to, 'notification' AS kind
    FROM notification.notification n
  UNION ALL
  SELECT r.user_id, r.at_offset, r.created_at, r.unread_after, r.command_id,
         r.notification_id, NULL, NULL, NULL, NULL, true, r.up_to, 'read'
    FROM notification.reading r;
