-- Edits, deletes, reactions, and what moderators do. Each is an event of the room's log.

-- The message at an offset of a room, which must be of this life and not deleted; a null row when it is not there.
create function chat.standing(t chat.topic, p_epoch text, p_pos bigint) returns chat.log stable language sql as $$
  select l from chat.log l
   where l.life = t.life and l.pos = p_pos and l.event = 'message' and l.deleted_at is null
     and (p_epoch is null or p_epoch = t.epoch)
$$;

-- How much somebody may do in a room: 0 nothing, 1 member, 2 moderator, 3 owner, 4 by token.
create function chat.rank(p_life bigint, p_user text, p_power boolean) returns integer stable language sql as $$
  select case when p_power then 4 else coalesce(
    case chat.role_of(p_life, p_user) when 'owner' then 3 when 'moderator' then 2 when 'member' then 1 end, 0) end
$$;

create function chat.audited(r chat.room, p_by chat.actor, p_action text, p_target text, p_details jsonb) returns void
language sql as $$
  insert into chat.audit (room, life, actor, action, target, details)
    values (r.room, r.life, p_by.id, p_action, p_target, jsonb_strip_nulls(p_details))
$$;

create function chat.edit_message(
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
  perform chat.tell_mentioned(v_topic, v_room, v_log, v_before);
  v_entry := chat.append(v_topic.topic, 'edited', p_by, jsonb_build_object('target', v_log.pos), p_id.id);
  return chat.recorded(p_id, jsonb_build_object('offset', v_entry->'pos'), jsonb_build_array(v_entry));
end
$$;

create function chat.delete_message(p_by chat.actor, p_id chat.issued, p_room text, p_epoch text, p_pos bigint)
returns chat.outcome
language plpgsql set enable_seqscan = off as $$
declare
  v_known chat.outcome;
  v_topic chat.topic;
  v_room  chat.room;
  v_log   chat.log;
  v_entry jsonb;
begin
  select * into v_topic from chat.locked(array['room:' || p_room]);
  v_known := chat.recalled(p_id);
  if v_known.status is not null then
    return v_known;
  end if;
  select * into v_room from chat.room where life = v_topic.life;
  if v_room.life is null or not (p_by.power or chat.may_hear(v_room, p_by.id)) then
    return chat.refused('not-a-member');
  end if;
  select * into v_log from chat.standing(v_topic, p_epoch, p_pos);
  if v_log.pos is null then
    return chat.refused('unknown-message');
  end if;
  if v_log.author <> p_by.id then
    if chat.rank(v_room.life, p_by.id, p_by.power) < 2 then
      return chat.refused('not-yours');
    end if;
    perform chat.audited(v_room, p_by, 'delete', v_log.author, jsonb_build_object('offset', v_log.pos));
  end if;
  update chat.log set text = '', mentions = null, edited_at = null, deleted_at = clock_timestamp()
   where life = v_log.life and pos = v_log.pos;
  delete from chat.reaction where life = v_log.life and pos = v_log.pos;
  delete from chat.mention m using unnest(v_log.mentions) u where m.life = v_log.life and m.user_id = u and m.pos = v_log.pos;
  v_entry := chat.append(v_topic.topic, 'deleted', p_by, jsonb_build_object('target', v_log.pos), p_id.id);
  return chat.recorded(p_id, jsonb_build_object('offset', v_entry->'pos'), jsonb_build_array(v_entry));
end
$$;

create function chat.react(
  p_by chat.actor, p_id chat.issued, p_room text, p_pos bigint, p_emoji text, p_on boolean, p_most integer)
returns chat.outcome
language plpgsql set enable_seqscan = off as $$
declare
  v_known chat.outcome;
  v_topic chat.topic;
  v_room  chat.room;
  v_log   chat.log;
  v_why   text;
  v_entry jsonb;
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
  select * into v_log from chat.standing(v_topic, null, p_pos);
  if v_log.pos is null then
    return chat.refused('unknown-message');
  end if;
  if p_on then
    if (select count(distinct emoji) from chat.reaction
         where life = v_log.life and pos = v_log.pos and emoji <> p_emoji) >= p_most then
      return chat.refused('too-many-reactions', jsonb_build_object('limit', p_most));
    end if;
    insert into chat.reaction (life, pos, emoji, user_id) values (v_log.life, v_log.pos, p_emoji, p_by.id)
      on conflict do nothing;
  else
    delete from chat.reaction
     where life = v_log.life and pos = v_log.pos and emoji = p_emoji and user_id = p_by.id;
  end if;
  if not found then
    return chat.recorded(p_id, '{}', '[]');
  end if;
  v_entry := chat.append(v_topic.topic, 'reaction', p_by,
    jsonb_build_object('target', v_log.pos, 'emoji', p_emoji, 'on', p_on), p_id.id);
  return chat.recorded(p_id, jsonb_build_object('offset', v_entry->'pos'), jsonb_build_array(v_entry));
end
$$;

-- What moderators do to somebody: kick, ban, unban, mute, unmute, role or invite. p_value: the reason or the role.
create function chat.moderate(
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
  v_owner   text;
begin
  perform chat.open_inboxes(array[p_user]);
  select * into v_topic from chat.locked(array['inbox:' || p_user, 'room:' || p_room]) where topic = 'room:' || p_room;
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
        for v_owner in update chat.member set role = 'moderator'
                        where life = v_room.life and role = 'owner' returning user_id loop
          v_entries := v_entries || chat.append(v_topic.topic, 'role', p_by,
            jsonb_build_object('user', v_owner, 'userName', chat.name_of(v_owner), 'role', 'moderator'), null);
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
