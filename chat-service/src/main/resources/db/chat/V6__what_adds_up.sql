-- What a topic tells adds up: a snapshot and everything told since come to what a later snapshot says.

-- Puts one event into a topic whose lock is held.
drop function chat.append(text, text, chat.actor, jsonb, text, text, text);
create function chat.append(
  p_topic text, p_event text, p_by chat.actor, p_facts jsonb, p_command text,
  p_revokes text default null, p_reason text default null, p_at timestamptz default clock_timestamp())
returns jsonb language plpgsql as $$
declare
  v_topic chat.topic;
  v_log   chat.log;
begin
  update chat.topic set last_offset = last_offset + 1 where topic = p_topic returning * into strict v_topic;
  insert into chat.log (life, pos, event, at, messages, author, author_name, author_marks, facts, revokes, reason, command)
    values (v_topic.life, v_topic.last_offset, p_event, p_at, v_topic.message_count,
            p_by.id, p_by.name, p_by.marks, p_facts, p_revokes, p_reason, p_command)
    returning * into v_log;
  return chat.told(v_topic, v_log);
end
$$;

-- Unread counts ----------------------------------------------------------------------------------------------------

-- What the inbox was told last of the room: {unread, mention, read}. Null: of before this was kept.
alter table chat.unread_mark add column told jsonb;
comment on column chat.unread_mark.pos is '0: the event that told of the joining told of the counts too';

-- What an inbox should know of a room beside the room itself.
create function chat.counts(m chat.member, t chat.topic) returns jsonb stable language sql as $$
  select chat.unread(m, t) || jsonb_build_object('read', m.read_pos)
$$;

-- The rooms of which somebody's inbox was told other counts than hold now.
create function chat.untold(p_user text) returns setof bigint stable language sql as $$
  select m.life
    from chat.topic i
    join chat.member m on m.user_id = p_user
    join chat.room r on r.life = m.life
    join chat.topic t on t.topic = 'room:' || r.room
    left join chat.unread_mark u on u.inbox = i.life and u.life = m.life
   where i.topic = 'inbox:' || p_user and u.told is distinct from chat.counts(m, t)
   order by r.room
$$;

-- The state event that tells an inbox what is unread in a room, at the inbox's offset p_pos.
create or replace function chat.unread_entry(i chat.topic, p_pos bigint, r chat.room, m chat.member) returns jsonb
stable language sql as $$
  select jsonb_build_object('topic', i.topic, 'life', i.life, 'epoch', i.epoch, 'pos', p_pos, 'event', 'unread',
    'at', chat.millis(clock_timestamp()), 'author', m.user_id, 'name', '', 'marks', 0,
    'facts', chat.counts(m, t) || jsonb_build_object('room', r.room))
  from chat.topic t where t.topic = 'room:' || r.room
$$;

-- Tells an inbox whose lock is held what is unread in a room; null when it knows, or is no member's.
create function chat.tell_counts(p_inbox text, p_life bigint) returns jsonb language plpgsql as $$
declare
  v_known record;
  v_entry jsonb;
begin
  select i, r, m, t, u.told into v_known
    from chat.topic i
    join chat.member m on m.life = p_life and m.user_id = substr(i.topic, 7)
    join chat.room r on r.life = p_life
    join chat.topic t on t.topic = 'room:' || r.room
    left join chat.unread_mark u on u.inbox = i.life and u.life = p_life
   where i.topic = p_inbox;
  if not found or v_known.told = chat.counts(v_known.m, v_known.t) then
    return null;
  end if;
  v_entry := chat.unread_entry(v_known.i, (v_known.i).last_offset + 1, v_known.r, v_known.m);
  update chat.topic set last_offset = last_offset + 1 where topic = p_inbox;
  insert into chat.unread_mark (inbox, life, pos, told)
    values ((v_known.i).life, p_life, (v_known.i).last_offset + 1, (v_entry->'facts') - 'room')
    on conflict (inbox, life) do update set pos = excluded.pos, told = excluded.told;
  return v_entry;
end
$$;

-- Tells those of p_users who are members, and whose inboxes exist, what is unread in a room.
create or replace function chat.tell_unread(p_room text, p_users text[]) returns jsonb language plpgsql
set enable_seqscan = off as $$
declare
  v_life    bigint;
  v_inbox   text;
  v_entries jsonb := '[]';
begin
  select life into v_life from chat.room where room = p_room;
  for v_inbox in
    select topic from chat.locked((select array_agg('inbox:' || m.user_id) from chat.member m
                                    where m.life = v_life and m.user_id = any (p_users)))
  loop
    v_entries := v_entries || coalesce(chat.tell_counts(v_inbox, v_life), '[]');
  end loop;
  return v_entries;
end
$$;

-- Tells an inbox all counts that changed while nobody listened.
create function chat.tell_inbox(p_user text) returns jsonb language plpgsql set enable_seqscan = off as $$
declare
  v_life    bigint;
  v_entries jsonb := '[]';
begin
  perform from chat.locked(array['inbox:' || p_user]);
  for v_life in select * from chat.untold(p_user) loop
    v_entries := v_entries || coalesce(chat.tell_counts('inbox:' || p_user, v_life), '[]');
  end loop;
  return v_entries;
end
$$;

-- Where an inbox stands, as chat.read_room. untold: counts changed that it was not told of, so chat.tell_inbox has to be
-- called, and this again. Null epoch: there is no such inbox yet.
drop function chat.read_inbox(text, text, bigint, integer, integer);
create function chat.read_inbox(
  p_user text, p_epoch text, p_pos bigint, p_limit integer, p_newest integer,
  out epoch text, out head bigint, out untold boolean, out recovered boolean, out more boolean, out entries jsonb,
  out snapshot jsonb)
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
  untold := exists (select from chat.untold(p_user));
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
  elsif p_newest > 0 then
    snapshot := jsonb_build_object(
      'rooms', (select coalesce(jsonb_agg(place order by place->>'room'), '[]') from (
        (select chat.room_view(r, p_user) || chat.counts(m, t) as place
           from chat.member m
           join chat.room r on r.life = m.life
           join chat.topic t on t.topic = 'room:' || r.room
          where m.user_id = p_user
          limit 500)
        union all
        select chat.room_view(r, p_user) || '{"unread": 0, "mention": false}'
          from chat.room r
         where r.walk_in and not exists (select from chat.member m where m.life = r.life and m.user_id = p_user)) mine),
      'directs', (select coalesce(jsonb_agg(chat.told(v_inbox, l) order by l.pos), '[]') from
        (select * from chat.log l where l.life = v_inbox.life and l.event = 'direct'
          order by l.pos desc limit p_newest) l));
  end if;
end
$$;

-- Joining and leaving ----------------------------------------------------------------------------------------------

-- Tells a new member's inbox of the room, and that nothing is unread.
create function chat.tell_joined(p_by chat.actor, r chat.room) returns jsonb language plpgsql as $$
declare
  v_told  jsonb;
  v_entry jsonb;
begin
  select chat.counts(m, t) into v_told from chat.member m, chat.topic t
   where m.life = r.life and m.user_id = p_by.id and t.topic = 'room:' || r.room;
  v_entry := chat.append('inbox:' || p_by.id, 'room', p_by,
    chat.room_change(r, p_by.id, 'joined') || jsonb_build_object('read', v_told->'read'), null);
  insert into chat.unread_mark (inbox, life, pos, told) values ((v_entry->>'life')::bigint, r.life, 0, v_told)
    on conflict (inbox, life) do update set pos = 0, told = excluded.told;
  return v_entry;
end
$$;

-- Admits the first member of a new room, who owns it; told to the room and to the member's inbox.
create or replace function chat.founded(p_by chat.actor, p_id chat.issued, t chat.topic) returns chat.outcome
language plpgsql as $$
declare
  v_room    chat.room;
  v_joined  jsonb;
begin
  perform chat.admit(t, p_by.id, 'owner');
  select * into v_room from chat.room where life = t.life;
  v_joined := chat.append(t.topic, 'joined', p_by, null, p_id.id);
  return ('done', jsonb_build_object('room', chat.room_view(v_room, p_by.id), 'created', true,
    'position', chat.position(t.epoch, (v_joined->>'pos')::bigint)),
    jsonb_build_array(v_joined, chat.tell_joined(p_by, v_room)))::chat.outcome;
end
$$;

-- p_verified: the verifier that the given password was found to match; null when none was given or checked.
create or replace function chat.join_room(p_by chat.actor, p_id chat.issued, p_room text, p_verified text)
returns chat.outcome
language plpgsql set enable_seqscan = off as $$
declare
  v_known   chat.outcome;
  v_room    chat.room;
  v_topic   chat.topic;
  v_invited boolean;
  v_joined  jsonb;
begin
  perform chat.open_inboxes(array[p_by.id]);
  perform from chat.locked(array['inbox:' || p_by.id]);
  v_known := chat.recalled(p_id);
  if v_known.status is not null then
    return v_known;
  end if;

  loop
    select * into v_topic from chat.locked(array['room:' || p_room]);
    exit when found;
    v_topic := chat.new_room_topic(p_room);
    if v_topic.life is not null then
      insert into chat.room (room, life, title, visibility, temporary, created_by)
        values (p_room, v_topic.life, p_room, 'public', true, p_by.id);
      v_known := chat.founded(p_by, p_id, v_topic);
      return chat.recorded(p_id, v_known.facts, v_known.entries);
    end if;
    -- Somebody made it meanwhile, so it can be locked now.
  end loop;

  select * into v_room from chat.room where life = v_topic.life;
  if chat.sanctioned(v_room.life, p_by.id, 'ban') then
    return chat.refused('banned', chat.sanction_facts(v_room.life, p_by.id, 'ban'));
  end if;
  if chat.role_of(v_room.life, p_by.id) is not null then
    return chat.recorded(p_id, jsonb_build_object('room', chat.room_view(v_room, p_by.id), 'created', false,
      'position', chat.position(v_topic.epoch, v_topic.last_offset)), '[]');
  end if;
  v_invited := exists (select from chat.invitation i where i.life = v_room.life and i.user_id = p_by.id);
  if v_room.password is not null and not v_invited and p_verified is distinct from v_room.password then
    return chat.refused('password-needed', jsonb_build_object('verifier', v_room.password));
  end if;
  if v_room.visibility = 'private' and v_room.password is null and not v_invited then
    return chat.refused('forbidden');
  end if;

  perform chat.admit(v_topic, p_by.id, 'member');
  select * into v_room from chat.room where life = v_topic.life;
  v_joined := chat.append(v_topic.topic, 'joined', p_by, null, p_id.id);
  return chat.recorded(p_id, jsonb_build_object('room', chat.room_view(v_room, p_by.id), 'created', false,
    'position', chat.position(v_topic.epoch, (v_joined->>'pos')::bigint)),
    jsonb_build_array(v_joined, chat.tell_joined(p_by, v_room)));
end
$$;

-- Who gets a room whose owner p_owner leaves; null when somebody else owns it too, or nobody is left.
create function chat.heir(p_life bigint, p_owner text) returns text stable language sql as $$
  select m.user_id from chat.member m
   where m.life = p_life and m.user_id <> p_owner
     and not exists (select from chat.member o where o.life = p_life and o.role = 'owner' and o.user_id <> p_owner)
   order by m.role <> 'moderator', m.joined_at, m.user_id limit 1
$$;

create or replace function chat.leave_room(p_by chat.actor, p_id chat.issued, p_room text) returns chat.outcome
language plpgsql set enable_seqscan = off as $$
declare
  v_known   chat.outcome;
  v_topic   chat.topic;
  v_room    chat.room;
  v_role    text;
  v_heir    text;
  v_left    jsonb;
  v_entries jsonb;
begin
  perform chat.open_inboxes(array[p_by.id]);
  -- Who inherits may still change until the room is locked; then that inbox is locked late, at the risk of a deadlock
  -- that is found and tried again.
  select chat.heir(r.life, p_by.id) into v_heir from chat.room r where r.room = p_room;
  select * into v_topic from chat.locked(array['inbox:' || p_by.id, 'inbox:' || v_heir, 'room:' || p_room])
    where topic = 'room:' || p_room;
  v_known := chat.recalled(p_id);
  if v_known.status is not null then
    return v_known;
  end if;
  select * into v_room from chat.room where life = v_topic.life;
  v_role := chat.role_of(v_topic.life, p_by.id);
  if v_role is null then
    return chat.refused('not-a-member');
  end if;

  v_heir := chat.heir(v_topic.life, p_by.id);
  perform chat.dismiss(v_room, p_by.id);
  select * into v_room from chat.room where life = v_topic.life;
  v_left := chat.append(v_topic.topic, 'left', p_by, null, p_id.id, p_by.id, 'left');
  v_entries := jsonb_build_array(v_left,
    chat.append('inbox:' || p_by.id, 'room', p_by, chat.room_change(v_room, p_by.id, 'left'), null));
  if v_room.members = 0 and v_room.temporary then
    perform chat.end_life(v_room);
  elsif v_role = 'owner' and v_heir is not null then
    -- A room is not left without owner while somebody is there.
    v_entries := v_entries || chat.tell_role(p_by, v_room, v_heir, 'owner');
  end if;
  return chat.recorded(p_id, jsonb_build_object('room', p_room,
    'position', chat.position(v_topic.epoch, (v_left->>'pos')::bigint)), v_entries);
end
$$;

-- Gives a member another role for what somebody else did; told to the room and to the member's inbox.
create function chat.tell_role(p_by chat.actor, r chat.room, p_user text, p_role text) returns jsonb language plpgsql as $$
begin
  update chat.member set role = p_role where life = r.life and user_id = p_user;
  return jsonb_build_array(
    chat.append('room:' || r.room, 'role', p_by,
      jsonb_build_object('user', p_user, 'userName', chat.name_of(p_user), 'role', p_role), null),
    chat.append('inbox:' || p_user, 'room', p_by, chat.room_change(r, p_user, 'role'), null));
end
$$;

-- Changes ----------------------------------------------------------------------------------------------------------

create or replace function chat.edit_message(
  p_by chat.actor, p_id chat.issued, p_room text, p_epoch text, p_pos bigint, p_text text, p_words text)
returns chat.outcome
language plpgsql set enable_seqscan = off as $$
declare
  v_known  chat.outcome;
  v_topic  chat.topic;
  v_room   chat.room;
  v_log    chat.log;
  v_before text[];
  v_why    text;
  v_entry  jsonb;
begin
  select * into v_topic from chat.locked(array['room:' || p_room]);
  v_known := chat.recalled(p_id);
  if v_known.status is not null then
    return v_known;
  end if;
  select * into v_room from chat.room where life = v_topic.life;
  v_why := chat.silenced(v_room, p_by.id);
  if v_why is not null then
    return chat.refused(v_why, chat.sanction_facts(v_room.life, p_by.id, case v_why when 'banned' then 'ban' else 'mute' end));
  end if;
  select * into v_log from chat.standing(v_topic, p_epoch, p_pos);
  if v_log.pos is null then
    return chat.refused('unknown-message');
  end if;
  if v_log.author <> p_by.id then
    return chat.refused('not-yours');
  end if;
  v_before := v_log.mentions;
  update chat.log
     set text = p_text, edited_at = clock_timestamp(),
         mentions = case when p_words is null then null else chat.mentioned(v_room, p_by.id, p_words) end
   where life = v_log.life and pos = v_log.pos
   returning * into v_log;
  delete from chat.mention m
   where m.life = v_log.life and m.pos = v_log.pos and m.user_id = any (v_before)
     and not m.user_id = any (coalesce(v_log.mentions, '{}'));
  perform chat.tell_mentioned(v_topic, v_room, v_log, v_before);
  -- The event has the time that the message says.
  v_entry := chat.append(v_topic.topic, 'edited', p_by, jsonb_build_object('target', v_log.pos), p_id.id,
    p_at => v_log.edited_at);
  return chat.recorded(p_id, jsonb_build_object('offset', v_entry->'pos'), jsonb_build_array(v_entry));
end
$$;

-- What moderators do to somebody: kick, ban, unban, mute, unmute, role or invite. p_value: the reason or the role.
create or replace function chat.moderate(
  p_by chat.actor, p_id chat.issued, p_room text, p_action text, p_user text, p_value text, p_for_ms bigint)
returns chat.outcome
language plpgsql set enable_seqscan = off as $$
declare
  v_known   chat.outcome;
  v_topic   chat.topic;
  v_room    chat.room;
  v_role    text;
  v_rank    integer;
  v_event   text := case p_action when 'kick' then 'kicked' when 'ban' then 'banned' when 'unban' then 'unbanned'
                      when 'mute' then 'muted' when 'unmute' then 'muted' else p_action end;
  v_until   timestamptz := clock_timestamp() + p_for_ms * interval '1 millisecond';
  v_facts   jsonb;
  v_entry   jsonb;
  v_entries jsonb := '[]';
  v_owners  text[];
  v_owner   text;
begin
  perform chat.open_inboxes(array[p_user]);
  if p_action = 'role' and p_value = 'owner' then
    -- As chat.leave_room: who owns it may still change.
    select array_agg('inbox:' || m.user_id) into v_owners
      from chat.room r join chat.member m on m.life = r.life and m.role = 'owner' where r.room = p_room;
  end if;
  select * into v_topic from chat.locked(array['inbox:' || p_user, 'room:' || p_room] || v_owners)
    where topic = 'room:' || p_room;
  v_known := chat.recalled(p_id);
  if v_known.status is not null then
    return v_known;
  end if;
  select * into v_room from chat.room where life = v_topic.life;
  v_rank := case when v_room.life is null then 0 else chat.rank(v_room.life, p_by.id, p_by.power) end;
  if v_rank = 0 then
    return chat.refused('not-a-member');
  end if;
  v_role := chat.role_of(v_room.life, p_user);
  if v_rank < (case p_action when 'role' then 3 else 2 end)
     or (p_action in ('kick', 'ban', 'mute') and v_rank <= chat.rank(v_room.life, p_user, false)) then
    return chat.refused('forbidden');
  end if;
  if (p_action = 'role' and v_role is null)
     or (p_action = 'kick' and v_role is null and (v_room.visibility <> 'public' or v_room.password is not null)) then
    return chat.refused('no-such-member');
  end if;
  if p_action = 'invite' and chat.sanctioned(v_room.life, p_user, 'ban') then
    return chat.refused('banned');
  end if;

  v_facts := jsonb_strip_nulls(jsonb_build_object('user', p_user, 'userName', chat.name_of(p_user),
    'until', case when p_action in ('ban', 'mute') then chat.millis(v_until) end,
    'reason', case when p_action in ('kick', 'ban') then p_value end,
    'member', case when p_action in ('kick', 'ban') then v_role is not null end,
    'role', case when p_action = 'role' then p_value end,
    'on', case v_event when 'muted' then p_action = 'mute' end));

  case p_action
    when 'kick' then null;
    when 'ban', 'mute' then
      insert into chat.sanction (life, user_id, kind, until, by) values (v_room.life, p_user, p_action, v_until, p_by.id)
        on conflict (life, user_id, kind) do update set until = excluded.until, by = excluded.by, at = now();
    when 'unban', 'unmute' then
      delete from chat.sanction where life = v_room.life and user_id = p_user and kind = substr(p_action, 3);
      if not found then
        return chat.recorded(p_id, '{}', '[]');
      end if;
    when 'role' then
      if v_role = p_value then
        return chat.recorded(p_id, '{}', '[]');
      end if;
      if p_value = 'owner' then
        for v_owner in select user_id from chat.member where life = v_room.life and role = 'owner' order by user_id loop
          v_entries := v_entries || chat.tell_role(p_by, v_room, v_owner, 'moderator');
        end loop;
      elsif v_role = 'owner' then
        return chat.refused('last-owner');
      end if;
      update chat.member set role = p_value where life = v_room.life and user_id = p_user;
    when 'invite' then
      if v_role is not null then
        return chat.recorded(p_id, '{}', '[]');
      end if;
      insert into chat.invitation (life, user_id, by) values (v_room.life, p_user, p_by.id) on conflict do nothing;
  end case;

  if p_action in ('kick', 'ban') then
    if v_role is not null then
      perform chat.dismiss(v_room, p_user);
    end if;
    delete from chat.invitation where life = v_room.life and user_id = p_user;
  end if;
  select * into v_room from chat.room where life = v_topic.life;
  perform chat.audited(v_room, p_by, p_action, p_user, v_facts);

  if p_action <> 'invite' then
    v_entry := chat.append(v_topic.topic, v_event, p_by, v_facts, p_id.id,
      case when p_action in ('kick', 'ban') then p_user end, case when p_action in ('kick', 'ban') then v_event end);
    v_entries := v_entries || v_entry;
  end if;
  if p_action = 'invite' or (p_action in ('kick', 'ban', 'role') and v_role is not null) then
    v_entries := v_entries || chat.append('inbox:' || p_user, 'room', p_by, chat.room_change(v_room, p_user,
      case p_action when 'invite' then 'invited' when 'role' then 'role' else v_event end), null);
  end if;
  return chat.recorded(p_id, coalesce(jsonb_build_object('offset', v_entry->'pos'), '{}'), v_entries);
end
$$;

-- Ids of commands --------------------------------------------------------------------------------------------------
-- One that made a room is none for anything else.

-- What a recorded command came to when it was first given; null when it is new. Asked while a topic lock is
-- held that every repeat of it waits for.
create or replace function chat.recalled(p_id chat.issued) returns chat.outcome language plpgsql as $$
declare
  v_command chat.command;
begin
  select * into v_command from chat.command where key = p_id.key;
  if not found then
    if exists (select from chat.log where command_key = p_id.key)
       or exists (select from chat.room where command_key = p_id.key) then
      return chat.refused('conflict');
    end if;
    return null;
  end if;
  if v_command.hash <> p_id.hash then
    return chat.refused('conflict');
  end if;
  return ('done', v_command.facts,
    (select coalesce(jsonb_agg(chat.told(t, l) order by e.n), '[]')
       from jsonb_array_elements(v_command.entries) with ordinality e (v, n)
       join chat.topic t on t.topic = e.v->>0 and t.life = (e.v->>1)::bigint
       join chat.log l on l.life = t.life and l.pos = (e.v->>2)::bigint))::chat.outcome;
end
$$;

create or replace function chat.create_room(
  p_by chat.actor, p_id chat.issued, p_room text, p_title text, p_visibility text, p_password text)
returns chat.outcome
language plpgsql set enable_seqscan = off as $$
declare
  v_room  chat.room;
  v_topic chat.topic;
begin
  perform chat.open_inboxes(array[p_by.id]);
  perform from chat.locked(array['inbox:' || p_by.id]);
  select * into v_room from chat.room where command_key = p_id.key;
  if found then
    if v_room.arguments_hash <> p_id.hash then
      return chat.refused('conflict');
    end if;
    select * into v_topic from chat.topic where topic = 'room:' || v_room.room;
    return ('done', jsonb_build_object('room', chat.room_view(v_room, p_by.id), 'created', true,
        'position', chat.position(v_topic.epoch, 1)),
      (select jsonb_agg(chat.told(v_topic, l)) from chat.log l where l.life = v_topic.life and l.pos = 1))::chat.outcome;
  end if;
  if (chat.recalled(p_id)).status is not null then
    return chat.refused('conflict');
  end if;
  v_topic := chat.new_room_topic(p_room);
  if v_topic.life is null then
    return chat.refused('room-exists');
  end if;
  insert into chat.room (room, life, title, visibility, password, created_by, command_key, arguments_hash)
    values (p_room, v_topic.life, p_title, p_visibility, p_password, p_by.id, p_id.key, p_id.hash);
  return chat.founded(p_by, p_id, v_topic);
end
$$;

-- Many sends to many rooms at once. Each item gets an answer of its own; only rows that are inserted take offsets.
-- No key occurs twice. Plans are kept from when the tables were empty: all but looking up by index is off, and each
-- look-up is a query of its own so that it uses all columns of its key.
create or replace function chat.send(
  p_room text[], p_user text[], p_name text[], p_marks smallint[], p_text text[], p_words text[],
  p_command text[], p_key uuid[], p_hash bigint[])
returns table (item bigint, status text, epoch text, pos bigint, at bigint, mentions text[], facts jsonb, entry jsonb)
language plpgsql
set enable_seqscan = off set enable_bitmapscan = off set enable_hashjoin = off set enable_mergejoin = off as $$
#variable_conflict use_column
declare
  v_lives    bigint[];
  v_mentions text[];
  v_known    uuid[];
  v_now      timestamptz;
  v_store    text := chat.store();
begin
  select array_agg(t.life) into v_lives
    from chat.locked((select array_agg(distinct 'room:' || r) from unnest(p_room) r)) t;
  v_now := clock_timestamp();

  if exists (select from unnest(p_words) w where w is not null) then
    select array_agg(case when i.words is not null and r.room is not null
                       then to_jsonb(chat.mentioned(r, i.user_id, i.words))::text end order by i.n)
      into v_mentions
      from unnest(p_room, p_user, p_words) with ordinality i (room, user_id, words, n)
      left join chat.room r on r.room = i.room and r.life = any (v_lives);
    select array_agg(l.command_key) into v_known from chat.log l where l.command_key = any (p_key);
  end if;

  return query
  with item as (
    select * from unnest(p_room, p_user, p_name, p_marks, p_text, p_command, p_key, p_hash, v_mentions)
      with ordinality as i (room, user_id, name, marks, text, command, key, hash, mentions, n)
  ), judged as (
    select i.*, t.topic, t.life, t.epoch, t.last_offset, t.message_count,
           known.life as known_life, known.pos as known_pos,
           case
             when known.command_key is not null and known.arguments_hash = i.hash then 'known'
             when known.command_key is not null or other.key is not null then 'conflict'
             when t.life is null then 'not-a-member'
             when ban.life is not null and (ban.until is null or ban.until > v_now) then 'banned'
             when not r.walk_in and m.user_id is null then 'not-a-member'
             when mute.life is not null and (mute.until is null or mute.until > v_now) then 'muted'
             else 'done'
           end as verdict
      from item i
      left join lateral (select * from chat.room r where r.room = i.room and r.life = any (v_lives) limit 1) r on true
      left join lateral (select * from chat.topic t where t.topic = 'room:' || i.room and t.life = r.life limit 1) t on true
      left join lateral (select m.user_id from chat.member m
                          where m.life = t.life and m.user_id = i.user_id limit 1) m on true
      left join lateral (select s.life, s.until from chat.sanction s
                          where s.life = t.life and s.user_id = i.user_id and s.kind = 'ban' limit 1) ban on true
      left join lateral (select s.life, s.until from chat.sanction s
                          where s.life = t.life and s.user_id = i.user_id and s.kind = 'mute' limit 1) mute on true
      left join lateral (select l.life, l.pos, l.command_key, l.arguments_hash from chat.log l
                          where l.command_key = i.key limit 1) known on true
      left join lateral (select c.key from chat.command c where c.key = i.key
                         union all
                         select r.command_key from chat.room r where r.command_key = i.key limit 1) other on true
  ), placed as (
    select j.*, row_number() over (partition by j.life, j.verdict order by j.n) as place from judged j
  ), fresh as (
    select p.*, p.last_offset + p.place as pos, p.message_count + p.place as messages
      from placed p where p.verdict = 'done'
  ), inserted as (
    insert into chat.log (life, pos, event, at, messages, author, author_name, author_marks, text, mentions,
                          command, command_key, arguments_hash)
    select f.life, f.pos, 'message', v_now, f.messages, f.user_id, f.name, f.marks, f.text,
           (select array_agg(x) from jsonb_array_elements_text(f.mentions::jsonb) x),
           f.command, f.key, f.hash
      from fresh f
  ), bumped as (
    update chat.topic t
       set last_offset = t.last_offset + g.more, message_count = t.message_count + g.more
      from (select f.topic, count(*) as more from fresh f group by f.topic) g
     where t.topic = g.topic
  ), seen as (
    -- Who speaks has read what was there.
    update chat.member m
       set read_count = g.messages, read_pos = g.pos
      from (select f.life, f.user_id, max(f.messages) as messages, max(f.pos) as pos
              from fresh f group by f.life, f.user_id) g
     where m.life = g.life and m.user_id = g.user_id
  )
  select p.n, case p.verdict when 'known' then 'done' else p.verdict end,
         p.epoch || '.' || v_store, p.last_offset + p.place, chat.millis(v_now),
         (select array_agg(x) from jsonb_array_elements_text(p.mentions::jsonb) x),
         case when p.verdict in ('banned', 'muted')
           then chat.sanction_facts(p.life, p.user_id, case p.verdict when 'banned' then 'ban' else 'mute' end) end,
         case when p.verdict = 'known' then
           (select chat.told(t, l) from chat.log l
              left join chat.topic t on t.topic = 'room:' || p.room and t.life = l.life
             where l.life = p.known_life and l.pos = p.known_pos) end
    from placed p
   order by p.n;

  if v_mentions is not null then
    perform chat.tell_mentioned(t, r, l, null)
       from chat.log l
       join chat.room r on r.life = l.life
       join chat.topic t on t.topic = 'room:' || r.room
      where l.command_key = any (p_key) and not l.command_key = any (coalesce(v_known, '{}')) and l.mentions is not null;
  end if;
end
$$;
