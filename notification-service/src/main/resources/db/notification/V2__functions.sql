-- Which life of the database this is: another one after a restore into another cluster or the promotion of a standby.
CREATE FUNCTION notification.store_life() RETURNS text
LANGUAGE sql STABLE AS $$
  SELECT to_hex(system_identifier) || '.' || ltrim(left(pg_walfile_name(pg_current_wal_lsn()), 8), '0')
    FROM pg_control_system();
$$;

-- Milliseconds since 1970.
CREATE FUNCTION notification.millis(moment timestamptz) RETURNS bigint
LANGUAGE sql IMMUTABLE AS $$
  SELECT (extract(epoch FROM moment) * 1000)::bigint;
$$;

-- Makes the row of a user of whom nothing is known yet, so that the first position has an epoch that lasts.
CREATE FUNCTION notification.open_topic(p_user text) RETURNS void
LANGUAGE sql AS $$
  INSERT INTO notification.topic (user_id) VALUES (p_user) ON CONFLICT DO NOTHING;
$$;

-- Tells users something, once per sender and command id. One row per user told; a user who muted the type has none.
-- Lock order: the sending, then the topics by user.
CREATE FUNCTION notification.send(
  p_sender text, p_command_id text, p_arguments_hash bytea,
  p_users text[], p_title text, p_message text, p_type text, p_data text)
RETURNS TABLE (
  status text, user_id text, epoch text, at_offset bigint, id uuid, created_millis bigint, unread_after integer)
LANGUAGE plpgsql AS $$
#variable_conflict use_column
DECLARE
  known     bytea;
  receivers text[];
  moment    timestamptz;
BEGIN
  -- Who comes second with the same id waits here until the first has committed.
  INSERT INTO notification.sending (sender, command_id, arguments_hash)
  VALUES (p_sender, p_command_id, p_arguments_hash)
  ON CONFLICT DO NOTHING;

  IF NOT FOUND THEN
    SELECT s.arguments_hash INTO STRICT known
      FROM notification.sending s WHERE s.sender = p_sender AND s.command_id = p_command_id;
    IF known <> p_arguments_hash THEN
      status := 'conflict';
      RETURN NEXT;
      RETURN;
    END IF;
  ELSE
    receivers := ARRAY(
      SELECT DISTINCT r.receiver COLLATE "C" AS receiver
        FROM unnest(p_users) AS r (receiver)
       WHERE NOT EXISTS (
         SELECT FROM notification.preference p
          WHERE p.user_id = r.receiver AND p.type = p_type AND NOT p.enabled)
       ORDER BY receiver);

    INSERT INTO notification.topic (user_id)
    SELECT r.receiver FROM unnest(receivers) WITH ORDINALITY AS r (receiver, place) ORDER BY r.place
    ON CONFLICT DO NOTHING;

    PERFORM FROM notification.topic t WHERE t.user_id = ANY (receivers) ORDER BY t.user_id FOR NO KEY UPDATE;

    moment := date_trunc('milliseconds', clock_timestamp());
    INSERT INTO notification.notification (
      user_id, at_offset, id, title, message, type, data, created_at, unread_after, sender, command_id)
    SELECT t.user_id, t.last_offset + 1, gen_random_uuid(), p_title, p_message, p_type, p_data, moment,
           t.unread + 1, p_sender, p_command_id
      FROM notification.topic t WHERE t.user_id = ANY (receivers);

    UPDATE notification.topic t SET last_offset = t.last_offset + 1, unread = t.unread + 1
     WHERE t.user_id = ANY (receivers);
  END IF;

  RETURN QUERY
    SELECT 'sent'::text, n.user_id::text, t.epoch || '.' || notification.store_life(), n.at_offset, n.id,
           notification.millis(n.created_at), n.unread_after
      FROM notification.notification n JOIN notification.topic t ON t.user_id = n.user_id
     WHERE n.sender = p_sender AND n.command_id = p_command_id
     ORDER BY n.user_id;
END;
$$;

-- One notification is read. Without at_offset nothing changed; a repeat by the same command tells the same event again.
CREATE FUNCTION notification.mark_read(p_user text, p_id uuid, p_command_id text)
RETURNS TABLE (status text, epoch text, at_offset bigint, created_millis bigint, unread_after integer)
LANGUAGE plpgsql AS $$
#variable_conflict use_column
DECLARE
  head   notification.topic;
  target record;
  moment timestamptz;
BEGIN
  SELECT t.* INTO head FROM notification.topic t WHERE t.user_id = p_user FOR NO KEY UPDATE;
  SELECT n.at_offset, n.is_read INTO target
    FROM notification.notification n WHERE n.user_id = p_user AND n.id = p_id;
  IF NOT FOUND THEN
    status := 'unknown';
    RETURN NEXT;
    RETURN;
  END IF;

  status := 'done';
  epoch := head.epoch || '.' || notification.store_life();
  IF target.is_read OR target.at_offset <= head.read_up_to THEN
    SELECT r.at_offset, notification.millis(r.created_at) INTO at_offset, created_millis
      FROM notification.reading r
     WHERE r.user_id = p_user AND r.command_id = p_command_id AND r.notification_id = p_id;
    unread_after := head.unread;
    RETURN NEXT;
    RETURN;
  END IF;

  moment := date_trunc('milliseconds', clock_timestamp());
  at_offset := head.last_offset + 1;
  created_millis := notification.millis(moment);
  unread_after := head.unread - 1;
  UPDATE notification.notification n SET is_read = true WHERE n.user_id = p_user AND n.at_offset = target.at_offset;
  INSERT INTO notification.reading (user_id, at_offset, notification_id, created_at, unread_after, command_id)
  VALUES (p_user, at_offset, p_id, moment, unread_after, p_command_id);
  UPDATE notification.topic t SET last_offset = at_offset, unread = unread_after WHERE t.user_id = p_user;
  RETURN NEXT;
END;
$$;

-- Everything up to a place is read: an offset, a notification, or what there is now; never what comes later, however
-- often the command is repeated. Without at_offset nothing was left to read.
CREATE FUNCTION notification.mark_all_read(
  p_user text, p_command_id text, p_arguments_hash bytea, p_up_to bigint, p_up_to_id uuid)
RETURNS TABLE (
  status text, epoch text, at_offset bigint, up_to bigint, created_millis bigint, unread_after integer)
LANGUAGE plpgsql AS $$
#variable_conflict use_column
DECLARE
  head   notification.topic;
  first  notification.marked_all;
  moment timestamptz;
BEGIN
  PERFORM notification.open_topic(p_user);
  SELECT t.* INTO STRICT head FROM notification.topic t WHERE t.user_id = p_user FOR NO KEY UPDATE;
  status := 'done';
  epoch := head.epoch || '.' || notification.store_life();

  SELECT m.* INTO first FROM notification.marked_all m WHERE m.user_id = p_user AND m.command_id = p_command_id;
  IF FOUND THEN
    IF first.arguments_hash <> p_arguments_hash THEN
      status := 'conflict';
      RETURN NEXT;
      RETURN;
    END IF;
    at_offset := first.at_offset;
    up_to := first.up_to;
    created_millis := notification.millis(first.recorded_at);
    unread_after := first.unread_after;
    RETURN NEXT;
    RETURN;
  END IF;

  IF p_up_to_id IS NULL THEN
    up_to := least(coalesce(p_up_to, head.last_offset), head.last_offset);
  ELSE
    SELECT n.at_offset INTO up_to FROM notification.notification n WHERE n.user_id = p_user AND n.id = p_up_to_id;
    IF NOT FOUND THEN
      status := 'unknown';
      RETURN NEXT;
      RETURN;
    END IF;
  END IF;

  SELECT count(*) INTO unread_after
    FROM notification.notification n
   WHERE n.user_id = p_user AND n.at_offset > greatest(up_to, head.read_up_to) AND NOT n.is_read;
  moment := date_trunc('milliseconds', clock_timestamp());
  created_millis := notification.millis(moment);
  IF unread_after < head.unread THEN
    at_offset := head.last_offset + 1;
    INSERT INTO notification.reading (user_id, at_offset, up_to, created_at, unread_after, command_id)
    VALUES (p_user, at_offset, up_to, moment, unread_after, p_command_id);
    UPDATE notification.topic t
       SET last_offset = at_offset, unread = unread_after, read_up_to = greatest(t.read_up_to, up_to)
     WHERE t.user_id = p_user;
  END IF;
  INSERT INTO notification.marked_all (
    user_id, command_id, arguments_hash, up_to, unread_after, at_offset, recorded_at)
  VALUES (p_user, p_command_id, p_arguments_hash, up_to, unread_after, at_offset, moment);
  RETURN NEXT;
END;
$$;

-- What a repeat of "mark all" is known by is kept for seven days. Bounded, so that no node holds the table for long.
CREATE FUNCTION notification.forget_marked_all(p_limit integer) RETURNS bigint
LANGUAGE sql AS $$
  WITH old AS (
    SELECT m.user_id, m.command_id FROM notification.marked_all m
     WHERE m.recorded_at < now() - interval '7 days'
     ORDER BY m.recorded_at LIMIT p_limit
       FOR UPDATE SKIP LOCKED),
  gone AS (
    DELETE FROM notification.marked_all m USING old
     WHERE m.user_id = old.user_id AND m.command_id = old.command_id RETURNING 1)
  SELECT count(*) FROM gone;
$$;

-- Where a topic stands, and what came after a position of the same life; else its newest notifications as they are now,
-- newest first. Always one row at least, unless the user has no topic yet. Everything by one snapshot of the database,
-- which is what STABLE means here.
CREATE FUNCTION notification.read_topic(
  p_user text, p_epoch text, p_offset bigint, p_limit integer, p_newest integer)
RETURNS TABLE (
  epoch text, last_offset bigint, unread integer, recovered boolean, kind text, at_offset bigint,
  created_millis bigint, unread_after integer, command_id text, id uuid, title text, message text, type text,
  data text, is_read boolean, up_to bigint)
LANGUAGE plpgsql STABLE AS $$
#variable_conflict use_column
DECLARE
  head notification.topic;
  life text;
BEGIN
  SELECT t.* INTO head FROM notification.topic t WHERE t.user_id = p_user;
  IF NOT FOUND THEN
    RETURN;
  END IF;
  life := head.epoch || '.' || notification.store_life();

  IF p_epoch = life AND p_offset <= head.last_offset THEN
    RETURN QUERY
      SELECT life, head.last_offset, head.unread, true, e.kind, e.at_offset,
             notification.millis(e.created_at), e.unread_after, e.command_id::text, e.id, e.title, e.message, e.type,
             e.data, e.is_read, e.up_to
        FROM (VALUES (1)) AS always (one)
        LEFT JOIN LATERAL (
          SELECT * FROM notification.entry x
           WHERE x.user_id = p_user AND x.at_offset > p_offset
           ORDER BY x.at_offset LIMIT p_limit) e ON true
       ORDER BY e.at_offset;
  ELSE
    RETURN QUERY
      SELECT life, head.last_offset, head.unread, false, 'notification'::text, n.at_offset,
             notification.millis(n.created_at), n.unread_after, n.command_id::text, n.id, n.title, n.message, n.type,
             n.data, n.is_read OR n.at_offset <= head.read_up_to, NULL::bigint
        FROM (VALUES (1)) AS always (one)
        LEFT JOIN LATERAL (
          SELECT * FROM notification.notification x
           WHERE x.user_id = p_user
           ORDER BY x.at_offset DESC LIMIT p_newest) n ON true
       ORDER BY n.at_offset DESC;
  END IF;
END;
$$;

-- One page of the past: the entries nearest after p_after, or nearest before p_before, or the newest. Oldest first.
CREATE FUNCTION notification.page(p_user text, p_after bigint, p_before bigint, p_limit integer)
RETURNS TABLE (
  epoch text, last_offset bigint, kind text, at_offset bigint, created_millis bigint, unread_after integer,
  command_id text, id uuid, title text, message text, type text, data text, is_read boolean, up_to bigint)
LANGUAGE plpgsql STABLE AS $$
#variable_conflict use_column
DECLARE
  head notification.topic;
  life text;
BEGIN
  SELECT t.* INTO head FROM notification.topic t WHERE t.user_id = p_user;
  IF NOT FOUND THEN
    RETURN;
  END IF;
  life := head.epoch || '.' || notification.store_life();

  RETURN QUERY
    SELECT life, head.last_offset, e.kind, e.at_offset, notification.millis(e.created_at), e.unread_after,
           e.command_id::text, e.id, e.title, e.message, e.type, e.data, e.is_read, e.up_to
      FROM (VALUES (1)) AS always (one)
      LEFT JOIN LATERAL (
        (SELECT * FROM notification.entry x
          WHERE p_after IS NOT NULL AND x.user_id = p_user AND x.at_offset > p_after
          ORDER BY x.at_offset LIMIT p_limit)
        UNION ALL
        (SELECT * FROM notification.entry x
          WHERE p_after IS NULL AND x.user_id = p_user AND x.at_offset < coalesce(p_before, 9223372036854775807)
          ORDER BY x.at_offset DESC LIMIT p_limit)) e ON true
     ORDER BY e.at_offset;
END;
$$;

-- A user's notifications as they are now, newest first.
CREATE FUNCTION notification.list(p_user text, p_before bigint, p_take integer, p_only_unread boolean)
RETURNS TABLE (
  unread integer, at_offset bigint, created_millis bigint, id uuid, title text, message text, type text, data text,
  is_read boolean)
LANGUAGE plpgsql STABLE AS $$
#variable_conflict use_column
DECLARE
  head notification.topic;
BEGIN
  SELECT t.* INTO head FROM notification.topic t WHERE t.user_id = p_user;
  IF NOT FOUND THEN
    RETURN;
  END IF;

  RETURN QUERY
    SELECT head.unread, n.at_offset, notification.millis(n.created_at), n.id, n.title, n.message, n.type, n.data,
           n.is_read OR n.at_offset <= head.read_up_to
      FROM (VALUES (1)) AS always (one)
      LEFT JOIN LATERAL (
        (SELECT * FROM notification.notification x
          WHERE NOT p_only_unread AND x.user_id = p_user
            AND x.at_offset < coalesce(p_before, 9223372036854775807)
          ORDER BY x.at_offset DESC LIMIT p_take)
        UNION ALL
        (SELECT * FROM notification.notification x
          WHERE p_only_unread AND x.user_id = p_user AND NOT x.is_read AND x.at_offset > head.read_up_to
            AND x.at_offset < coalesce(p_before, 9223372036854775807)
          ORDER BY x.at_offset DESC LIMIT p_take)) n ON true
     ORDER BY n.at_offset DESC;
END;
$$;

-- Switches a type on or off. False, and nothing done, when the user has named p_most other types already.
CREATE FUNCTION notification.set_preference(p_user text, p_type text, p_enabled boolean, p_most integer)
RETURNS boolean
LANGUAGE plpgsql AS $$
BEGIN
  UPDATE notification.preference p SET enabled = p_enabled WHERE p.user_id = p_user AND p.type = p_type;
  IF FOUND THEN
    RETURN true;
  END IF;
  IF (SELECT count(*) FROM notification.preference p WHERE p.user_id = p_user) >= p_most THEN
    RETURN false;
  END IF;
  INSERT INTO notification.preference (user_id, type, enabled) VALUES (p_user, p_type, p_enabled)
  ON CONFLICT (user_id, type) DO UPDATE SET enabled = excluded.enabled;
  RETURN true;
END;
$$;
