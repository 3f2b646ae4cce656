"""What every page stands on and no subject: paging, search, tables, export, storage, fields, typed requests."""
