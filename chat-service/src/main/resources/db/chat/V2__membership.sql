-- Making, joining and leaving rooms.

-- What a room's name and looks are in the inbox of one user, with what happened.
create function chat.room_change(r chat.room, p_user text, p_change text) returns jsonb stable language sql as $$
  select chat.room_view(r, p_user) || jsonb_build_object('change', p_change)
$$;

create function chat.admit(t chat.topic, p_user text, p_role text) returns void language sql as $$
  insert into chat.member (life, user_id, role, read_count, read_pos)
    values (t.life, p_user, p_role, t.message_count, t.last_offset + 1);
  delete from chat.invitation where life = t.life and user_id = p_user;
  update chat.room set members = members + 1 where life = t.life
$$;

-- Makes the topic row of a room; null when somebody else just did.
create function chat.new_room_topic(p_room text) returns chat.topic language sql as $$
  insert into chat.topic (topic) values ('room:' || p_room) on conflict do nothing returning *
$$;

-- Admits the first member of a new room, who owns it; told to the room and to the member's inbox.
create function chat.founded(p_by chat.actor, p_id chat.issued, t chat.topic) returns chat.outcome language plpgsql as $$
declare
  v_room    chat.room;
  v_entries jsonb;
  v_joined  jsonb;
begin
  perform chat.admit(t, p_by.id, 'owner');
  select * into v_room from chat.room where life = t.life;
  v_joined := chat.append(t.topic, 'joined', p_by, null, p_id.id);
  v_entries := jsonb_build_array(v_joined,
    chat.append('inbox:' || p_by.id, 'room', p_by, chat.room_change(v_room, p_by.id, 'joined'), null));
  return ('done', jsonb_build_object('room', chat.room_view(v_room, p_by.id), 'created', true,
    'position', chat.position(t.epoch, (v_joined->>'pos')::bigint)), v_entries)::chat.outcome;
end
$$;

create function chat.create_room(
  p_by chat.actor, p_id chat.issued, p_room text, p_title text, p_visibility text, p_password text)
returns chat.outcome language plpgsql as $$
declare
  v_room  chat.room;
  v_topic chat.topic;
begin
  perform chat.open_inboxes(array[p_by.id]);
  perform from chat.locked(array['inbox:' || p_by.id]);
  if (chat.recalled(p_id)).status is not null then
    return chat.refused('conflict');
  end if;
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
  v_topic := chat.new_room_topic(p_room);
  if v_topic.life is null then
    return chat.refused('room-exists');
  end if;
  insert into chat.room (room, life, title, visibility, password, created_by, command_key, arguments_hash)
    values (p_room, v_topic.life, p_title, p_visibility, p_password, p_by.id, p_id.key, p_id.hash);
  return chat.founded(p_by, p_id, v_topic);
end
$$;

-- p_verified: the verifier that the given password was found to match; null when none was given or checked.
create function chat.join_room(p_by chat.actor, p_id chat.issued, p_room text, p_verified text)
returns chat.outcome language plpgsql as $$
declare
  v_known   chat.outcome;
  v_locked  bigint[];
  v_room    chat.room;
  v_topic   chat.topic;
  v_invited boolean;
  v_joined  jsonb;
  v_entries jsonb;
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
  v_entries := jsonb_build_array(v_joined,
    chat.append('inbox:' || p_by.id, 'room', p_by, chat.room_change(v_room, p_by.id, 'joined'), null));
  return chat.recorded(p_id, jsonb_build_object('room', chat.room_view(v_room, p_by.id), 'created', false,
    'position', chat.position(v_topic.epoch, (v_joined->>'pos')::bigint)), v_entries);
end
$$;

-- Takes somebody out of a room, with all that counts for members only.
create function chat.dismiss(r chat.room, p_user text) returns void language plpgsql as $$
begin
  delete from chat.member where life = r.life and user_id = p_user;
  delete from chat.mention where life = r.life and user_id = p_user;
  delete from chat.unread_mark u using chat.topic t
    where t.topic = 'inbox:' || p_user and u.inbox = t.life and u.life = r.life;
  update chat.room set members = members - 1 where life = r.life;
end
$$;

create function chat.end_life(r chat.room) returns void language sql as $$
  delete from chat.room where life = r.life;
  delete from chat.topic where topic = 'room:' || r.room;
  delete from chat.sanction where life = r.life;
  delete from chat.invitation where life = r.life;
  insert into chat.dead_life (life) values (r.life)
$$;

create function chat.leave_room(p_by chat.actor, p_id chat.issued, p_room text) returns chat.outcome language plpgsql as $$
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
  select * into v_topic from chat.locked(array['inbox:' || p_by.id, 'room:' || p_room])
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

  perform chat.dismiss(v_room, p_by.id);
  select * into v_room from chat.room where life = v_topic.life;
  v_left := chat.append(v_topic.topic, 'left', p_by, null, p_id.id, p_by.id, 'left');
  v_entries := jsonb_build_array(v_left,
    chat.append('inbox:' || p_by.id, 'room', p_by, chat.room_change(v_room, p_by.id, 'left'), null));
  if v_room.members = 0 and v_room.temporary then
    perform chat.end_life(v_room);
  elsif v_role = 'owner' and not exists (select from chat.member where life = v_room.life and role = 'owner') then
    -- A room is not left without owner while somebody is there.
    select user_id into v_heir from chat.member where life = v_room.life
     order by role <> 'moderator', joined_at, user_id limit 1;
    if found then
      update chat.member set role = 'owner' where life = v_room.life and user_id = v_heir;
      v_entries := v_entries || chat.append(v_topic.topic, 'role', p_by,
        jsonb_build_object('user', v_heir, 'userName', chat.name_of(v_heir), 'role', 'owner'), null);
    end if;
  end if;
  return chat.recorded(p_id, jsonb_build_object('room', p_room,
    'position', chat.position(v_topic.epoch, (v_left->>'pos')::bigint)), v_entries);
end
$$;

create function chat.name_of(p_user text) returns text stable language sql as $$
  select coalesce((select name from chat.person where user_id = p_user), p_user)
$$;

-- Notes who was seen under which name.
create function chat.meet(p_users text[], p_names text[], p_keys text[], p_guests boolean[]) returns void
language sql as $$
  insert into chat.person (user_id, name, name_key, guest)
  select distinct on (u) u, n, k, g from unnest(p_users, p_names, p_keys, p_guests) as i (u, n, k, g) order by u
  on conflict (user_id) do update
    set name = excluded.name, name_key = excluded.name_key, guest = excluded.guest, seen_at = now()
$$;
