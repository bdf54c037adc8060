-- Direct messages, read markers, and what is unread.

-- Somebody's unread messages of a room, and whether one of them names them.
create function chat.unread(m chat.member, t chat.topic) returns jsonb stable language sql as $$
  select jsonb_build_object('unread', greatest(0, t.message_count - m.read_count),
    'mention', exists (select from chat.mention n where n.life = m.life and n.user_id = m.user_id and n.pos > m.read_pos))
$$;

-- The state event that tells an inbox what is unread in a room, at the inbox's offset p_pos.
create function chat.unread_entry(i chat.topic, p_pos bigint, r chat.room, m chat.member) returns jsonb
stable language sql as $$
  select jsonb_build_object('topic', i.topic, 'life', i.life, 'epoch', i.epoch, 'pos', p_pos, 'event', 'unread',
    'at', chat.millis(clock_timestamp()), 'author', m.user_id, 'name', '', 'marks', 0,
    'facts', chat.unread(m, t) || jsonb_build_object('room', r.room))
  from chat.topic t where t.topic = 'room:' || r.room
$$;

-- Tells those of p_users who are members, and whose inboxes exist, what is unread in a room.
create function chat.tell_unread(p_room text, p_users text[]) returns jsonb language plpgsql
set enable_seqscan = off as $$
declare
  v_room    chat.room;
  v_member  chat.member;
  v_inbox   chat.topic;
  v_entries jsonb := '[]';
begin
  select * into v_room from chat.room where room = p_room;
  for v_inbox in
    select * from chat.locked((select array_agg('inbox:' || m.user_id) from chat.member m
                                where m.life = v_room.life and m.user_id = any (p_users)))
  loop
    select * into v_member from chat.member where life = v_room.life and user_id = substr(v_inbox.topic, 7);
    continue when not found;
    update chat.topic set last_offset = last_offset + 1 where topic = v_inbox.topic returning * into v_inbox;
    insert into chat.unread_mark (inbox, life, pos) values (v_inbox.life, v_room.life, v_inbox.last_offset)
      on conflict (inbox, life) do update set pos = excluded.pos;
    v_entries := v_entries || chat.unread_entry(v_inbox, v_inbox.last_offset, v_room, v_member);
  end loop;
  return v_entries;
end
$$;

-- Moves a read marker, never back, and tells the inbox when p_tell says that somebody listens.
create function chat.mark_read(p_user text, p_room text, p_pos bigint, p_tell boolean) returns chat.outcome
language plpgsql set enable_seqscan = off as $$
declare
  v_room    chat.room;
  v_topic   chat.topic;
  v_member  chat.member;
  v_entries jsonb := '[]';
begin
  perform from chat.locked(array['inbox:' || p_user]);
  select * into v_room from chat.room where room = p_room;
  if not found then
    return chat.refused('not-a-member');
  end if;
  select * into v_topic from chat.topic where topic = 'room:' || p_room;
  update chat.member m
     set read_pos = greatest(m.read_pos, least(p_pos, v_topic.last_offset)),
         read_count = greatest(m.read_count, coalesce(
           (select l.messages from chat.log l where l.life = m.life and l.pos <= p_pos order by l.pos desc limit 1), 0))
   where m.life = v_room.life and m.user_id = p_user
   returning * into v_member;
  if not found then
    if not v_room.walk_in then
      return chat.refused('not-a-member');
    end if;
    return ('done', jsonb_build_object('offset', least(p_pos, v_topic.last_offset), 'unread', 0), '[]')::chat.outcome;
  end if;
  delete from chat.mention where life = v_member.life and user_id = p_user and pos <= v_member.read_pos;
  if p_tell then
    v_entries := chat.tell_unread(p_room, array[p_user]);
  end if;
  return ('done', chat.unread(v_member, v_topic) || jsonb_build_object('offset', v_member.read_pos), v_entries)::chat.outcome;
end
$$;

create function chat.direct_entry(i chat.topic, p_by chat.actor, p_text text, p_facts jsonb, p_id chat.issued)
returns jsonb language plpgsql as $$
declare
  v_inbox chat.topic;
  v_log   chat.log;
begin
  update chat.topic set last_offset = last_offset + 1, message_count = message_count + 1
    where topic = i.topic returning * into strict v_inbox;
  insert into chat.log (life, pos, event, at, messages, author, author_name, author_marks, text, facts,
                        command, command_key, arguments_hash)
    values (v_inbox.life, v_inbox.last_offset, 'direct', clock_timestamp(), v_inbox.message_count,
            p_by.id, p_by.name, p_by.marks, p_text, p_facts, p_id.id, p_id.key, p_id.hash)
    returning * into v_log;
  return chat.told(v_inbox, v_log);
end
$$;

-- One message into two inboxes, its id taken from the sender's; to oneself it is a note in one.
create function chat.send_direct(p_by chat.actor, p_id chat.issued, p_to text, p_text text) returns chat.outcome
language plpgsql set enable_seqscan = off as $$
declare
  v_from    chat.topic;
  v_to      chat.topic;
  v_person  chat.person;
  v_log     chat.log;
  v_message text;
  v_entries jsonb;
  v_facts   jsonb;
begin
  perform chat.open_inboxes(array[p_by.id, p_to]);
  perform from chat.locked(array['inbox:' || p_by.id, 'inbox:' || p_to]);
  select * into v_from from chat.topic where topic = 'inbox:' || p_by.id;
  select * into v_to from chat.topic where topic = 'inbox:' || p_to;

  select * into v_log from chat.log where command_key = p_id.key;
  if found then
    if v_log.arguments_hash <> p_id.hash or v_log.life <> v_from.life then
      return chat.refused('conflict');
    end if;
    select jsonb_agg(chat.told(case l.life when v_from.life then v_from else v_to end, l)) into v_entries
      from chat.log l
     where (l.life = v_log.life and l.pos = v_log.pos)
        or (v_to.life <> v_from.life and l.life = v_to.life and l.pos = (v_log.facts->>'toPos')::bigint);
    return ('done', v_log.facts || jsonb_build_object('offset', v_log.pos, 'at', chat.millis(v_log.at)), v_entries)::chat.outcome;
  end if;
  if (chat.recalled(p_id)).status is not null then
    return chat.refused('conflict');
  end if;

  select * into v_person from chat.person where user_id = p_to;
  v_message := v_from.epoch || '-' || (v_from.last_offset + 1);
  v_facts := jsonb_build_object('id', v_message, 'to', p_to, 'toName', v_person.name, 'toGuest', v_person.guest);
  if p_to <> p_by.id then
    v_facts := v_facts || jsonb_build_object('toPos', v_to.last_offset + 1);
  end if;
  v_entries := jsonb_build_array(chat.direct_entry(v_from, p_by, p_text, v_facts, p_id));
  if p_to <> p_by.id then
    v_entries := v_entries || chat.direct_entry(v_to, p_by, p_text, v_facts, null);
    perform chat.notify(p_to, 'direct', p_by.name || ' wrote to you', p_text,
      jsonb_build_object('messageId', v_message, 'offset', v_to.last_offset + 1, 'fromUser', p_by.id),
      'direct:' || v_message);
  end if;
  return ('done', v_facts || jsonb_build_object('offset', v_entries->0->'pos', 'at', v_entries->0->'at'), v_entries)::chat.outcome;
end
$$;

-- Where an inbox stands, as chat.read_room. Counts are told each time: they are allotted offsets only while
-- somebody listens. Null epoch: there is no such inbox yet.
create function chat.read_inbox(
  p_user text, p_epoch text, p_pos bigint, p_limit integer, p_newest integer,
  out epoch text, out head bigint, out recovered boolean, out more boolean, out entries jsonb, out snapshot jsonb)
stable language plpgsql set enable_seqscan = off as $$
#variable_conflict use_column
declare
  v_inbox chat.topic;
begin
  select * into v_inbox from chat.topic where topic = 'inbox:' || p_user;
  if not found then
    return;
  end if;
  epoch := v_inbox.epoch || '.' || chat.store();
  head := v_inbox.last_offset;
  recovered := coalesce(p_epoch = epoch and p_pos <= head, false);
  more := false;
  entries := '[]';
  if recovered then
    select coalesce(jsonb_agg(e order by (e->>'pos')::bigint), '[]') into entries
      from (select e from (
              select chat.told(v_inbox, l) as e from
                (select * from chat.log l where l.life = v_inbox.life and l.pos > p_pos
                  order by l.pos limit p_limit + 1) l
              union all
              select chat.unread_entry(v_inbox, u.pos, r, m)
                from chat.unread_mark u
                join chat.room r on r.life = u.life
                join chat.member m on m.life = u.life and m.user_id = p_user
               where u.inbox = v_inbox.life and u.pos > p_pos) both_kinds
             order by (e->>'pos')::bigint limit p_limit + 1) page;
    more := jsonb_array_length(entries) > p_limit;
    if more then
      entries := entries - p_limit;
    end if;
  end if;
  if p_newest > 0 then
    snapshot := jsonb_build_object(
      'rooms', (select coalesce(jsonb_agg(place order by place->>'room'), '[]') from (
        select chat.room_view(r, p_user) || chat.unread(m, t) || jsonb_build_object('read', m.read_pos) as place
          from chat.member m
          join chat.room r on r.life = m.life
          join chat.topic t on t.topic = 'room:' || r.room
         where m.user_id = p_user
        union all
        select chat.room_view(r, p_user) || '{"unread": 0, "mention": false}'
          from chat.room r
         where r.walk_in and not exists (select from chat.member m where m.life = r.life and m.user_id = p_user)
         limit 500) mine),
      'directs', (select coalesce(jsonb_agg(chat.told(v_inbox, l) order by l.pos), '[]') from
        (select * from chat.log l where l.life = v_inbox.life and l.event = 'direct'
          order by l.pos desc limit p_newest) l));
  end if;
end
$$;

-- One page of what is kept in an inbox.
create function chat.inbox_log(
  p_user text, p_before bigint, p_after bigint, p_take integer,
  out epoch text, out head bigint, out more boolean, out entries jsonb)
stable language plpgsql set enable_seqscan = off as $$
#variable_conflict use_column
declare
  v_inbox chat.topic;
  v_found chat.log[];
begin
  select * into v_inbox from chat.topic where topic = 'inbox:' || p_user;
  if not found then
    return;
  end if;
  epoch := v_inbox.epoch || '.' || chat.store();
  head := v_inbox.last_offset;
  if p_after is not null then
    select array_agg(l order by l.pos) into v_found from
      (select * from chat.log l where l.life = v_inbox.life and l.pos > p_after order by l.pos limit p_take + 1) l;
    more := coalesce(array_length(v_found, 1), 0) > p_take;
    v_found := v_found[1:p_take];
  else
    select array_agg(l order by l.pos) into v_found from
      (select * from chat.log l where l.life = v_inbox.life and (p_before is null or l.pos < p_before)
        order by l.pos desc limit p_take + 1) l;
    more := coalesce(array_length(v_found, 1), 0) > p_take;
    if more then
      v_found := v_found[2:];
    end if;
  end if;
  select coalesce(jsonb_agg(chat.told(v_inbox, l) order by l.pos), '[]') into entries from unnest(v_found) l;
end
$$;
