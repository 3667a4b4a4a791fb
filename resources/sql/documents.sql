-- Documents, their lines and links, and the ledgers: by type and verb, and only as a whole.

-- A right on a document; what the system made goes with its source, and who releases a plan makes and takes back its orders.
create function gongfang.may(kind text, verb text, made smallint, source bigint) returns boolean
language plpgsql stable as $$
declare
  other text;
begin
  if gongfang.held(kind || '.' || verb) then return true; end if;
  if made = 1 and source is not null then
    select type into other from doc where id = source;
    return gongfang.held(other || case when verb in ('save', 'approve') then '.approve' else '.reverse' end);
  end if;
  return verb in ('save', 'delete') and kind in ('purchase_order', 'production_order', 'subcontract_order')
    and gongfang.held('plan.release');
end $$;

create function gongfang.posts(kind text) returns boolean language plpgsql stable as $$
begin
  return coalesce((select posts from gongfang.document_type where code = kind), true);
end $$;

create function gongfang.guard_doc() returns trigger
language plpgsql security definer set search_path = @book@, pg_temp as $$
declare
  content boolean;
  covered boolean := false;
begin
  if tg_op = 'INSERT' then
    if new.status <> 'Z' or new.closing <> 'C' or new.approved_by <> '' or new.approved_at is not null
       or new.print_count <> 0 or new.created_by <> session_user::text then
      perform gongfang.deny('a new document is a draft of its maker');
    end if;
    if not gongfang.may(new.type, 'save', new.system_made, new.source_id) then
      perform gongfang.deny('needs ' || new.type || '.save');
    end if;
    return new;
  end if;
  if tg_op = 'DELETE' then
    if old.status <> 'Z' then perform gongfang.deny(old.number || ' is approved'); end if;
    if not gongfang.may(old.type, 'delete', old.system_made, old.source_id) then
      perform gongfang.deny('needs ' || old.type || '.delete');
    end if;
    if old.created_by <> session_user::text and old.system_made = 0 and gongfang.flag('own_documents_only')
       and not gongfang.held(old.type || '.reverse') and not gongfang.held('plan.release') then
      perform gongfang.deny(old.number || ' is of ' || old.created_by);
    end if;
    return old;
  end if;
  if (new.id, new.type, new.created_by, new.created_at, new.client_key, new.system_made)
     is distinct from (old.id, old.type, old.created_by, old.created_at, old.client_key, old.system_made) then
    perform gongfang.deny(old.number || ': type and maker never change');
  end if;
  content := (new.number, new.kind, new.business_date, new.partner_id, new.workshop, new.note, new.source_id)
    is distinct from (old.number, old.kind, old.business_date, old.partner_id, old.workshop, old.note, old.source_id);
  if new.status <> old.status then
    covered := true;
    if content then perform gongfang.deny(old.number || ': changed while its status changes'); end if;
    if exists (select from period where period = to_char(old.business_date, 'YYYY-MM') and closed = 1) then
      perform gongfang.deny(old.number || ' lies in a closed period');
    end if;
    if new.status = 'C' then
      if not gongfang.may(new.type, 'approve', new.system_made, new.source_id) then
        perform gongfang.deny('needs ' || new.type || '.approve');
      end if;
      if new.approved_by <> session_user::text or new.approved_at is null or old.closing = 'H' then
        perform gongfang.deny(old.number || ' is approved by who approves it');
      end if;
      if old.created_by = session_user::text and old.system_made = 0 and gongfang.flag('four_eyes') then
        perform gongfang.deny(old.number || ' needs another pair of eyes');
      end if;
    else
      if not gongfang.may(new.type, 'reverse', new.system_made, new.source_id) then
        perform gongfang.deny('needs ' || new.type || '.reverse');
      end if;
      if new.approved_by <> '' or new.approved_at is not null then
        perform gongfang.deny(old.number || ' is approved by nobody');
      end if;
    end if;
  elsif (new.approved_by, new.approved_at) is distinct from (old.approved_by, old.approved_at) then
    perform gongfang.deny(old.number || ': its approval stands');
  end if;
  if content then
    covered := true;
    perform gongfang.require_draft(old);
    if old.status = 'C' and (new.number, new.kind, new.business_date, new.partner_id, new.source_id)
       is distinct from (old.number, old.kind, old.business_date, old.partner_id, old.source_id) then
      perform gongfang.deny(old.number || ' is approved');
    end if;
  end if;
  if new.closing <> old.closing then
    covered := true;
    if 'H' in (new.closing, old.closing) and new.status = old.status then
      if not gongfang.may(new.type, case when old.status = 'C' then 'close' else 'delete' end, new.system_made, new.source_id)
      then
        perform gongfang.deny('needs ' || new.type || case when old.status = 'C' then '.close' else '.delete' end);
      end if;
    end if;
  end if;
  if new.print_count <> old.print_count then
    covered := true;
    if not gongfang.held(new.type || '.print') or new.print_count < old.print_count then
      perform gongfang.deny('needs ' || new.type || '.print');
    end if;
  end if;
  if not covered and new is distinct from old then perform gongfang.require_draft(old); end if;
  return new;
end $$;

-- Refused unless the session may change this document as it stands: a draft, or an approved order that is amended.
create function gongfang.require_draft(d doc, deleting boolean default false) returns void language plpgsql as $$
begin
  if d.status = 'Z' then
    if not gongfang.may(d.type, 'save', d.system_made, d.source_id)
       and not (deleting and gongfang.may(d.type, 'delete', d.system_made, d.source_id)) then
      perform gongfang.deny('needs ' || d.type || '.save');
    end if;
    if not deleting and d.created_by <> session_user::text and d.system_made = 0
       and gongfang.flag('own_documents_only') then
      perform gongfang.deny(d.number || ' is of ' || d.created_by);
    end if;
  elsif gongfang.posts(d.type) then
    perform gongfang.deny(d.number || ' is posted');
  elsif not (gongfang.held(d.type || '.save') and gongfang.held(d.type || '.approve')) then
    perform gongfang.deny('needs ' || d.type || '.save and .approve');
  elsif d.created_by = session_user::text and gongfang.flag('four_eyes') then
    perform gongfang.deny(d.number || ' needs another pair of eyes');
  end if;
end $$;

create function gongfang.require_line(document bigint, deleting boolean) returns void language plpgsql as $$
declare
  d doc;
begin
  select * into d from doc where id = document;
  if not found then perform gongfang.deny('a line of no document'); end if;
  perform gongfang.require_draft(d, deleting);
end $$;

create function gongfang.guard_doc_line() returns trigger
language plpgsql security definer set search_path = @book@, pg_temp as $$
declare
  d doc;
begin
  if tg_op = 'INSERT' then
    if new.done <> 0 or new.closing <> 'C' then perform gongfang.deny('a new line is open'); end if;
    perform gongfang.require_line(new.doc_id, false);
    return new;
  elsif tg_op = 'DELETE' then
    perform gongfang.require_line(old.doc_id, true);
    return old;
  end if;
  if (new.id, new.doc_id, new.role, new.line_no, new.parent_line_id, new.item_id, new.quantity, new.price, new.amount,
      new.warehouse_id, new.lot, new.start_date, new.due_date, new.source_line_id, new.demand_line_id, new.hours, new.note)
     is distinct from
     (old.id, old.doc_id, old.role, old.line_no, old.parent_line_id, old.item_id, old.quantity, old.price, old.amount,
      old.warehouse_id, old.lot, old.start_date, old.due_date, old.source_line_id, old.demand_line_id, old.hours, old.note)
  then
    perform gongfang.require_line(old.doc_id, false);
    if new.doc_id <> old.doc_id then perform gongfang.deny('a line stays in its document'); end if;
  end if;
  if new.closing <> old.closing and 'H' in (new.closing, old.closing) then
    select * into d from doc where id = new.doc_id;
    if not gongfang.may(d.type, 'close', d.system_made, d.source_id)
       and not gongfang.may(d.type, 'reverse', d.system_made, d.source_id) then
      perform gongfang.deny('needs ' || d.type || '.close');
    end if;
  end if;
  return new;
end $$;

create function gongfang.guard_line_part() returns trigger
language plpgsql security definer set search_path = @book@, pg_temp as $$
declare
  document bigint;
begin
  if tg_op = 'UPDATE' and tg_table_name = 'material_line'
     and to_jsonb(new) - 'supplement' - 'returned' = to_jsonb(old) - 'supplement' - 'returned' then
    return new;
  end if;
  select doc_id into document from doc_line where id = case when tg_op = 'DELETE' then old.line_id else new.line_id end;
  perform gongfang.require_line(document, tg_op = 'DELETE');
  if tg_op = 'UPDATE' and new.line_id <> old.line_id then perform gongfang.deny('a part stays with its line'); end if;
  return coalesce(new, old);
end $$;

create function gongfang.guard_doc_link() returns trigger
language plpgsql security definer set search_path = @book@, pg_temp as $$
declare
  d doc;
begin
  if tg_op = 'UPDATE' then perform gongfang.deny('links are made and removed, not changed'); end if;
  select * into d from doc where id = case when tg_op = 'DELETE' then old.target_doc_id else new.target_doc_id end;
  if tg_op = 'INSERT' then
    if not gongfang.may(d.type, 'approve', d.system_made, d.source_id) then
      perform gongfang.deny('needs ' || d.type || '.approve');
    end if;
    if not exists (select from doc_line where id = new.target_line_id and doc_id = new.target_doc_id
                   and source_line_id = new.source_line_id)
       or not exists (select from doc_line where id = new.source_line_id and doc_id = new.source_doc_id) then
      perform gongfang.deny('a link joins a line to the line it names as its source');
    end if;
    return new;
  end if;
  if not gongfang.may(d.type, 'reverse', d.system_made, d.source_id)
     and not (not gongfang.posts(d.type) and gongfang.held(d.type || '.save') and gongfang.held(d.type || '.approve'))
  then
    perform gongfang.deny('needs ' || d.type || '.reverse');
  end if;
  return old;
end $$;

-- At the commit: what is done of a line is what its links say.
create function gongfang.check_rolled(line bigint) returns void language plpgsql as $$
declare
  l doc_line;
  executed bigint;
begin
  select * into l from doc_line where id = line;
  if not found then return; end if;
  select coalesce(sum(quantity), 0) into executed from doc_link where source_line_id = line and kind = 'execute';
  if l.done <> executed then perform gongfang.deny('done of line ' || line || ' is not what its links say'); end if;
  if l.closing = 'S' and l.done < l.quantity then perform gongfang.deny('line ' || line || ' is not done'); end if;
end $$;

create function gongfang.after_doc_line() returns trigger
language plpgsql security definer set search_path = @book@, pg_temp as $$
begin
  perform gongfang.check_rolled(new.id);
  return null;
end $$;

create function gongfang.after_material_line() returns trigger
language plpgsql security definer set search_path = @book@, pg_temp as $$
declare
  m material_line;
  added bigint;
  back bigint;
begin
  select * into m from material_line where line_id = new.line_id;
  if not found then return null; end if;
  select coalesce(sum(quantity) filter (where kind = 'supplement'), 0), -coalesce(sum(quantity) filter (where quantity < 0), 0)
    into added, back from doc_link where source_line_id = new.line_id;
  if (m.supplement, m.returned) <> (added, back) then
    perform gongfang.deny('material line ' || new.line_id || ' is not what its links say');
  end if;
  return null;
end $$;

create function gongfang.after_doc_link() returns trigger
language plpgsql security definer set search_path = @book@, pg_temp as $$
begin
  perform gongfang.check_rolled(case when tg_op = 'DELETE' then old.source_line_id else new.source_line_id end);
  if tg_op = 'INSERT' and exists (select from doc_link where id = new.id)
     and not exists (select from doc where id = new.target_doc_id and status = 'C') then
    perform gongfang.deny('a draft executes nothing');
  end if;
  return null;
end $$;

-- At the commit: the audit chain tells of every document that was made, changed or removed, and why the session might.
create function gongfang.after_doc() returns trigger
language plpgsql security definer set search_path = @book@, pg_temp as $$
declare
  d doc := case when tg_op = 'DELETE' then old else new end;
  actions text[];
  source text;
begin
  actions := case
    when tg_op = 'INSERT' then '{create}' when tg_op = 'DELETE' then '{delete}'
    when new.status <> old.status then case when new.status = 'C' then '{approve}' else '{reverse}' end
    else '{change,amend,close,reopen,delete,approve,reverse}' end;
  if tg_op = 'INSERT' and not gongfang.held(d.type || '.save') and exists (select from doc where id = d.id) then
    select type into source from doc where id = d.source_id;
    if not (d.system_made = 1 and gongfang.told(source, d.source_id, '{approve}')) and not exists (
         select from release_link l join release_batch b on b.id = l.batch_id
         where l.doc_id = d.id and b.made_by = session_user::text) then
      perform gongfang.deny('needs ' || d.type || '.save');
    end if;
  end if;
  if tg_op = 'DELETE' and not gongfang.held(d.type || '.delete') then
    select type into source from doc where id = d.source_id;
    if not (d.system_made = 1 and gongfang.told(source, d.source_id, '{reverse,delete}')) and not exists (
         select from audit_event e join release_batch b on b.id = e.entity_id and b.undone = 1
         where e.entity = 'release' and e.action = 'undo' and e.xmin = pg_current_xact_id()::xid) then
      perform gongfang.deny('needs ' || d.type || '.delete');
    end if;
  end if;
  if not gongfang.told(d.type, d.id, actions) then
    perform gongfang.deny(d.number || ' changed without an audit event');
  end if;
  if tg_op = 'UPDATE' and new.status <> old.status and d.system_made = 1
     and not gongfang.held(d.type || case when new.status = 'C' then '.approve' else '.reverse' end) then
    select type into source from doc where id = d.source_id;
    if not gongfang.told(source, d.source_id, case when new.status = 'C' then '{approve}'::text[] else '{reverse}' end) then
      perform gongfang.deny(d.number || ' goes with its source');
    end if;
  end if;
  return null;
end $$;

-- Costing, and the reversal of what was costed, correct values by rows without quantity.
create function gongfang.guard_correction(quantity bigint, day date, d doc) returns void language plpgsql as $$
begin
  if quantity <> 0 or day <> d.business_date or d.status <> 'C' then
    perform gongfang.deny('a correction changes nothing but the value of a movement');
  end if;
  if not gongfang.held('cost.run') and not gongfang.held_like('%.reverse') then
    perform gongfang.deny('needs cost.run');
  end if;
end $$;

create function gongfang.guard_stock_move() returns trigger
language plpgsql security definer set search_path = @book@, pg_temp as $$
declare
  d doc;
begin
  select * into d from doc where id = new.doc_id;
  if new.costed = 1 and new.reversal_of is null then
    perform gongfang.guard_correction(new.quantity, new.move_date, d);
    if not exists (
         select from stock_move m where m.costed = 0 and (m.doc_id, m.line_id, m.move_date, m.warehouse_id, m.item_id, m.lot, m.owner_id)
           = (new.doc_id, new.line_id, new.move_date, new.warehouse_id, new.item_id, new.lot, new.owner_id)) then
      perform gongfang.deny('a correction stands beside its movement');
    end if;
    return new;
  end if;
  if new.reversal_of is null then
    if not gongfang.may(d.type, 'approve', d.system_made, d.source_id) then
      perform gongfang.deny('needs ' || d.type || '.approve');
    end if;
    if new.move_date <> d.business_date or not exists (
         select from doc_line l where l.id = new.line_id and l.doc_id = new.doc_id and l.item_id = new.item_id
         and coalesce(l.warehouse_id, new.warehouse_id) = new.warehouse_id) then
      perform gongfang.deny('a movement is that of a line of its document');
    end if;
  else
    if not gongfang.may(d.type, 'reverse', d.system_made, d.source_id) then
      perform gongfang.deny('needs ' || d.type || '.reverse');
    end if;
    if not exists (
         select from stock_move m where m.id = new.reversal_of and m.reversal_of is null
         and (m.doc_id, m.line_id, m.move_date, m.warehouse_id, m.item_id, m.lot, m.owner_id, -m.quantity, -m.value)
           = (new.doc_id, new.line_id, new.move_date, new.warehouse_id, new.item_id, new.lot, new.owner_id, new.quantity,
              new.value)) then
      perform gongfang.deny('a reversal negates its movement');
    end if;
  end if;
  return new;
end $$;

-- For clerks the database itself keeps the balance of a movement; the program leaves it alone.
create function gongfang.keep_balance() returns trigger
language plpgsql security definer set search_path = @book@, pg_temp as $$
declare
  left_over bigint;
begin
  insert into stock_balance as b (item_id, warehouse_id, lot, owner_id, quantity)
    values (new.item_id, new.warehouse_id, new.lot, new.owner_id, new.quantity)
    on conflict (item_id, warehouse_id, lot, owner_id) do update set quantity = b.quantity + excluded.quantity
    returning b.quantity into left_over;
  if left_over < 0 and new.quantity < 0 and not exists (select from warehouse where id = new.warehouse_id and negative = 1) then
    perform gongfang.deny('stock of item ' || new.item_id || ' would fall below zero');
  end if;
  return null;
end $$;

create function gongfang.guard_wip_move() returns trigger
language plpgsql security definer set search_path = @book@, pg_temp as $$
declare
  d doc;
begin
  select * into d from doc where id = new.doc_id;
  if new.costed = 1 and new.reversal_of is null then
    perform gongfang.guard_correction(new.quantity, new.move_date, d);
    if not exists (
         select from wip_move m where m.costed = 0 and (m.doc_id, m.line_id, m.move_date, m.order_line_id, m.item_id, m.element)
           = (new.doc_id, new.line_id, new.move_date, new.order_line_id, new.item_id, new.element)) then
      perform gongfang.deny('a correction stands beside its movement');
    end if;
    return new;
  end if;
  if not gongfang.may(d.type, case when new.reversal_of is null then 'approve' else 'reverse' end, d.system_made, d.source_id) then
    perform gongfang.deny('needs ' || d.type || case when new.reversal_of is null then '.approve' else '.reverse' end);
  end if;
  if new.reversal_of is null then
    if new.move_date <> d.business_date
       or not exists (select from doc_line l where l.id = new.line_id and l.doc_id = new.doc_id) then
      perform gongfang.deny('a movement is that of a line of its document');
    end if;
  elsif not exists (
      select from wip_move m where m.id = new.reversal_of and m.reversal_of is null
      and (m.doc_id, m.line_id, m.order_line_id, m.item_id, m.element, -m.quantity, -m.value)
        = (new.doc_id, new.line_id, new.order_line_id, new.item_id, new.element, new.quantity, new.value)) then
    perform gongfang.deny('a reversal negates its movement');
  end if;
  return new;
end $$;

-- Whether this transaction costs a period or reverses something; the newest events are looked at.
create function gongfang.valued() returns boolean language plpgsql stable as $$
begin
  return exists (
    select from (select action, xmin from audit_event order by seq desc limit 2000) e
    where e.xmin = pg_current_xact_id()::xid and e.action in ('reverse', 'cost'));
end $$;

-- At the commit: a movement comes with the approval or reversal of its document, told to the audit chain.
create function gongfang.after_move() returns trigger
language plpgsql security definer set search_path = @book@, pg_temp as $$
declare
  kind text;
begin
  select type into kind from doc where id = new.doc_id;
  if new.costed = 1 and new.reversal_of is null then
    if not gongfang.valued() then perform gongfang.deny('a correction without a costing or reversal'); end if;
    return null;
  end if;
  if not gongfang.told(kind, new.doc_id, case when new.reversal_of is null then '{approve}'::text[] else '{reverse}' end) then
    perform gongfang.deny('a movement without an approval of its document');
  end if;
  return null;
end $$;

-- At the commit: an approved document has moved exactly what its lines say, a reversed one nothing.
create function gongfang.check_posted(document bigint) returns void language plpgsql as $$
declare
  d doc;
begin
  select * into d from doc where id = document;
  if not found then return; end if;
  if d.status = 'C' then
    if exists (
        select from doc_line l
        left join (select line_id, sum(quantity) as moved from stock_move where doc_id = document group by line_id) m
          on m.line_id = l.id
        where l.doc_id = document and l.role = 'main'
          and abs(coalesce(m.moved, 0)) <> case when gongfang.posts(d.type) then abs(l.quantity) else 0 end) then
      perform gongfang.deny(d.number || ': the ledger is not what its lines say');
    end if;
    if exists (
        select from (select line_id, sum(quantity) as kept from wip_move where doc_id = document group by line_id) w
        left join (select line_id, sum(quantity) as moved from stock_move where doc_id = document group by line_id) m
          on m.line_id = w.line_id
        where w.kept <> -coalesce(m.moved, 0)) then
      perform gongfang.deny(d.number || ': work in progress is not what the ledger says');
    end if;
  elsif exists (
      select from stock_move where doc_id = document group by item_id, warehouse_id, lot, owner_id
      having sum(quantity) <> 0 or sum(value) <> 0)
    or exists (
      select from wip_move where doc_id = document group by order_line_id, material_line_id, element
      having sum(quantity) <> 0 or sum(value) <> 0) then
    perform gongfang.deny(d.number || ': what is reversed has moved nothing');
  end if;
end $$;

-- At the commit: the quantity that carries an item's value is that of its balances, and somebody approved or reversed something.
create function gongfang.after_stock_value() returns trigger
language plpgsql security definer set search_path = @book@, pg_temp as $$
declare
  v stock_value;
  carried bigint;
begin
  select * into v from stock_value where item_id = new.item_id;
  select coalesce(sum(b.quantity), 0) into carried
    from stock_balance b join warehouse w on w.id = b.warehouse_id
    where b.item_id = new.item_id and b.owner_id = 0 and w.kind <> 'customer';
  if v.quantity <> carried then perform gongfang.deny('value of item ' || new.item_id || ' is not of its stock'); end if;
  if (v.quantity > 0 and v.value < 0) or (v.quantity < 0 and v.value > 0) then
    perform gongfang.deny('value of item ' || new.item_id || ' has the wrong sign');
  end if;
  if not exists (
      select from (select action, xmin from audit_event order by seq desc limit 2000) e
      where e.xmin = pg_current_xact_id()::xid and e.action in ('approve', 'reverse', 'cost')) then
    perform gongfang.deny('value without an approval');
  end if;
  return null;
end $$;
