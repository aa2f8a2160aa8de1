-- Who belongs to an organisation in a workspace by role, whether or not the grant is active now.
create view account_members as
select g.user_id as id, g.user_id, g.workspace_id, g.organization_id, r.name as role, g.is_active, g.created_at, g.updated_at, g.version
from account_grants g
join account_roles r on r.id = g.role_id;
