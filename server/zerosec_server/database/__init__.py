"""The database: tables, migrations, transactions and repositories. The only room that knows SQL."""
