"""What every page needs, whatever its subject: paging, search, tables, export, storage, fields, typed requests."""
