-- Most who come back to a room have what it brought from a gateway already, and ask only whether they may hear it: the log is
-- read for those who stand before its end.
create or replace function chat.read_room(
  p_room text, p_user text, p_authorise boolean, p_epoch text, p_pos bigint, p_limit integer, p_newest integer,
  out status text, out epoch text, out head bigint, out recovered boolean, out more boolean, out entries jsonb,
  out snapshot jsonb)
stable language plpgsql set enable_seqscan = off as $$
#variable_conflict use_column
declare
  v_room  chat.room;
  v_topic chat.topic;
begin
  select * into v_room from chat.room where room = p_room;
  if not found or (p_authorise and not chat.may_hear(v_room, p_user)) then
    status := 'forbidden';
    return;
  end if;
  select * into v_topic from chat.topic where topic = 'room:' || p_room;
  status := 'done';
  epoch := v_topic.epoch || '.' || chat.store();
  head := v_topic.last_offset;
  recovered := coalesce(p_epoch = epoch and p_pos <= head, false);
  more := false;
  entries := '[]';
  if recovered and p_pos = head then
    return;
  elsif recovered then
    more := head > p_pos + p_limit;
    select coalesce(jsonb_agg(chat.told(v_topic, l) order by l.pos), '[]') into entries
      from chat.log l where l.life = v_topic.life and l.pos > p_pos and l.pos <= p_pos + p_limit;
  elsif p_newest > 0 then
    select jsonb_build_object(
        'room', chat.room_view(v_room, p_user),
        'messages', p.messages,
        'hasOlder', p.has_older)
      into snapshot
      from chat.page(p_room, p_user, null, null, p_newest, true) p;
  end if;
end
$$;
