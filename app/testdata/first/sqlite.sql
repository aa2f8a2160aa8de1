CREATE TABLE almoner_schema_event (version_id bigint primary key, file text not null, checksum text not null, applied_at text_time not null);
INSERT INTO almoner_schema_event VALUES(0,'','','2026-11-22T03:55:22.039558Z');
INSERT INTO almoner_schema_event VALUES(1,'event/0001_event_log.sql','d8f2478e1c53c9fc64b71b921b10faa29a5c218735c0116d8601e9850355b064','2026-11-22T03:55:22.050856Z');
CREATE TABLE event_log (
    id            integer primary key autoincrement,
    name          text not null,
    at            text_time not null,
    workspace_id  bigint not null,
    entity        text not null,
    subject_id    bigint not null,
    parent_entity text not null default '',
    parent_id     bigint not null default 0,
    revision      bigint not null default 0,
    changed       text_json not null,
    data          text_json not null,
    actor_id      bigint not null default 0,
    system        text not null default '',
    request_id    text not null default ''
);
INSERT INTO event_log VALUES(1,'account.workspace_created','2026-11-22T03:55:22.140778Z',0,'account.workspace',1,'',0,1,'["business_area_code","code","latitude","longitude","name"]','{}',0,'system.load','');
INSERT INTO event_log VALUES(2,'account.workspace_created','2026-11-22T03:55:22.140778Z',0,'account.workspace',2,'',0,1,'["code","name"]','{}',0,'system.load','');
INSERT INTO event_log VALUES(3,'organisation.organisation_created','2026-11-22T03:55:22.140778Z',0,'organisation.organisation',1,'',0,1,'["name","organization_type","vendor_number"]','{}',0,'system.load','');
INSERT INTO event_log VALUES(4,'organisation.organisation_created','2026-11-22T03:55:22.140778Z',0,'organisation.organisation',2,'',0,1,'["name","vendor_number"]','{}',0,'system.load','');
INSERT INTO event_log VALUES(5,'organisation.organisation_created','2026-11-22T03:55:22.140778Z',0,'organisation.organisation',3,'',0,1,'["name","vendor_number"]','{}',0,'system.load','');
INSERT INTO event_log VALUES(6,'organisation.organisation_created','2026-11-22T03:55:22.140778Z',0,'organisation.organisation',4,'',0,1,'["name","vendor_number"]','{}',0,'system.load','');
INSERT INTO event_log VALUES(7,'organisation.organisation_created','2026-11-22T03:55:22.140778Z',0,'organisation.organisation',5,'',0,1,'["name","organization_type","vendor_number"]','{}',0,'system.load','');
INSERT INTO event_log VALUES(8,'organisation.organisation_created','2026-11-22T03:55:22.140778Z',0,'organisation.organisation',6,'',0,1,'["name","organization_type","vendor_number"]','{}',0,'system.load','');
INSERT INTO event_log VALUES(9,'organisation.organisation_created','2026-11-22T03:55:22.140778Z',0,'organisation.organisation',7,'',0,1,'["name","organization_type","vendor_number"]','{}',0,'system.load','');
INSERT INTO event_log VALUES(10,'organisation.organisation_created','2026-11-22T03:55:22.140778Z',0,'organisation.organisation',8,'',0,1,'["name","vendor_number"]','{}',0,'system.load','');
INSERT INTO event_log VALUES(11,'organisation.organisation_created','2026-11-22T03:55:22.140778Z',0,'organisation.organisation',9,'',0,1,'["name","vendor_number"]','{}',0,'system.load','');
INSERT INTO event_log VALUES(12,'tpm.firm_created','2026-11-22T03:55:22.140778Z',0,'tpm.firm',1,'',0,1,'["city","email","organization","phone_number","workspaces"]','{}',0,'system.load','');
INSERT INTO event_log VALUES(13,'tpm.firm_created','2026-11-22T03:55:22.140778Z',0,'tpm.firm',2,'',0,1,'["email","organization","workspaces"]','{}',0,'system.load','');
INSERT INTO event_log VALUES(14,'tpm.firm_created','2026-11-22T03:55:22.140778Z',0,'tpm.firm',3,'',0,1,'["blocked","organization","workspaces"]','{}',0,'system.load','');
INSERT INTO event_log VALUES(15,'tpm.firm_created','2026-11-22T03:55:22.140778Z',0,'tpm.firm',4,'',0,1,'["organization","workspaces"]','{}',0,'system.load','');
INSERT INTO event_log VALUES(16,'tpm.firm_created','2026-11-22T03:55:22.140778Z',0,'tpm.firm',5,'',0,1,'["deleted_flag","organization","workspaces"]','{}',0,'system.load','');
INSERT INTO event_log VALUES(17,'organisation.partner_created','2026-11-22T03:55:22.140778Z',1,'organisation.partner',1,'',0,1,'["organization"]','{}',0,'system.load','');
INSERT INTO event_log VALUES(18,'organisation.partner_created','2026-11-22T03:55:22.140778Z',1,'organisation.partner',2,'',0,1,'["organization"]','{}',0,'system.load','');
INSERT INTO event_log VALUES(19,'organisation.partner_created','2026-11-22T03:55:22.140778Z',1,'organisation.partner',3,'',0,1,'["organization"]','{}',0,'system.load','');
INSERT INTO event_log VALUES(20,'organisation.section_created','2026-11-22T03:55:22.140778Z',1,'organisation.section',1,'',0,1,'["name"]','{}',0,'system.load','');
INSERT INTO event_log VALUES(21,'organisation.section_created','2026-11-22T03:55:22.140778Z',1,'organisation.section',2,'',0,1,'["name"]','{}',0,'system.load','');
INSERT INTO event_log VALUES(22,'organisation.office_created','2026-11-22T03:55:22.140778Z',1,'organisation.office',1,'',0,1,'["name"]','{}',0,'system.load','');
INSERT INTO event_log VALUES(23,'organisation.office_created','2026-11-22T03:55:22.140778Z',1,'organisation.office',2,'',0,1,'["name"]','{}',0,'system.load','');
INSERT INTO event_log VALUES(24,'organisation.output_created','2026-11-22T03:55:22.140778Z',1,'organisation.output',1,'',0,1,'["code","name"]','{}',0,'system.load','');
INSERT INTO event_log VALUES(25,'organisation.output_created','2026-11-22T03:55:22.140778Z',1,'organisation.output',2,'',0,1,'["code","name"]','{}',0,'system.load','');
INSERT INTO event_log VALUES(26,'organisation.agreement_output_created','2026-11-22T03:55:22.140778Z',1,'organisation.agreement_output',1,'organisation.agreement',1,1,'["agreement","cp_output"]','{}',0,'system.load','');
INSERT INTO event_log VALUES(27,'organisation.agreement_created','2026-11-22T03:55:22.140778Z',1,'organisation.agreement',1,'',0,1,'["number","partner","result_links","status","title"]','{}',0,'system.load','');
INSERT INTO event_log VALUES(28,'location.level_created','2026-11-22T03:55:22.140778Z',1,'location.level',1,'',0,1,'["name","number"]','{}',0,'system.load','');
INSERT INTO event_log VALUES(29,'location.level_created','2026-11-22T03:55:22.140778Z',1,'location.level',2,'',0,1,'["name","number"]','{}',0,'system.load','');
INSERT INTO event_log VALUES(30,'location.location_created','2026-11-22T03:55:22.140778Z',1,'location.location',1,'',0,1,'["level","name","p_code"]','{}',0,'system.load','');
INSERT INTO event_log VALUES(31,'location.location_created','2026-11-22T03:55:22.140778Z',1,'location.location',2,'',0,1,'["level","name","p_code","parent"]','{}',0,'system.load','');
INSERT INTO event_log VALUES(32,'location.location_created','2026-11-22T03:55:22.140778Z',1,'location.location',3,'',0,1,'["is_active","level","name","p_code","parent"]','{}',0,'system.load','');
INSERT INTO event_log VALUES(33,'account.role_created','2026-11-22T03:55:22.140778Z',1,'account.role',5,'',0,1,'["name"]','{}',0,'system.load','');
INSERT INTO event_log VALUES(34,'account.user_created','2026-11-22T03:55:22.140778Z',1,'account.user',1,'',0,1,'["current_workspace","email","first_name","is_staff","last_name","name_folded"]','{}',0,'system.load','');
INSERT INTO event_log VALUES(35,'account.grant_created','2026-11-22T03:55:22.140778Z',1,'account.grant',1,'account.user',1,1,'["organization","role","user","workspace"]','{}',0,'system.load','');
INSERT INTO event_log VALUES(36,'account.grant_created','2026-11-22T03:55:22.140778Z',1,'account.grant',2,'account.user',1,1,'["organization","role","user","workspace"]','{}',0,'system.load','');
INSERT INTO event_log VALUES(37,'account.grant_created','2026-11-22T03:55:22.140778Z',1,'account.grant',3,'account.user',1,1,'["organization","role","user","workspace"]','{}',0,'system.load','');
INSERT INTO event_log VALUES(38,'account.grant_created','2026-11-22T03:55:22.140778Z',1,'account.grant',4,'account.user',1,1,'["organization","role","user","workspace"]','{}',0,'system.load','');
INSERT INTO event_log VALUES(39,'account.user_created','2026-11-22T03:55:22.140778Z',1,'account.user',2,'',0,1,'["current_workspace","email","first_name","is_staff","last_name","name_folded"]','{}',0,'system.load','');
INSERT INTO event_log VALUES(40,'account.grant_created','2026-11-22T03:55:22.140778Z',1,'account.grant',5,'account.user',2,1,'["organization","role","user","workspace"]','{}',0,'system.load','');
INSERT INTO event_log VALUES(41,'account.user_created','2026-11-22T03:55:22.140778Z',1,'account.user',3,'',0,1,'["current_workspace","email","first_name","is_staff","last_name","name_folded"]','{}',0,'system.load','');
INSERT INTO event_log VALUES(42,'account.grant_created','2026-11-22T03:55:22.140778Z',1,'account.grant',6,'account.user',3,1,'["organization","role","user","workspace"]','{}',0,'system.load','');
INSERT INTO event_log VALUES(43,'account.user_created','2026-11-22T03:55:22.140778Z',1,'account.user',4,'',0,1,'["current_workspace","email","first_name","last_name","name_folded"]','{}',0,'system.load','');
INSERT INTO event_log VALUES(44,'account.grant_created','2026-11-22T03:55:22.140778Z',1,'account.grant',7,'account.user',4,1,'["organization","role","user","workspace"]','{}',0,'system.load','');
INSERT INTO event_log VALUES(45,'account.user_created','2026-11-22T03:55:22.140778Z',1,'account.user',5,'',0,1,'["current_organization","current_workspace","email","first_name","last_name","name_folded"]','{}',0,'system.load','');
INSERT INTO event_log VALUES(46,'account.grant_created','2026-11-22T03:55:22.140778Z',1,'account.grant',8,'account.user',5,1,'["organization","role","user","workspace"]','{}',0,'system.load','');
INSERT INTO event_log VALUES(47,'account.user_created','2026-11-22T03:55:22.140778Z',1,'account.user',6,'',0,1,'["current_organization","current_workspace","email","first_name","last_name","name_folded"]','{}',0,'system.load','');
INSERT INTO event_log VALUES(48,'account.grant_created','2026-11-22T03:55:22.140778Z',1,'account.grant',9,'account.user',6,1,'["organization","role","user","workspace"]','{}',0,'system.load','');
INSERT INTO event_log VALUES(49,'account.user_created','2026-11-22T03:55:22.140778Z',1,'account.user',7,'',0,1,'["current_organization","current_workspace","email","first_name","last_name","name_folded"]','{}',0,'system.load','');
INSERT INTO event_log VALUES(50,'account.grant_created','2026-11-22T03:55:22.140778Z',1,'account.grant',10,'account.user',7,1,'["organization","role","user","workspace"]','{}',0,'system.load','');
INSERT INTO event_log VALUES(51,'account.user_created','2026-11-22T03:55:22.140778Z',1,'account.user',8,'',0,1,'["current_workspace","email","first_name","last_name","name_folded"]','{}',0,'system.load','');
INSERT INTO event_log VALUES(52,'account.grant_created','2026-11-22T03:55:22.140778Z',1,'account.grant',11,'account.user',8,1,'["organization","role","user","workspace"]','{}',0,'system.load','');
INSERT INTO event_log VALUES(53,'account.user_created','2026-11-22T03:55:22.140778Z',1,'account.user',9,'',0,1,'["email","first_name","last_name","name_folded"]','{}',0,'system.load','');
INSERT INTO event_log VALUES(54,'account.user_created','2026-11-22T03:55:22.140778Z',1,'account.user',10,'',0,1,'["current_workspace","email","first_name","last_name","name_folded"]','{}',0,'system.load','');
INSERT INTO event_log VALUES(55,'account.grant_created','2026-11-22T03:55:22.140778Z',1,'account.grant',12,'account.user',10,1,'["organization","role","user","workspace"]','{}',0,'system.load','');
INSERT INTO event_log VALUES(56,'account.grant_created','2026-11-22T03:55:22.140778Z',1,'account.grant',13,'account.user',10,1,'["organization","role","user","workspace"]','{}',0,'system.load','');
INSERT INTO event_log VALUES(57,'account.grant_created','2026-11-22T03:55:22.140778Z',1,'account.grant',14,'account.user',10,1,'["organization","role","user","workspace"]','{}',0,'system.load','');
INSERT INTO event_log VALUES(58,'account.user_created','2026-11-22T03:55:22.140778Z',1,'account.user',11,'',0,1,'["current_workspace","email","first_name","last_name","name_folded"]','{}',0,'system.load','');
INSERT INTO event_log VALUES(59,'account.grant_created','2026-11-22T03:55:22.140778Z',1,'account.grant',15,'account.user',11,1,'["organization","role","user","workspace"]','{}',0,'system.load','');
INSERT INTO event_log VALUES(60,'account.grant_created','2026-11-22T03:55:22.140778Z',1,'account.grant',16,'account.user',11,1,'["organization","role","user","workspace"]','{}',0,'system.load','');
INSERT INTO event_log VALUES(61,'account.user_created','2026-11-22T03:55:22.140778Z',1,'account.user',12,'',0,1,'["email","first_name","is_superuser","last_name","name_folded"]','{}',0,'system.load','');
INSERT INTO event_log VALUES(62,'account.user_created','2026-11-22T03:55:22.140778Z',1,'account.user',13,'',0,1,'["current_organization","current_workspace","email","first_name","last_name","name_folded"]','{}',0,'system.load','');
INSERT INTO event_log VALUES(63,'account.grant_created','2026-11-22T03:55:22.140778Z',1,'account.grant',17,'account.user',13,1,'["organization","role","user","workspace"]','{}',0,'system.load','');
INSERT INTO event_log VALUES(64,'account.user_created','2026-11-22T03:55:22.140778Z',1,'account.user',14,'',0,1,'["current_organization","current_workspace","email","first_name","last_name","name_folded"]','{}',0,'system.load','');
INSERT INTO event_log VALUES(65,'account.grant_created','2026-11-22T03:55:22.140778Z',1,'account.grant',18,'account.user',14,1,'["organization","role","user","workspace"]','{}',0,'system.load','');
INSERT INTO event_log VALUES(66,'account.grant_created','2026-11-22T03:55:22.140778Z',1,'account.grant',19,'account.user',14,1,'["organization","role","user","workspace"]','{}',0,'system.load','');
INSERT INTO event_log VALUES(67,'account.user_created','2026-11-22T03:55:22.140778Z',1,'account.user',15,'',0,1,'["email","first_name","last_name","name_folded"]','{}',0,'system.load','');
INSERT INTO event_log VALUES(68,'account.grant_created','2026-11-22T03:55:22.140778Z',1,'account.grant',20,'account.user',15,1,'["organization","role","user","workspace"]','{}',0,'system.load','');
INSERT INTO event_log VALUES(69,'account.user_created','2026-11-22T03:55:22.140778Z',1,'account.user',16,'',0,1,'["current_organization","current_workspace","email","first_name","last_name","name_folded"]','{}',0,'system.load','');
INSERT INTO event_log VALUES(70,'account.grant_created','2026-11-22T03:55:22.140778Z',1,'account.grant',21,'account.user',16,1,'["organization","role","user","workspace"]','{}',0,'system.load','');
INSERT INTO event_log VALUES(71,'organisation.partner_created','2026-11-22T03:55:22.140778Z',2,'organisation.partner',4,'',0,1,'["organization"]','{}',0,'system.load','');
INSERT INTO event_log VALUES(72,'organisation.section_created','2026-11-22T03:55:22.140778Z',2,'organisation.section',3,'',0,1,'["name"]','{}',0,'system.load','');
INSERT INTO event_log VALUES(73,'organisation.office_created','2026-11-22T03:55:22.140778Z',2,'organisation.office',3,'',0,1,'["name"]','{}',0,'system.load','');
INSERT INTO event_log VALUES(74,'organisation.output_created','2026-11-22T03:55:22.140778Z',2,'organisation.output',3,'',0,1,'["code","name"]','{}',0,'system.load','');
INSERT INTO event_log VALUES(75,'location.level_created','2026-11-22T03:55:22.140778Z',2,'location.level',3,'',0,1,'["name","number"]','{}',0,'system.load','');
INSERT INTO event_log VALUES(76,'location.location_created','2026-11-22T03:55:22.140778Z',2,'location.location',4,'',0,1,'["level","name","p_code"]','{}',0,'system.load','');
INSERT INTO event_log VALUES(77,'tpm.visit_created','2026-10-01T07:10:00.000000Z',1,'tpm.visit',1,'',0,1,'["author","created_year","date_created","tpm_partner","workspace_code"]','{}',1,'','load:first/create');
INSERT INTO event_log VALUES(78,'tpm.task_created','2026-10-01T07:40:00.000000Z',1,'tpm.task',1,'tpm.visit',1,1,'["cp_output","date","intervention","locations","offices","partner","section","tpm_visit","unicef_focal_points"]','{}',1,'','load:first/plan');
INSERT INTO event_log VALUES(79,'tpm.visit_updated','2026-10-01T07:40:00.000000Z',1,'tpm.visit',1,'',0,2,'["tpm_activities","tpm_partner_focal_points","visit_information"]','{}',1,'','load:first/plan');
INSERT INTO event_log VALUES(80,'tpm.visit_assigned','2026-10-02T06:30:00.000000Z',1,'tpm.visit',1,'',0,3,'["date_of_assigned","status"]','{"from":"draft","to":"assigned"}',1,'','load:first/assign');
INSERT INTO event_log VALUES(81,'tpm.visit_accepted','2026-10-03T06:30:00.000000Z',1,'tpm.visit',1,'',0,4,'["date_of_tpm_accepted","status"]','{"from":"assigned","to":"tpm_accepted"}',6,'','load:first/accept');
INSERT INTO event_log VALUES(82,'tpm.visit_created','2026-10-04T07:10:00.000000Z',1,'tpm.visit',2,'',0,1,'["author","created_year","date_created","tpm_partner","workspace_code"]','{}',1,'','load:second/create');
INSERT INTO event_log VALUES(83,'account.user_created','2026-11-22T03:55:22.252572Z',0,'account.user',17,'',0,1,'["email","first_name","is_superuser","last_name","name_folded"]','{}',0,'system.command','');
CREATE TABLE almoner_schema_auth (version_id bigint primary key, file text not null, checksum text not null, applied_at text_time not null);
INSERT INTO almoner_schema_auth VALUES(0,'','','2026-11-22T03:55:22.055522Z');
INSERT INTO almoner_schema_auth VALUES(1,'auth/0001_auth.sql','ac975dc1ae175ee1f3d7235ae792c0c907a42b77c781681ab8adb437c898722f','2026-11-22T03:55:22.056087Z');
CREATE TABLE auth_keys (
    id         integer primary key autoincrement,
    kid        text not null,
    purpose    text not null,
    secret     text not null,
    created_at text_time not null,
    retired_at text_time,
    constraint auth_keys_kid_key unique (kid),
    constraint auth_keys_purpose_check check (purpose in ('instance', 'jwt'))
);
INSERT INTO auth_keys VALUES(1,'iUYuYwcsVkbWhxda','instance','bm8tc2VjcmV0LW5vLXNlY3JldC1uby1zZWNyZXQtMDE','2026-11-22T03:55:22.092355Z',NULL);
INSERT INTO auth_keys VALUES(2,'cc4Qede4PKggiIWx','jwt','bm8tc2VjcmV0LW5vLXNlY3JldC1uby1zZWNyZXQtMDI','2026-11-22T03:55:22.092355Z',NULL);
CREATE TABLE auth_sessions (
    id           integer primary key autoincrement,
    token_hash   text not null,
    user_id      bigint not null,
    user_agent   text not null,
    created_at   text_time not null,
    last_seen_at text_time not null,
    expires_at   text_time not null,
    constraint auth_sessions_token_hash_key unique (token_hash)
);
CREATE TABLE auth_tokens (
    id           integer primary key autoincrement,
    token_hash   text not null,
    user_id      bigint not null,
    name         text not null,
    created_at   text_time not null,
    last_used_at text_time,
    expires_at   text_time,
    constraint auth_tokens_token_hash_key unique (token_hash)
);
CREATE TABLE auth_tries (
    id            integer primary key autoincrement,
    subject_hash  text not null,
    failures      bigint not null,
    last_at       text_time not null,
    blocked_until text_time not null,
    constraint auth_tries_subject_hash_key unique (subject_hash)
);
CREATE TABLE almoner_schema_fixture (version_id bigint primary key, file text not null, checksum text not null, applied_at text_time not null);
INSERT INTO almoner_schema_fixture VALUES(0,'','','2026-11-22T03:55:22.059371Z');
INSERT INTO almoner_schema_fixture VALUES(1,'fixture/0001_steps.sql','fcf77c31df8fff5b102cd45a41376908b7b37a55995d06a521e66e1134875cfb','2026-11-22T03:55:22.059852Z');
CREATE TABLE fixture_steps (
    id         integer primary key autoincrement,
    key        text not null,
    name       text not null default '',
    entity     text not null,
    record_id  bigint not null,
    at         text_time not null,
    created_at text_time not null,
    constraint fixture_steps_key_key unique (key)
);
INSERT INTO fixture_steps VALUES(1,'first/create','first','tpm.visit',1,'2026-10-01T07:10:00.000000Z','2026-11-22T03:55:22.140778Z');
INSERT INTO fixture_steps VALUES(2,'first/plan','','tpm.visit',1,'2026-10-01T07:40:00.000000Z','2026-11-22T03:55:22.140778Z');
INSERT INTO fixture_steps VALUES(3,'first/assign','','tpm.visit',1,'2026-10-02T06:30:00.000000Z','2026-11-22T03:55:22.140778Z');
INSERT INTO fixture_steps VALUES(4,'first/accept','','tpm.visit',1,'2026-10-03T06:30:00.000000Z','2026-11-22T03:55:22.140778Z');
INSERT INTO fixture_steps VALUES(5,'second/create','second','tpm.visit',2,'2026-10-04T07:10:00.000000Z','2026-11-22T03:55:22.140778Z');
CREATE TABLE fixture_worlds (
    id         integer primary key autoincrement,
    name       text not null,
    created_at text_time not null,
    constraint fixture_worlds_name_key unique (name)
);
CREATE TABLE almoner_schema_organisation (version_id bigint primary key, file text not null, checksum text not null, applied_at text_time not null);
INSERT INTO almoner_schema_organisation VALUES(0,'','','2026-11-22T03:55:22.062530Z');
INSERT INTO almoner_schema_organisation VALUES(1,'organisation/0001_organisation.sql','1b6657d8e02d1fa655e80a279fb450e519706cc0e1913afff27a0526dba75945','2026-11-22T03:55:22.062969Z');
CREATE TABLE organisation_organisations (
    id                integer primary key autoincrement,
    name              text not null,
    name_folded       text not null,
    short_name        text not null default '',
    vendor_number     text not null,
    type              text,
    cso_type          text,
    parent_id         bigint,
    created_at        text_time not null,
    updated_at        text_time not null,
    version           bigint not null default 1,
    constraint organisation_organisations_vendor_number_key unique (vendor_number),
    constraint organisation_organisations_parent_fkey foreign key (parent_id) references organisation_organisations (id)
);
INSERT INTO organisation_organisations VALUES(1,'UNICEF','unicef','','000','UN Agency',NULL,NULL,'2026-11-22T03:55:22.140778Z','2026-11-22T03:55:22.140778Z',1);
INSERT INTO organisation_organisations VALUES(2,'Savanna Insight','savanna insight','','F1',NULL,NULL,NULL,'2026-11-22T03:55:22.140778Z','2026-11-22T03:55:22.140778Z',1);
INSERT INTO organisation_organisations VALUES(3,'Jicho Field Research','jicho field research','','F2',NULL,NULL,NULL,'2026-11-22T03:55:22.140778Z','2026-11-22T03:55:22.140778Z',1);
INSERT INTO organisation_organisations VALUES(4,'Blocked Watchers','blocked watchers','','F3',NULL,NULL,NULL,'2026-11-22T03:55:22.140778Z','2026-11-22T03:55:22.140778Z',1);
INSERT INTO organisation_organisations VALUES(5,'Afya Bora Consortium','afya bora consortium','','C1','Civil Society Organization',NULL,NULL,'2026-11-22T03:55:22.140778Z','2026-11-22T03:55:22.140778Z',1);
INSERT INTO organisation_organisations VALUES(6,'Ministry of Health','ministry of health','','G1','Government',NULL,NULL,'2026-11-22T03:55:22.140778Z','2026-11-22T03:55:22.140778Z',1);
INSERT INTO organisation_organisations VALUES(7,'World Food Friends','world food friends','','B1','Bilateral / Multilateral',NULL,NULL,'2026-11-22T03:55:22.140778Z','2026-11-22T03:55:22.140778Z',1);
INSERT INTO organisation_organisations VALUES(8,'Wayo Monitors','wayo monitors','','F4',NULL,NULL,NULL,'2026-11-22T03:55:22.140778Z','2026-11-22T03:55:22.140778Z',1);
INSERT INTO organisation_organisations VALUES(9,'Marked Watchers','marked watchers','','F5',NULL,NULL,NULL,'2026-11-22T03:55:22.140778Z','2026-11-22T03:55:22.140778Z',1);
CREATE TABLE organisation_partners (
    id              integer primary key autoincrement,
    workspace_id    bigint not null,
    organisation_id bigint not null,
    hidden          int_bool not null default 0,
    created_at      text_time not null,
    updated_at      text_time not null,
    version         bigint not null default 1,
    constraint organisation_partners_organisation_key unique (workspace_id, organisation_id),
    constraint organisation_partners_organisation_fkey foreign key (organisation_id) references organisation_organisations (id)
);
INSERT INTO organisation_partners VALUES(1,1,5,0,'2026-11-22T03:55:22.140778Z','2026-11-22T03:55:22.140778Z',1);
INSERT INTO organisation_partners VALUES(2,1,6,0,'2026-11-22T03:55:22.140778Z','2026-11-22T03:55:22.140778Z',1);
INSERT INTO organisation_partners VALUES(3,1,7,0,'2026-11-22T03:55:22.140778Z','2026-11-22T03:55:22.140778Z',1);
INSERT INTO organisation_partners VALUES(4,2,6,0,'2026-11-22T03:55:22.140778Z','2026-11-22T03:55:22.140778Z',1);
CREATE TABLE organisation_agreements (
    id                         integer primary key autoincrement,
    workspace_id               bigint not null,
    partner_id                 bigint not null,
    number                     text not null,
    number_folded              text not null,
    title                      text not null,
    title_folded               text not null,
    document_type              text not null,
    status                     text not null,
    agreement_reference_number text not null default '',
    created_at                 text_time not null,
    updated_at                 text_time not null,
    version                    bigint not null default 1,
    constraint organisation_agreements_number_key unique (workspace_id, number),
    constraint organisation_agreements_partner_fkey foreign key (partner_id) references organisation_partners (id)
);
INSERT INTO organisation_agreements VALUES(1,1,1,'KEN/PCA1/PD1','ken/pca1/pd1','Boreholes','boreholes','PD','active','','2026-11-22T03:55:22.140778Z','2026-11-22T03:55:22.140778Z',1);
CREATE TABLE organisation_outputs (
    id                integer primary key autoincrement,
    workspace_id      bigint not null,
    name              text not null,
    name_folded       text not null,
    code              text not null default '',
    result_type       text not null,
    wbs               text not null default '',
    country_programme text not null default '',
    hidden            int_bool not null default 0,
    from_date         text_date,
    to_date           text_date,
    created_at        text_time not null,
    updated_at        text_time not null,
    version           bigint not null default 1,
    constraint organisation_outputs_dates_check check (from_date is null or to_date is null or from_date <= to_date)
);
INSERT INTO organisation_outputs VALUES(1,1,'Safe water','safe water','1.1','Output','','',0,NULL,NULL,'2026-11-22T03:55:22.140778Z','2026-11-22T03:55:22.140778Z',1);
INSERT INTO organisation_outputs VALUES(2,1,'Nutrition','nutrition','2.1','Output','','',0,NULL,NULL,'2026-11-22T03:55:22.140778Z','2026-11-22T03:55:22.140778Z',1);
INSERT INTO organisation_outputs VALUES(3,2,'Schools','schools','9.9','Output','','',0,NULL,NULL,'2026-11-22T03:55:22.140778Z','2026-11-22T03:55:22.140778Z',1);
CREATE TABLE organisation_agreement_outputs (
    id           integer primary key autoincrement,
    workspace_id bigint not null,
    agreement_id bigint not null,
    output_id    bigint not null,
    created_at   text_time not null,
    updated_at   text_time not null,
    version      bigint not null default 1,
    constraint organisation_agreement_outputs_output_key unique (agreement_id, output_id),
    constraint organisation_agreement_outputs_agreement_fkey foreign key (agreement_id) references organisation_agreements (id) on delete cascade,
    constraint organisation_agreement_outputs_output_fkey foreign key (output_id) references organisation_outputs (id)
);
INSERT INTO organisation_agreement_outputs VALUES(1,1,1,1,'2026-11-22T03:55:22.140778Z','2026-11-22T03:55:22.140778Z',1);
CREATE TABLE organisation_sections (
    id           integer primary key autoincrement,
    workspace_id bigint not null,
    name         text not null,
    name_folded  text not null,
    alternate_id bigint,
    active       int_bool not null default 1,
    created_at   text_time not null,
    updated_at   text_time not null,
    version      bigint not null default 1,
    constraint organisation_sections_name_key unique (workspace_id, name)
);
INSERT INTO organisation_sections VALUES(1,1,'WASH','wash',NULL,1,'2026-11-22T03:55:22.140778Z','2026-11-22T03:55:22.140778Z',1);
INSERT INTO organisation_sections VALUES(2,1,'Health','health',NULL,1,'2026-11-22T03:55:22.140778Z','2026-11-22T03:55:22.140778Z',1);
INSERT INTO organisation_sections VALUES(3,2,'Education','education',NULL,1,'2026-11-22T03:55:22.140778Z','2026-11-22T03:55:22.140778Z',1);
CREATE TABLE organisation_offices (
    id           integer primary key autoincrement,
    workspace_id bigint not null,
    name         text not null,
    name_folded  text not null,
    created_at   text_time not null,
    updated_at   text_time not null,
    version      bigint not null default 1,
    constraint organisation_offices_name_key unique (workspace_id, name)
);
INSERT INTO organisation_offices VALUES(1,1,'Nairobi','nairobi','2026-11-22T03:55:22.140778Z','2026-11-22T03:55:22.140778Z',1);
INSERT INTO organisation_offices VALUES(2,1,'Lodwar','lodwar','2026-11-22T03:55:22.140778Z','2026-11-22T03:55:22.140778Z',1);
INSERT INTO organisation_offices VALUES(3,2,'Beirut','beirut','2026-11-22T03:55:22.140778Z','2026-11-22T03:55:22.140778Z',1);
CREATE TABLE almoner_schema_account (version_id bigint primary key, file text not null, checksum text not null, applied_at text_time not null);
INSERT INTO almoner_schema_account VALUES(0,'','','2026-11-22T03:55:22.067256Z');
INSERT INTO almoner_schema_account VALUES(1,'account/0001_people.sql','b47db9b041714cafe4a46ef6a85c6b49876cea2e841dd653f51578fb60b3510e','2026-11-22T03:55:22.070445Z');
INSERT INTO almoner_schema_account VALUES(2,'account/0002_members.sql','0ea8c6e97e914978a2921f2fa97d6840217e588f8ed92bcf844d650e7507ec90','2026-11-22T03:55:22.075031Z');
CREATE TABLE account_workspaces (
    id                 integer primary key autoincrement,
    code               text not null,
    name               text not null,
    name_folded        text not null,
    long_name          text not null default '',
    iso3_code          text not null default '',
    business_area_code text not null default '',
    latitude           double precision,
    longitude          double precision,
    initial_zoom       bigint not null default 8,
    local_currency     text not null default '',
    created_at         text_time not null,
    updated_at         text_time not null,
    version            bigint not null default 1,
    constraint account_workspaces_code_key unique (code)
);
INSERT INTO account_workspaces VALUES(1,'KEN','Kenya','kenya','','','2400',0.5,37.899999999999998579,8,'','2026-11-22T03:55:22.140778Z','2026-11-22T03:55:22.140778Z',1);
INSERT INTO account_workspaces VALUES(2,'LBN','Lebanon','lebanon','','','',NULL,NULL,8,'','2026-11-22T03:55:22.140778Z','2026-11-22T03:55:22.140778Z',1);
CREATE TABLE account_roles (
    id         integer primary key autoincrement,
    name       text not null,
    created_at text_time not null,
    updated_at text_time not null,
    version    bigint not null default 1,
    constraint account_roles_name_key unique (name)
);
INSERT INTO account_roles VALUES(1,'UNICEF User','2026-11-22T03:55:22.106334Z','2026-11-22T03:55:22.106334Z',1);
INSERT INTO account_roles VALUES(2,'PME','2026-11-22T03:55:22.106334Z','2026-11-22T03:55:22.106334Z',1);
INSERT INTO account_roles VALUES(3,'Third Party Monitor','2026-11-22T03:55:22.106334Z','2026-11-22T03:55:22.106334Z',1);
INSERT INTO account_roles VALUES(4,'Read Only','2026-11-22T03:55:22.106334Z','2026-11-22T03:55:22.106334Z',1);
INSERT INTO account_roles VALUES(5,'Unrelated','2026-11-22T03:55:22.140778Z','2026-11-22T03:55:22.140778Z',1);
CREATE TABLE account_users (
    id                        integer primary key autoincrement,
    email                     text not null,
    first_name                text not null default '',
    middle_name               text not null default '',
    last_name                 text not null default '',
    name_folded               text not null default '',
    is_active                 int_bool not null default 1,
    is_staff                  int_bool not null default 0,
    is_superuser              int_bool not null default 0,
    job_title                 text not null default '',
    phone_number              text not null default '',
    language                  text not null default 'en',
    receive_tpm_notifications int_bool not null default 0,
    demo_note                 text not null default '',
    password_hash             text not null default '',
    generation                bigint not null default 1,
    last_login_at             text_time,
    current_workspace_id      bigint constraint account_users_workspace_fkey references account_workspaces (id),
    current_organization_id   bigint,
    created_at                text_time not null,
    updated_at                text_time not null,
    version                   bigint not null default 1,
    constraint account_users_email_key unique (email)
);
INSERT INTO account_users VALUES(1,'pme@agency.example','Amina','','Otieno','amina otieno',1,1,0,'','','en',0,'','',1,NULL,1,NULL,'2026-11-22T03:55:22.140778Z','2026-11-22T03:55:22.140778Z',1);
INSERT INTO account_users VALUES(2,'unicef@agency.example','Usha','','Noor','usha noor',1,1,0,'','','en',0,'','',1,NULL,1,NULL,'2026-11-22T03:55:22.140778Z','2026-11-22T03:55:22.140778Z',1);
INSERT INTO account_users VALUES(3,'focal@agency.example','Daniel','','Cheruiyot','daniel cheruiyot',1,1,0,'','','en',0,'','',1,NULL,1,NULL,'2026-11-22T03:55:22.140778Z','2026-11-22T03:55:22.140778Z',1);
INSERT INTO account_users VALUES(4,'planner@agency.example','Paul','','Only','paul only',1,0,0,'','','en',0,'','',1,NULL,1,NULL,'2026-11-22T03:55:22.140778Z','2026-11-22T03:55:22.140778Z',1);
INSERT INTO account_users VALUES(5,'tpm@firm.example','Joseph','','Akinyi','joseph akinyi',1,0,0,'','','en',0,'','',1,NULL,1,2,'2026-11-22T03:55:22.140778Z','2026-11-22T03:55:22.140778Z',1);
INSERT INTO account_users VALUES(6,'tpmfocal@firm.example','Hassan','','Noor','hassan noor',1,0,0,'','','en',0,'','',1,NULL,1,2,'2026-11-22T03:55:22.140778Z','2026-11-22T03:55:22.140778Z',1);
INSERT INTO account_users VALUES(7,'rival@other.example','Rita','','Val','rita val',1,0,0,'','','en',0,'','',1,NULL,1,3,'2026-11-22T03:55:22.140778Z','2026-11-22T03:55:22.140778Z',1);
INSERT INTO account_users VALUES(8,'unrelated@else.example','Una','','Related','una related',1,0,0,'','','en',0,'','',1,NULL,1,NULL,'2026-11-22T03:55:22.140778Z','2026-11-22T03:55:22.140778Z',1);
INSERT INTO account_users VALUES(9,'nogrant@else.example','Nora','','Grant','nora grant',1,0,0,'','','en',0,'','',1,NULL,NULL,NULL,'2026-11-22T03:55:22.140778Z','2026-11-22T03:55:22.140778Z',1);
INSERT INTO account_users VALUES(10,'reader@agency.example','Rea','','Only','rea only',1,0,0,'','','en',0,'','',1,NULL,1,NULL,'2026-11-22T03:55:22.140778Z','2026-11-22T03:55:22.140778Z',1);
INSERT INTO account_users VALUES(11,'lebanon@agency.example','Leila','','Banon','leila banon',1,0,0,'','','en',0,'','',1,NULL,2,NULL,'2026-11-22T03:55:22.140778Z','2026-11-22T03:55:22.140778Z',1);
INSERT INTO account_users VALUES(12,'admin@agency.example','Ada','','Min','ada min',1,0,1,'','','en',0,'','',1,NULL,NULL,NULL,'2026-11-22T03:55:22.140778Z','2026-11-22T03:55:22.140778Z',1);
INSERT INTO account_users VALUES(13,'selected@firm.example','Sela','','Cted','sela cted',1,0,0,'','','en',0,'','',1,NULL,1,2,'2026-11-22T03:55:22.140778Z','2026-11-22T03:55:22.140778Z',1);
INSERT INTO account_users VALUES(14,'granted@firm.example','Gran','','Ted','gran ted',1,0,0,'','','en',0,'','',1,NULL,1,5,'2026-11-22T03:55:22.140778Z','2026-11-22T03:55:22.140778Z',1);
INSERT INTO account_users VALUES(15,'elsewhere@wayo.example','Else','','Where','else where',1,0,0,'','','en',0,'','',1,NULL,NULL,NULL,'2026-11-22T03:55:22.140778Z','2026-11-22T03:55:22.140778Z',1);
INSERT INTO account_users VALUES(16,'consultant@else.example','Cons','','Ultant','cons ultant',1,0,0,'','','en',0,'','',1,NULL,1,5,'2026-11-22T03:55:22.140778Z','2026-11-22T03:55:22.140778Z',1);
INSERT INTO account_users VALUES(17,'root@agency.example','','','','',1,0,1,'','','en',0,'','$argon2id$v=19$m=32768,t=2,p=1$cKyy0MBvBk/ZBlrEZ2Wpog$H6gLYCtIgK0oQkoHIhxLvPfT36bUMkxJEI+imGb6hTk',2,NULL,NULL,NULL,'2026-11-22T03:55:22.252572Z','2026-11-22T03:55:22.252572Z',1);
CREATE TABLE account_grants (
    id              integer primary key autoincrement,
    user_id         bigint not null constraint account_grants_user_fkey references account_users (id),
    workspace_id    bigint not null constraint account_grants_workspace_fkey references account_workspaces (id),
    organization_id bigint not null constraint account_grants_organization_fkey references organisation_organisations (id),
    role_id         bigint not null constraint account_grants_role_fkey references account_roles (id),
    is_active       int_bool not null default 1,
    created_at      text_time not null,
    updated_at      text_time not null,
    version         bigint not null default 1,
    constraint account_grants_key unique (user_id, workspace_id, organization_id, role_id)
);
INSERT INTO account_grants VALUES(1,1,1,1,1,1,'2026-11-22T03:55:22.140778Z','2026-11-22T03:55:22.140778Z',1);
INSERT INTO account_grants VALUES(2,1,1,1,2,1,'2026-11-22T03:55:22.140778Z','2026-11-22T03:55:22.140778Z',1);
INSERT INTO account_grants VALUES(3,1,2,1,1,1,'2026-11-22T03:55:22.140778Z','2026-11-22T03:55:22.140778Z',1);
INSERT INTO account_grants VALUES(4,1,2,1,2,1,'2026-11-22T03:55:22.140778Z','2026-11-22T03:55:22.140778Z',1);
INSERT INTO account_grants VALUES(5,2,1,1,1,1,'2026-11-22T03:55:22.140778Z','2026-11-22T03:55:22.140778Z',1);
INSERT INTO account_grants VALUES(6,3,1,1,1,1,'2026-11-22T03:55:22.140778Z','2026-11-22T03:55:22.140778Z',1);
INSERT INTO account_grants VALUES(7,4,1,1,2,1,'2026-11-22T03:55:22.140778Z','2026-11-22T03:55:22.140778Z',1);
INSERT INTO account_grants VALUES(8,5,1,2,3,1,'2026-11-22T03:55:22.140778Z','2026-11-22T03:55:22.140778Z',1);
INSERT INTO account_grants VALUES(9,6,1,2,3,1,'2026-11-22T03:55:22.140778Z','2026-11-22T03:55:22.140778Z',1);
INSERT INTO account_grants VALUES(10,7,1,3,3,1,'2026-11-22T03:55:22.140778Z','2026-11-22T03:55:22.140778Z',1);
INSERT INTO account_grants VALUES(11,8,1,5,5,1,'2026-11-22T03:55:22.140778Z','2026-11-22T03:55:22.140778Z',1);
INSERT INTO account_grants VALUES(12,10,1,1,1,1,'2026-11-22T03:55:22.140778Z','2026-11-22T03:55:22.140778Z',1);
INSERT INTO account_grants VALUES(13,10,1,1,2,1,'2026-11-22T03:55:22.140778Z','2026-11-22T03:55:22.140778Z',1);
INSERT INTO account_grants VALUES(14,10,1,1,4,1,'2026-11-22T03:55:22.140778Z','2026-11-22T03:55:22.140778Z',1);
INSERT INTO account_grants VALUES(15,11,2,1,1,1,'2026-11-22T03:55:22.140778Z','2026-11-22T03:55:22.140778Z',1);
INSERT INTO account_grants VALUES(16,11,2,1,2,1,'2026-11-22T03:55:22.140778Z','2026-11-22T03:55:22.140778Z',1);
INSERT INTO account_grants VALUES(17,13,1,2,5,1,'2026-11-22T03:55:22.140778Z','2026-11-22T03:55:22.140778Z',1);
INSERT INTO account_grants VALUES(18,14,1,5,5,1,'2026-11-22T03:55:22.140778Z','2026-11-22T03:55:22.140778Z',1);
INSERT INTO account_grants VALUES(19,14,1,2,3,1,'2026-11-22T03:55:22.140778Z','2026-11-22T03:55:22.140778Z',1);
INSERT INTO account_grants VALUES(20,15,2,8,3,1,'2026-11-22T03:55:22.140778Z','2026-11-22T03:55:22.140778Z',1);
INSERT INTO account_grants VALUES(21,16,1,5,3,1,'2026-11-22T03:55:22.140778Z','2026-11-22T03:55:22.140778Z',1);
CREATE TABLE almoner_schema_location (version_id bigint primary key, file text not null, checksum text not null, applied_at text_time not null);
INSERT INTO almoner_schema_location VALUES(0,'','','2026-11-22T03:55:22.076060Z');
INSERT INTO almoner_schema_location VALUES(1,'location/0001_location.sql','7b23179c4fc97f6d8607ebe563f1a8cfd6499d9977c3e9442f25c0d56d312912','2026-11-22T03:55:22.076865Z');
CREATE TABLE location_levels (
    id           integer primary key autoincrement,
    workspace_id bigint not null,
    number       bigint not null,
    name         text not null,
    name_folded  text not null,
    created_at   text_time not null,
    updated_at   text_time not null,
    version      bigint not null default 1,
    constraint location_levels_number_key unique (workspace_id, number),
    constraint location_levels_number_check check (number >= 0)
);
INSERT INTO location_levels VALUES(1,1,0,'Country','country','2026-11-22T03:55:22.140778Z','2026-11-22T03:55:22.140778Z',1);
INSERT INTO location_levels VALUES(2,1,1,'County','county','2026-11-22T03:55:22.140778Z','2026-11-22T03:55:22.140778Z',1);
INSERT INTO location_levels VALUES(3,2,0,'Country','country','2026-11-22T03:55:22.140778Z','2026-11-22T03:55:22.140778Z',1);
CREATE TABLE location_locations (
    id            integer primary key autoincrement,
    workspace_id  bigint not null,
    name          text not null,
    name_folded   text not null,
    p_code        text not null default '',
    p_code_folded text not null default '',
    level_id      bigint,
    parent_id     bigint,
    latitude      double precision,
    longitude     double precision,
    is_active     int_bool not null default 1,
    created_at    text_time not null,
    updated_at    text_time not null,
    version       bigint not null default 1,
    constraint location_locations_level_fkey foreign key (level_id) references location_levels (id),
    constraint location_locations_parent_fkey foreign key (parent_id) references location_locations (id),
    constraint location_locations_point_check check ((latitude is null) = (longitude is null)),
    constraint location_locations_latitude_check check (latitude is null or latitude between -90 and 90),
    constraint location_locations_longitude_check check (longitude is null or longitude between -180 and 180)
);
INSERT INTO location_locations VALUES(1,1,'Kenya','kenya','KE','ke',1,NULL,NULL,NULL,1,'2026-11-22T03:55:22.140778Z','2026-11-22T03:55:22.140778Z',1);
INSERT INTO location_locations VALUES(2,1,'Turkana','turkana','KE-43','ke-43',2,1,NULL,NULL,1,'2026-11-22T03:55:22.140778Z','2026-11-22T03:55:22.140778Z',1);
INSERT INTO location_locations VALUES(3,1,'Old District','old district','KE-99','ke-99',2,1,NULL,NULL,0,'2026-11-22T03:55:22.140778Z','2026-11-22T03:55:22.140778Z',1);
INSERT INTO location_locations VALUES(4,2,'Lebanon','lebanon','LB','lb',3,NULL,NULL,NULL,1,'2026-11-22T03:55:22.140778Z','2026-11-22T03:55:22.140778Z',1);
CREATE TABLE almoner_schema_tpm (version_id bigint primary key, file text not null, checksum text not null, applied_at text_time not null);
INSERT INTO almoner_schema_tpm VALUES(0,'','','2026-11-22T03:55:22.080032Z');
INSERT INTO almoner_schema_tpm VALUES(1,'tpm/0001_visits.sql','22ffceceab6b045b9511aa7e1e80bffc4b559cfc81906a0e15af2ffd3bb4324d','2026-11-22T03:55:22.083370Z');
CREATE TABLE tpm_firms (
    id              integer primary key autoincrement,
    organization_id bigint not null constraint tpm_firms_organization_fkey references organisation_organisations (id),
    street_address  text not null default '',
    city            text not null default '',
    postal_code     text not null default '',
    country         text not null default '',
    email           text not null default '',
    phone_number    text not null default '',
    vision_synced   int_bool not null default 0,
    blocked         int_bool not null default 0,
    hidden          int_bool not null default 0,
    deleted_flag    int_bool not null default 0,
    created_at      text_time not null,
    updated_at      text_time not null,
    version         bigint not null default 1,
    constraint tpm_firms_organization_key unique (organization_id)
);
INSERT INTO tpm_firms VALUES(1,2,'','Nairobi','','','office@savanna.example','+254700000001',0,0,0,0,'2026-11-22T03:55:22.140778Z','2026-11-22T03:55:22.140778Z',1);
INSERT INTO tpm_firms VALUES(2,3,'','','','','','',0,0,0,0,'2026-11-22T03:55:22.140778Z','2026-11-22T03:55:22.140778Z',1);
INSERT INTO tpm_firms VALUES(3,4,'','','','','','',0,1,0,0,'2026-11-22T03:55:22.140778Z','2026-11-22T03:55:22.140778Z',1);
INSERT INTO tpm_firms VALUES(4,8,'','','','','','',0,0,0,0,'2026-11-22T03:55:22.140778Z','2026-11-22T03:55:22.140778Z',1);
INSERT INTO tpm_firms VALUES(5,9,'','','','','','',0,0,0,1,'2026-11-22T03:55:22.140778Z','2026-11-22T03:55:22.140778Z',1);
CREATE TABLE tpm_firm_workspaces (
    firm_id      bigint not null constraint tpm_firm_workspaces_firm_fkey references tpm_firms (id),
    workspace_id bigint not null constraint tpm_firm_workspaces_workspace_fkey references account_workspaces (id),
    constraint tpm_firm_workspaces_key unique (firm_id, workspace_id)
);
INSERT INTO tpm_firm_workspaces VALUES(1,1);
INSERT INTO tpm_firm_workspaces VALUES(2,1);
INSERT INTO tpm_firm_workspaces VALUES(2,2);
INSERT INTO tpm_firm_workspaces VALUES(3,1);
INSERT INTO tpm_firm_workspaces VALUES(4,2);
INSERT INTO tpm_firm_workspaces VALUES(5,1);
CREATE TABLE tpm_visits (
    id                          integer primary key autoincrement,
    workspace_id                bigint not null,
    workspace_code              text not null,
    author_id                   bigint constraint tpm_visits_author_fkey references account_users (id),
    firm_id                     bigint constraint tpm_visits_firm_fkey references tpm_firms (id),
    status                      text not null default 'draft',
    visit_information           text not null default '',
    cancel_comment              text not null default '',
    reject_comment              text not null default '',
    approval_comment            text not null default '',
    created_year                bigint not null,
    date_created                text_date not null,
    date_of_assigned            text_date,
    date_of_cancelled           text_date,
    date_of_tpm_accepted        text_date,
    date_of_tpm_rejected        text_date,
    date_of_tpm_reported        text_date,
    date_of_tpm_report_rejected text_date,
    date_of_unicef_approved     text_date,
    deleted_at                  text_time,
    created_at                  text_time not null,
    updated_at                  text_time not null,
    version                     bigint not null default 1,
    constraint tpm_visits_status_check check (status in ('draft', 'assigned', 'cancelled', 'tpm_accepted', 'tpm_rejected', 'tpm_reported', 'tpm_report_rejected', 'unicef_approved'))
);
INSERT INTO tpm_visits VALUES(1,1,'KEN',1,1,'tpm_accepted','Please measure the flow at every tap.','','','',2026,'2026-10-01','2026-10-02',NULL,'2026-10-03',NULL,NULL,NULL,NULL,NULL,'2026-10-01T07:10:00.000000Z','2026-10-03T06:30:00.000000Z',4);
INSERT INTO tpm_visits VALUES(2,1,'KEN',1,1,'draft','','','','',2026,'2026-10-04',NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,'2026-10-04T07:10:00.000000Z','2026-10-04T07:10:00.000000Z',1);
CREATE TABLE tpm_visits_versions (
    id                          integer primary key autoincrement,
    record_id                   bigint not null,
    version                     bigint not null,
    changed_at                  text_time not null,
    changed_by                  bigint not null,
    lists                       text_json not null,
    workspace_code              text not null,
    author_id                   bigint,
    firm_id                     bigint,
    status                      text not null,
    visit_information           text not null,
    cancel_comment              text not null,
    reject_comment              text not null,
    approval_comment            text not null,
    created_year                bigint not null,
    date_created                text_date not null,
    date_of_assigned            text_date,
    date_of_cancelled           text_date,
    date_of_tpm_accepted        text_date,
    date_of_tpm_rejected        text_date,
    date_of_tpm_reported        text_date,
    date_of_tpm_report_rejected text_date,
    date_of_unicef_approved     text_date,
    constraint tpm_visits_versions_key unique (record_id, version)
);
INSERT INTO tpm_visits_versions VALUES(1,1,1,'2026-10-01T07:10:00.000000Z',1,'{"tpm_partner_focal_points":null}','KEN',1,1,'draft','','','','',2026,'2026-10-01',NULL,NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO tpm_visits_versions VALUES(2,1,2,'2026-10-01T07:40:00.000000Z',1,'{"tpm_partner_focal_points":[6]}','KEN',1,1,'draft','Please measure the flow at every tap.','','','',2026,'2026-10-01',NULL,NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO tpm_visits_versions VALUES(3,1,3,'2026-10-02T06:30:00.000000Z',1,'{"tpm_partner_focal_points":[6]}','KEN',1,1,'assigned','Please measure the flow at every tap.','','','',2026,'2026-10-01','2026-10-02',NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO tpm_visits_versions VALUES(4,1,4,'2026-10-03T06:30:00.000000Z',6,'{"tpm_partner_focal_points":[6]}','KEN',1,1,'tpm_accepted','Please measure the flow at every tap.','','','',2026,'2026-10-01','2026-10-02',NULL,'2026-10-03',NULL,NULL,NULL,NULL);
INSERT INTO tpm_visits_versions VALUES(5,2,1,'2026-10-04T07:10:00.000000Z',1,'{"tpm_partner_focal_points":null}','KEN',1,1,'draft','','','','',2026,'2026-10-04',NULL,NULL,NULL,NULL,NULL,NULL,NULL);
CREATE TABLE tpm_visit_firm_focal_points (
    visit_id bigint not null constraint tpm_visit_firm_focal_points_visit_fkey references tpm_visits (id),
    user_id  bigint not null constraint tpm_visit_firm_focal_points_user_fkey references account_users (id),
    constraint tpm_visit_firm_focal_points_key unique (visit_id, user_id)
);
INSERT INTO tpm_visit_firm_focal_points VALUES(1,6);
CREATE TABLE tpm_report_reject_comments (
    id            integer primary key autoincrement,
    workspace_id  bigint not null,
    visit_id      bigint not null constraint tpm_report_reject_comments_visit_fkey references tpm_visits (id),
    rejected_at   text_time not null,
    reject_reason text not null,
    created_at    text_time not null,
    updated_at    text_time not null,
    version       bigint not null default 1
);
CREATE TABLE tpm_tasks (
    id                     integer primary key autoincrement,
    workspace_id           bigint not null,
    visit_id               bigint not null constraint tpm_tasks_visit_fkey references tpm_visits (id),
    partner_id             bigint constraint tpm_tasks_partner_fkey references organisation_partners (id),
    agreement_id           bigint constraint tpm_tasks_agreement_fkey references organisation_agreements (id),
    output_id              bigint constraint tpm_tasks_output_fkey references organisation_outputs (id),
    section_id             bigint not null constraint tpm_tasks_section_fkey references organisation_sections (id),
    date                   text_date,
    additional_information text not null default '',
    is_pv                  int_bool not null default 0,
    created_at             text_time not null,
    updated_at             text_time not null,
    version                bigint not null default 1
);
INSERT INTO tpm_tasks VALUES(1,1,1,1,1,1,1,'2026-10-20','',0,'2026-10-01T07:40:00.000000Z','2026-10-01T07:40:00.000000Z',1);
CREATE TABLE tpm_tasks_versions (
    id                     integer primary key autoincrement,
    record_id              bigint not null,
    version                bigint not null,
    changed_at             text_time not null,
    changed_by             bigint not null,
    lists                  text_json not null,
    visit_id               bigint not null,
    partner_id             bigint,
    agreement_id           bigint,
    output_id              bigint,
    section_id             bigint not null,
    date                   text_date,
    additional_information text not null,
    is_pv                  int_bool not null,
    constraint tpm_tasks_versions_key unique (record_id, version)
);
INSERT INTO tpm_tasks_versions VALUES(1,1,1,'2026-10-01T07:40:00.000000Z',1,'{"locations":[2],"offices":[2],"unicef_focal_points":[3]}',1,1,1,1,1,'2026-10-20','',0);
CREATE TABLE tpm_task_locations (
    task_id     bigint not null constraint tpm_task_locations_task_fkey references tpm_tasks (id),
    location_id bigint not null constraint tpm_task_locations_location_fkey references location_locations (id),
    constraint tpm_task_locations_key unique (task_id, location_id)
);
INSERT INTO tpm_task_locations VALUES(1,2);
CREATE TABLE tpm_task_focal_points (
    task_id bigint not null constraint tpm_task_focal_points_task_fkey references tpm_tasks (id),
    user_id bigint not null constraint tpm_task_focal_points_user_fkey references account_users (id),
    constraint tpm_task_focal_points_key unique (task_id, user_id)
);
INSERT INTO tpm_task_focal_points VALUES(1,3);
CREATE TABLE tpm_task_offices (
    task_id   bigint not null constraint tpm_task_offices_task_fkey references tpm_tasks (id),
    office_id bigint not null constraint tpm_task_offices_office_fkey references organisation_offices (id),
    constraint tpm_task_offices_key unique (task_id, office_id)
);
INSERT INTO tpm_task_offices VALUES(1,2);
DELETE FROM sqlite_sequence;
INSERT INTO sqlite_sequence VALUES('auth_keys',4);
INSERT INTO sqlite_sequence VALUES('account_roles',9);
INSERT INTO sqlite_sequence VALUES('account_workspaces',2);
INSERT INTO sqlite_sequence VALUES('event_log',83);
INSERT INTO sqlite_sequence VALUES('organisation_organisations',9);
INSERT INTO sqlite_sequence VALUES('tpm_firms',5);
INSERT INTO sqlite_sequence VALUES('organisation_partners',4);
INSERT INTO sqlite_sequence VALUES('organisation_sections',3);
INSERT INTO sqlite_sequence VALUES('organisation_offices',3);
INSERT INTO sqlite_sequence VALUES('organisation_outputs',3);
INSERT INTO sqlite_sequence VALUES('organisation_agreements',1);
INSERT INTO sqlite_sequence VALUES('organisation_agreement_outputs',1);
INSERT INTO sqlite_sequence VALUES('location_levels',3);
INSERT INTO sqlite_sequence VALUES('location_locations',4);
INSERT INTO sqlite_sequence VALUES('account_users',17);
INSERT INTO sqlite_sequence VALUES('account_grants',21);
INSERT INTO sqlite_sequence VALUES('tpm_visits',2);
INSERT INTO sqlite_sequence VALUES('tpm_visits_versions',5);
INSERT INTO sqlite_sequence VALUES('fixture_steps',5);
INSERT INTO sqlite_sequence VALUES('tpm_tasks',1);
INSERT INTO sqlite_sequence VALUES('tpm_tasks_versions',1);
CREATE INDEX event_log_subject_idx on event_log (entity, subject_id, id);
CREATE INDEX event_log_parent_idx on event_log (parent_entity, parent_id, id);
CREATE INDEX event_log_at_idx on event_log (workspace_id, at);
CREATE UNIQUE INDEX auth_keys_current_idx on auth_keys (purpose) where retired_at is null;
CREATE INDEX auth_sessions_user_idx on auth_sessions (user_id);
CREATE INDEX auth_sessions_expires_idx on auth_sessions (expires_at);
CREATE INDEX auth_tokens_user_idx on auth_tokens (user_id);
CREATE INDEX auth_tries_last_idx on auth_tries (last_at);
CREATE UNIQUE INDEX fixture_steps_name_key on fixture_steps (name) where name <> '';
CREATE INDEX organisation_organisations_name_idx on organisation_organisations (name_folded);
CREATE INDEX organisation_organisations_parent_idx on organisation_organisations (parent_id);
CREATE INDEX organisation_partners_organisation_idx on organisation_partners (organisation_id);
CREATE INDEX organisation_agreements_partner_idx on organisation_agreements (partner_id);
CREATE INDEX organisation_agreements_title_idx on organisation_agreements (workspace_id, title_folded);
CREATE INDEX organisation_agreements_number_folded_idx on organisation_agreements (workspace_id, number_folded);
CREATE INDEX organisation_outputs_name_idx on organisation_outputs (workspace_id, name_folded);
CREATE INDEX organisation_outputs_code_idx on organisation_outputs (workspace_id, code);
CREATE INDEX organisation_agreement_outputs_output_idx on organisation_agreement_outputs (output_id);
CREATE INDEX organisation_sections_name_idx on organisation_sections (workspace_id, name_folded);
CREATE INDEX organisation_offices_name_idx on organisation_offices (workspace_id, name_folded);
CREATE INDEX account_users_workspace_idx on account_users (current_workspace_id, first_name);
CREATE INDEX account_grants_place_idx on account_grants (workspace_id, organization_id, role_id);
CREATE VIEW account_members as
select g.user_id as id, g.user_id, g.workspace_id, g.organization_id, r.name as role, g.is_active, g.created_at, g.updated_at, g.version
from account_grants g
join account_roles r on r.id = g.role_id;
CREATE INDEX location_locations_name_idx on location_locations (workspace_id, name_folded);
CREATE UNIQUE INDEX location_locations_p_code_key on location_locations (workspace_id, p_code) where p_code <> '';
CREATE INDEX location_locations_p_code_folded_idx on location_locations (workspace_id, p_code_folded);
CREATE INDEX location_locations_level_idx on location_locations (level_id);
CREATE INDEX location_locations_parent_idx on location_locations (parent_id);
CREATE INDEX location_locations_updated_idx on location_locations (workspace_id, updated_at);
CREATE INDEX tpm_visits_reference_idx on tpm_visits (workspace_id, created_year, id);
CREATE INDEX tpm_visits_status_idx on tpm_visits (workspace_id, status, id);
CREATE INDEX tpm_visits_firm_idx on tpm_visits (firm_id, id);
CREATE INDEX tpm_visit_firm_focal_points_user_idx on tpm_visit_firm_focal_points (user_id, visit_id);
CREATE INDEX tpm_report_reject_comments_visit_idx on tpm_report_reject_comments (visit_id, id);
CREATE INDEX tpm_tasks_visit_idx on tpm_tasks (visit_id, id);
CREATE INDEX tpm_tasks_partner_idx on tpm_tasks (partner_id, visit_id);
CREATE INDEX tpm_tasks_section_idx on tpm_tasks (section_id, visit_id);
CREATE INDEX tpm_tasks_output_idx on tpm_tasks (output_id, visit_id);
CREATE INDEX tpm_tasks_agreement_idx on tpm_tasks (agreement_id, visit_id);
CREATE INDEX tpm_tasks_date_idx on tpm_tasks (workspace_id, date, visit_id);
CREATE INDEX tpm_tasks_versions_visit_idx on tpm_tasks_versions (visit_id, record_id, version);
CREATE INDEX tpm_task_locations_location_idx on tpm_task_locations (location_id, task_id);
CREATE INDEX tpm_task_focal_points_user_idx on tpm_task_focal_points (user_id, task_id);
CREATE INDEX tpm_task_offices_office_idx on tpm_task_offices (office_id, task_id);
