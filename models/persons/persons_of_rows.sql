{#- Generated from the data map: the rows that repeat a living person's identifier, and go with that person (S3). -#}
{{ retention.persons_of_rows() }}
