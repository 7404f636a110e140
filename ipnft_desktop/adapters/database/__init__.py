"""The register's database: tables, transactions, migrations. SQLite by default; the URL decides."""
