-- Of a table that it knows nothing of yet, SQLite takes an index that has the end of the validity in it for the quickest way to every valid insuree, and reads all of them.
drop index insuree_insurees_until_idx;
