{#- Every row that names a file, from the data map; while one does, the file stays. -#}
{{ retention.file_references() }}
