-- What hubs call that rooms had no function for.

-- Joins a room that is there already. Who may not know of a room is told the same as where there is none.
create function chat.enter_room(p_by chat.actor, p_id chat.issued, p_room text, p_verified text) returns chat.outcome
language plpgsql set enable_seqscan = off set plan_cache_mode = force_generic_plan as $$
declare
  v_known chat.outcome;
begin
  perform chat.open_inboxes(array[p_by.id]);
  perform from chat.locked(array['inbox:' || p_by.id]);
  v_known := chat.recalled(p_id);
  if v_known.status is not null then
    return v_known;
  end if;
  -- Its lock is held to the end, so the room does not go before it is joined.
  perform from chat.locked(array['room:' || p_room]);
  if not found then
    return chat.refused('forbidden');
  end if;
  return chat.join_room(p_by, p_id, p_room, p_verified);
end
$$;

-- An operator says something to everyone who hears a room.
create function chat.announce(p_by chat.actor, p_id chat.issued, p_room text, p_text text) returns chat.outcome
language plpgsql set enable_seqscan = off set plan_cache_mode = force_generic_plan as $$
declare
  v_known chat.outcome;
begin
  perform from chat.locked(array['room:' || p_room]);
  if not found then
    return chat.refused('forbidden');
  end if;
  v_known := chat.recalled(p_id);
  if v_known.status is not null then
    return v_known;
  end if;
  return chat.recorded(p_id, '{}',
    jsonb_build_array(chat.append('room:' || p_room, 'announcement', p_by, jsonb_build_object('text', p_text), p_id.id)));
end
$$;

-- Where the topics of a user stand, and what came into them after the message p_epoch-p_pos: of its own topic everything, of each
-- other the newest p_window events that are younger. At most p_take messages, oldest first; where one is left out, its topic's
-- position stands before it.
create function chat.reconnected(
  p_user text, p_message text, p_epoch text, p_pos bigint, p_take integer, p_rooms integer, p_window integer,
  out rooms jsonb, out inbox jsonb, out missed jsonb, out more boolean)
stable language plpgsql set enable_seqscan = off set plan_cache_mode = force_generic_plan as $$
#variable_conflict use_column
declare
  v_store text := chat.store();
begin
  with joined as (
    select r from chat.member m join chat.room r on r.life = m.life
     where m.user_id = p_user order by r.room limit p_rooms
  ), open as (
    select r from chat.room r where r.room = 'lobby' and chat.may_hear(r, p_user) and chat.role_of(r.life, p_user) is null
  ), place as materialized (
    select t.topic, t.life, t.epoch, t.last_offset, p.r
      from (select r from joined union all select r from open) p
      join chat.topic t on t.topic = 'room:' || (p.r).room
    union all
    select t.topic, t.life, t.epoch, t.last_offset, null::chat.room from chat.topic t where t.topic = 'inbox:' || p_user
  ), anchor as (
    select p.topic, l.pos, l.at from place p join chat.log l on l.life = p.life and l.pos = p_pos where p.epoch = p_epoch
    union all
    -- A direct message is known by its id in the sender's inbox.
    (select p.topic, l.pos, l.at from place p
       join chat.log l on l.life = p.life and l.pos > p.last_offset - p_window
      where (p.r).life is null and p.epoch <> p_epoch and l.event = 'direct' and l.facts->>'id' = p_message
      limit 1)
  ), found as (
    select p.topic, p.life, p.epoch, (p.r).room as room, l.pos, l.at, l.event, l.author, l.author_name, l.author_marks, l.text, l.facts
      from anchor a cross join place p cross join lateral (
        select l.* from chat.log l
         where l.life = p.life and l.pos > case when p.topic = a.topic then a.pos else p.last_offset - p_window end
           and l.at >= a.at and l.event in ('message', 'direct') and l.deleted_at is null
         order by l.pos limit p_take + 1) l
  ), counted as (
    select f.*, row_number() over (order by f.at, f.topic, f.pos) as n from found f
  ), stand as (
    select p.topic, p.r, jsonb_build_object('epoch', p.epoch || '.' || v_store, 'offset',
             coalesce((select min(c.pos) - 1 from counted c where c.topic = p.topic and c.n > p_take), p.last_offset)) as position
      from place p
  )
  select
    (select coalesce(jsonb_agg(jsonb_build_object('room', chat.room_view(s.r, p_user), 'position', s.position) order by (s.r).room), '[]')
       from stand s where (s.r).life is not null),
    (select jsonb_build_object('position', s.position) from stand s where (s.r).life is null),
    (select coalesce(jsonb_agg(jsonb_strip_nulls(jsonb_build_object(
         'id', case c.event when 'direct' then c.facts->>'id' else c.epoch || '-' || c.pos end,
         'room', c.room, 'at', chat.millis(c.at), 'author', c.author, 'name', c.author_name, 'marks', c.author_marks,
         'text', c.text)) order by c.n), '[]')
       from counted c where c.n <= p_take),
    exists (select from counted c where c.n > p_take)
  into rooms, inbox, missed, more;
end
$$;
