-- The audit chain, users and roles, master data, bills, plans and settings.

create function gongfang.guard_audit_event() returns trigger
language plpgsql security definer set search_path = @book@, pg_temp as $$
declare
  last record;
begin
  if new."user" <> session_user::text then perform gongfang.deny('events are told in one''s own name'); end if;
  select seq, hash into last from audit_event order by seq desc limit 1;
  if new.seq <> coalesce(last.seq, 0) + 1 or new.prev_hash <> coalesce(last.hash, repeat('0', 64)) then
    perform gongfang.deny('an event follows the last one');
  end if;
  if new.hash <> encode(sha256(convert_to(concat_ws(E'\x1f',
      new.prev_hash, new.seq, to_char(new.at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS') || '+00:00', new."user",
      new.entity, new.entity_id, new.number, new.action, new.before, new.after, new.reason), 'UTF8')), 'hex') then
    perform gongfang.deny('the hash of an event is that of its content');
  end if;
  return new;
end $$;

-- At the commit: who tells of an approval or reversal has done it, whole.
create function gongfang.after_audit_event() returns trigger
language plpgsql security definer set search_path = @book@, pg_temp as $$
begin
  if exists (select from gongfang.document_type where code = new.entity) then
    perform gongfang.check_posted(new.entity_id);
  end if;
  return null;
end $$;

create function gongfang.guard_app_user() returns trigger
language plpgsql security definer set search_path = @book@, pg_temp as $$
begin
  if gongfang.held('admin.users') then return coalesce(new, old); end if;
  if tg_op <> 'UPDATE' or old.login <> session_user::text then perform gongfang.deny('needs admin.users'); end if;
  if (new.id, new.login, new.name, new.pinyin, new.active) is distinct from (old.id, old.login, old.name, old.pinyin, old.active)
  then
    perform gongfang.deny('needs admin.users');
  end if;
  if new.must_change <> old.must_change and (new.must_change = 1 or new.hash = old.hash) then
    perform gongfang.deny('a password set by the administrator is changed first');
  end if;
  return new;
end $$;

-- At the commit of a change of users or roles: an administrator is left, and who may write now may take the session role for it.
create function gongfang.enroll() returns trigger
language plpgsql security definer set search_path = @book@, pg_temp as $$
declare
  clerk record;
begin
  if not exists (
      select from app_user u join user_role ur on ur.user_id = u.id join role_right rr on rr.role_id = ur.role_id
      where u.active = 1 and rr."right" = 'admin.users') then
    perform gongfang.deny('somebody must be left who manages users');
  end if;
  if to_regrole('@posting_quoted@') is null or to_regrole('@signing_quoted@') is null then return null; end if;
  for clerk in
    select r.rolname as name, pg_has_role(r.oid, '@posting@', 'member') as writes, exists (
        select from app_user u join user_role ur on ur.user_id = u.id join role_right rr on rr.role_id = ur.role_id
        where u.login = r.rolname::text and u.active = 1 and u.must_change = 0
          and rr."right" not like '%.read' and rr."right" not like '%.print' and rr."right" not like 'field.%') as may_write
    from pg_auth_members m join pg_roles r on r.oid = m.member
    where m.roleid = to_regrole('@signing_quoted@') and r.rolcanlogin and not r.rolsuper
      and exists (select from app_user u where u.login = r.rolname::text)
  loop
    if clerk.may_write and not clerk.writes then
      execute format('grant %I to %I', '@posting@', clerk.name);
    elsif clerk.writes and not clerk.may_write then
      execute format('revoke %I from %I', '@posting@', clerk.name);
    end if;
  end loop;
  return null;
end $$;

create function gongfang.guard_item() returns trigger
language plpgsql security definer set search_path = @book@, pg_temp as $$
begin
  if new.price is distinct from (case when tg_op = 'UPDATE' then old.price end) and not gongfang.held('field.price') then
    perform gongfang.deny('needs field.price');
  end if;
  if new.unit_cost is distinct from (case when tg_op = 'UPDATE' then old.unit_cost end) and not gongfang.held('field.cost') then
    perform gongfang.deny('needs field.cost');
  end if;
  return new;
end $$;

create function gongfang.guard_partner() returns trigger
language plpgsql security definer set search_path = @book@, pg_temp as $$
declare
  p partner := case when tg_op = 'DELETE' then old else new end;
begin
  if not gongfang.held('master.' || p.role || 's.change') or (tg_op = 'UPDATE' and new.role <> old.role) then
    perform gongfang.deny('needs master.' || p.role || 's.change');
  end if;
  if tg_op <> 'DELETE' and p.credit_limit is distinct from (case when tg_op = 'UPDATE' then old.credit_limit end)
     and not gongfang.held('field.price') then
    perform gongfang.deny('needs field.price');
  end if;
  return p;
end $$;

create function gongfang.guard_bom() returns trigger
language plpgsql security definer set search_path = @book@, pg_temp as $$
begin
  if tg_op = 'UPDATE' and (new.status, new.approved_by) is distinct from (old.status, old.approved_by) then
    if not gongfang.held('bom.approve') or (new.status = 'C' and new.approved_by <> session_user::text) then
      perform gongfang.deny('needs bom.approve');
    end if;
    return new;
  end if;
  if not gongfang.held('bom.change') then perform gongfang.deny('needs bom.change'); end if;
  if (tg_op = 'INSERT' and (new.status <> 'Z' or new.created_by <> session_user::text))
     or (tg_op = 'DELETE' and old.status <> 'Z') then
    perform gongfang.deny('a bill begins and ends as a draft');
  end if;
  return coalesce(new, old);
end $$;

create function gongfang.guard_setting() returns trigger
language plpgsql security definer set search_path = @book@, pg_temp as $$
begin
  if coalesce(new.key, old.key) = 'kitting.last' then return coalesce(new, old); end if;
  if not gongfang.held('admin.templates') then perform gongfang.deny('needs admin.templates'); end if;
  return coalesce(new, old);
end $$;

-- What a user keeps of a list is hers; who manages users may change or delete it too.
create function gongfang.guard_kept_view() returns trigger
language plpgsql security definer set search_path = @book@, pg_temp as $$
begin
  if tg_op = 'INSERT' and new.owner = session_user::text then return new; end if;
  if tg_op = 'INSERT' or (tg_op = 'UPDATE' and new.owner <> old.owner) then
    perform gongfang.deny('schemes are kept in one''s own name');
  end if;
  if old.owner <> session_user::text and not gongfang.held('admin.users') then perform gongfang.deny('needs admin.users'); end if;
  return coalesce(new, old);
end $$;

create function gongfang.guard_attachment() returns trigger
language plpgsql security definer set search_path = @book@, pg_temp as $$
declare
  d doc;
begin
  select * into d from doc where id = coalesce(new.doc_id, old.doc_id);
  if tg_op = 'UPDATE' or not (gongfang.may(d.type, 'save', d.system_made, d.source_id)
      or (tg_op = 'DELETE' and gongfang.may(d.type, 'delete', d.system_made, d.source_id))) then
    perform gongfang.deny('needs ' || d.type || '.save');
  end if;
  if tg_op = 'DELETE' and d.status <> 'Z' then perform gongfang.deny(d.number || ' keeps its papers'); end if;
  return coalesce(new, old);
end $$;

create function gongfang.guard_document_template() returns trigger
language plpgsql security definer set search_path = @book@, pg_temp as $$
begin
  if not gongfang.held(coalesce(new.type, old.type) || '.save') then
    perform gongfang.deny('needs ' || coalesce(new.type, old.type) || '.save');
  end if;
  return coalesce(new, old);
end $$;

create function gongfang.guard_number_series() returns trigger
language plpgsql security definer set search_path = @book@, pg_temp as $$
begin
  if (new.prefix, new.basis) <> (old.prefix, old.basis) or new.last < old.last then
    perform gongfang.deny('numbers are not given twice');
  end if;
  return new;
end $$;

create function gongfang.guard_planned_order() returns trigger
language plpgsql security definer set search_path = @book@, pg_temp as $$
begin
  if gongfang.held('plan.edit') or gongfang.held('plan.run') then return new; end if;
  if to_jsonb(new) - 'status' <> to_jsonb(old) - 'status' then perform gongfang.deny('needs plan.edit'); end if;
  if new.status <> 'proposed' and not gongfang.held('plan.release') then perform gongfang.deny('needs plan.release'); end if;
  return new;
end $$;
