-- One notification is read. Without at_offset nothing changed; a repeat by the same command tells the same event again, with
-- the count of then.
CREATE OR REPLACE FUNCTION notification.mark_read(p_user text, p_id uuid, p_command_id text)
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
    SELECT r.at_offset, notification.millis(r.created_at), r.unread_after
      INTO at_offset, created_millis, unread_after
      FROM notification.reading r
     WHERE r.user_id = p_user AND r.command_id = p_command_id AND r.notification_id = p_id;
    IF NOT FOUND THEN
      unread_after := head.unread;
    END IF;
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
